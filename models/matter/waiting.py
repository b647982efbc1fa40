"""What waits on a matter, and for whom: the reminders of the daily round. They suggest; people act.

Source: art-3.2.c, art-6.1 – art-6.7; the days before the due date are working reminders, not periods of the regulation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.matter.matter import Matter
from rules.book.contract.matter_effects import ClosingOpinion
from rules.book.rulebook import Ledger

IN_HAND = ("assigned", "reported", "returned")
"""States in which a matter lies with its handling units."""
WORKED_ON = ("assigned", "returned")
_NEXT = {"registered": "assign_due", "reported": "review_due"}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Days before the due date from which a matter is shown yellow and red, and after which urging is suggested again."""

    yellow: int = 7
    red: int = 3
    urge_again: int = 7


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits. kind: a reminder of the ledger; unit: who has to act, None for whom the reminder is for."""

    kind: str
    unit: str | None
    due_on: date | None
    what: str = ""


AWAITING_OPINION = ("proposed", "completed")
"""The states in which the opinion of a leader may be waited for."""


def waiting(matter: Matter, today: date, thresholds: Thresholds, ledger: Ledger) -> Iterator[Waiting]:
    """Everything that waits on a matter on a day."""
    if matter.state == "proposed":
        yield Waiting(_to_register(matter, ledger.leader_route_units), None, matter.due_on)
    if matter.state == "completed":
        signed = matter.opinion(ClosingOpinion) is not None
        yield Waiting("close_due" if signed else "closing_opinion_due", None, matter.due_on)
    if matter.state in _NEXT:
        yield Waiting(_NEXT[matter.state], None, matter.due_on)
    if matter.state in ("completed", "closed") and matter.fed_back_on is None:
        yield Waiting("feed_back_due", None, None)
    if matter.state == "closed" and matter.fed_back_on is not None:
        yield Waiting("archive_due", None, None)
    if matter.state in WORKED_ON:
        yield from _of_units(matter, today, thresholds)
    if matter.state in IN_HAND and matter.pending_extension is not None:
        yield Waiting("extension_unanswered", None, matter.due_on)
    if matter.state in IN_HAND and _unconfirmed(matter):
        yield Waiting("receipt_missing", None, matter.due_on)


def _to_register(matter: Matter, many: int) -> str:
    """Who comes next: whoever has to agree, or the Office, also where a leader does not."""
    if matter.refused or matter.wanted(by_leader=True):
        return "register_due"
    if matter.needs_leader(many) or matter.unclear:
        return "approval_due"
    return "register_due" if matter.wanted(by_leader=False) else "endorsement_due"


def look_on(matter: Matter) -> date | None:
    """The day from which ``waiting`` has something to say, if no record is added; None: on any day."""
    if matter.state not in WORKED_ON:
        return matter.records[-1].on if matter.records else None
    if matter.pending_extension is not None or _unconfirmed(matter) or matter.unacknowledged:
        return matter.assigned_on
    days = [stone.due_on for stone in matter.open_milestones]
    if matter.due_on is None:
        return None
    return min([matter.due_on, *days])


def _of_units(matter: Matter, today: date, thresholds: Thresholds) -> Iterator[Waiting]:
    for unit in matter.unacknowledged:
        if matter.assigned_on is not None and today > matter.assigned_on:
            yield Waiting("acknowledgement_missing", unit, matter.due_on)
    due, lead = matter.due_on, matter.units[0] if matter.units else None
    if due is None:
        yield Waiting("no_due_date", None, None)
    elif due < today:
        yield from (Waiting("overdue", unit, due) for unit in matter.units or (None,))
        if _urge_now(matter, due, today, thresholds):
            yield Waiting("urging_suggested", None, due)
    elif (due - today).days <= thresholds.yellow:
        kind = "due_red" if (due - today).days <= thresholds.red else "due_yellow"
        yield from (Waiting(kind, unit, due) for unit in matter.units or (None,))
    for stone in matter.open_milestones:
        if (stone.due_on - today).days <= thresholds.yellow:
            yield Waiting("milestone_due", stone.unit or lead, stone.due_on, stone.title)


def _urge_now(matter: Matter, due: date, today: date, thresholds: Thresholds) -> bool:
    urged = [record.on for record in matter.records if record.action == "urge" and record.on > due]
    return not urged or (today - urged[-1]).days >= thresholds.urge_again


def _unconfirmed(matter: Matter) -> bool:
    """Whether an urging is still without receipt or contact record: each record of one confirms the one before it."""
    last = next((record for record in reversed(matter.records) if record.action in ("urge", "record_urging")), None)
    return last is not None and last.action == "urge"
