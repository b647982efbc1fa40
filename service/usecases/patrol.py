"""The daily round: what is due soon, what is overdue, what nobody has answered. It suggests; people act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models.store import matters
from service.usecases.act_on_matter import shown_number, transitions
from service.usecases.inspect import inspection_duties

YELLOW, RED = 7, 3
"""Days before the due date from which a matter is shown as due soon; a working reminder, not a period of the regulation."""
_BATCH = 500
_RUNNING = ("assigned", "returned")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something for somebody to look at. unit: None for the Office itself."""

    kind: str
    unit: str | None
    matter_id: str | None
    number: str | None
    title: str
    due_on: date | None
    days: int | None


def patrol(session: Session, *, today: date, unit: str | None = None) -> Iterator[Finding]:
    """One pass over the running matters, in batches, then the Office's own inspections; the same day gives the same list."""
    soon = today + timedelta(days=YELLOW)
    after = 0
    while rows := matters.running(session, _RUNNING, until=soon, unit=unit, after=after, limit=_BATCH):
        for row in rows:
            yield from _of_matter(session, row, today)
        after = rows[-1].position
        session.expunge_all()
    if unit is None:
        yield from _inspections(session, today)


def _of_matter(session: Session, row: matters.MatterRow, today: date) -> Iterator[Finding]:
    days = (row.due_on - today).days if row.due_on else None
    if days is not None and days < 0:
        yield _finding("overdue", row, days)
    elif days is not None:
        yield _finding("due_red" if days <= RED else "due_yellow", row, days)
    matter = matters.load(session, row.id, transitions())
    if matter.pending_extension is not None:
        yield _finding("extension_unanswered", row, days)
    urged = [record for record in matter.records if record.action == "urge"]
    signed = [record for record in matter.records if record.action == "record_urging"]
    if len(signed) < len(urged):
        yield _finding("receipt_missing", row, days)


def _finding(kind: str, row: matters.MatterRow, days: int | None) -> Finding:
    return Finding(kind, row.lead_unit, row.id, shown_number(row), row.title, row.due_on, days)


def _inspections(session: Session, today: date) -> Iterator[Finding]:
    for duty in inspection_duties(session, today.year, today=today):
        if duty.state in ("overdue", "unreported") or (duty.state == "due" and duty.first <= today):
            days = (duty.due_on - today).days if duty.due_on else None
            yield Finding(f"inspection_{duty.state}", None, None, None, duty.label, duty.due_on or duty.last, days)
