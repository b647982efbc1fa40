"""What the ledger says for the person, and what it says against: searches over a matter's records. They find; people judge."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from itertools import pairwise

from models.matter.matter import Matter
from models.records.record import Record, told
from rules.book.contract.matter_effects import Arranged, MatterEffect, Planned, Returned

Numbers = tuple[int, ...]
"""The numbers of the records found; empty where there is nothing."""


def _of(matter: Matter, *actions: str) -> list[Record]:
    return [record for record in matter.records if record.action in actions]


def _assigned_at(matter: Matter) -> int | None:
    return next((record.number for record in matter.records if record.action in ("assign", "carry_over")), None)


def _no_due_date(matter: Matter) -> Numbers:
    at = _assigned_at(matter)
    if at is None:
        return ()
    return () if _dues(matter, at) else (at,)


def _no_lead_unit(matter: Matter) -> Numbers:
    at = _assigned_at(matter)
    if at is None:
        return ()
    named = any(planned.lead_unit for _, planned in told(matter.records[:at], Planned))
    return () if named else (at,)


def _task_changed(matter: Matter) -> Numbers:
    at = _assigned_at(matter)
    return tuple(
        record.number
        for record, made in told(matter.records, Arranged)
        if at is not None
        and record.number > at
        and (made.due_on or made.lead_unit or made.co_units is not None or made.division or made.plan)
    )


def _extension_unanswered(matter: Matter) -> Numbers:
    asked, decided = _of(matter, "request_extension"), _of(matter, "decide_extension")
    return tuple(record.number for record in asked[len(decided) :])


def _not_acknowledged(matter: Matter) -> Numbers:
    at = _assigned_at(matter)
    return (at,) if at is not None and matter.unacknowledged else ()


def _assigned_after_due(matter: Matter) -> Numbers:
    """Assigned when the due date that was then known had passed already."""
    at = _assigned_at(matter)
    if at is None or matter.assigned_on is None:
        return ()
    dues = _dues(matter, at)
    return (at,) if dues and dues[-1] < matter.assigned_on else ()


def _dues(matter: Matter, until: int) -> list[date]:
    """The due dates that the first records set."""
    return [planned.due_on for _, planned in told(matter.records[:until], Planned) if planned.due_on is not None]


def _co_unit_silent(matter: Matter) -> Numbers:
    """Beside a lead unit, a co-unit of which there is no progress report: the assignment that asked for it."""
    at = _assigned_at(matter)
    if at is None or matter.lead_unit is None:
        return ()
    heard = {record.actor.unit for record in _of(matter, "progress", "special_report", "report")}
    return (at,) if set(matter.co_units) - heard else ()


def _with_due(matter: Matter, action: str) -> Iterator[tuple[Record, date]]:
    """Each record of this action with the due date that was in force when it was made, those without one left out."""
    due: date | None = None
    for record in matter.records:
        if record.action == action and due is not None:
            yield record, due
        due = record.effect.sets_due_on or due if isinstance(record.effect, MatterEffect) else due


def _extension_answered_late(matter: Matter) -> Numbers:
    """Decisions that came when the due date which they were about had passed."""
    return tuple(record.number for record, due in _with_due(matter, "decide_extension") if record.on > due)


def _urging_unconfirmed(matter: Matter) -> Numbers:
    urged = _of(matter, "urge", "record_urging")
    confirmed = {before.number for before, after in pairwise(urged) if after.action == "record_urging"}
    return tuple(record.number for record in urged if record.action == "urge" and record.number not in confirmed)


def _reported_in_time(matter: Matter) -> Numbers:
    return tuple(record.number for record, due in _with_due(matter, "report") if record.on <= due)


def _resubmitted(matter: Matter) -> Numbers:
    returned = [record.number for record in _of(matter, "return")]
    return tuple(record.number for record in _of(matter, "report") if returned and record.number > returned[0])


SEARCHES: Mapping[str, Callable[[Matter], Numbers]] = {
    "no_due_date": _no_due_date,
    "no_lead_unit": _no_lead_unit,
    "carried_over": lambda matter: tuple(record.number for record in _of(matter, "carry_over")),
    "task_changed": _task_changed,
    "assigned_after_due": _assigned_after_due,
    "co_unit_silent": _co_unit_silent,
    "extension_answered_late": _extension_answered_late,
    "extension_unanswered": _extension_unanswered,
    "returned_without_date": lambda matter: tuple(
        record.number for record, returned in told(matter.records, Returned) if returned.new_due_on is None
    ),
    "not_acknowledged": _not_acknowledged,
    "urging_unconfirmed": _urging_unconfirmed,
    "progress_reported": lambda matter: tuple(record.number for record in _of(matter, "progress", "special_report")),
    "reported_in_time": _reported_in_time,
    "resubmitted": _resubmitted,
}
"""Search id → the records that it finds."""


ENTERED_LATE = "entered_late"
"""The search for acts that count and were entered later than their day: which acts count, is told by the book."""


def found_for(matter: Matter, counted: Collection[str]) -> dict[str, Numbers]:
    """What every search finds, those that find nothing left out. counted: the actions that count as supervision."""
    late = tuple(record.number for record in _of(matter, *counted) if record.late)
    results = {name: search(matter) for name, search in SEARCHES.items()} | {ENTERED_LATE: late}
    return {name: numbers for name, numbers in results.items() if numbers}


def found_against(matter: Matter, adverse: Mapping[str, tuple[str, ...]]) -> dict[str, Numbers]:
    """Element → the records that speak to it, those without any left out."""
    results = {
        element: tuple(record.number for record in _of(matter, *actions)) for element, actions in adverse.items()
    }
    return {element: numbers for element, numbers in results.items() if numbers}
