"""The daily round: what is due soon, what is overdue, what nobody has answered. It suggests; people act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models.case.sight import Sight
from models.matter import matters
from models.matter.waiting import Thresholds, Waiting, waiting
from models.office import outbox
from models.records.damage import ROW, Damaged, MatterDamaged
from rules.book.rulebook import Rulebook
from rules.reasoning.editions import Books
from service.usecases.cases.duties import open_duties
from service.usecases.matters.act_on_matter import shown_number, stored_matters
from service.usecases.matters.inspect import inspection_duties
from service.usecases.refusals import explained

_BATCH, _CASES = 500, 200
DAMAGED = "matter_damaged"
"""What no rulebook knows: the records of a matter make none."""
_LOOKED_AT = ("proposed", "registered", "assigned", "reported", "returned", "completed", "closed")


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """Something for somebody to look at. kind: a reminder of the ledger; unit: who acts, None for the Office itself.

    days: until the due date, negative once it has passed; what: the step of the plan that it is about.
    case_id: the case that it is about, for those who may read that.
    """

    kind: str
    unit: str | None
    matter_id: str | None
    number: str | None
    title: str
    due_on: date | None
    days: int | None
    lead_unit: str | None = None
    what: str = ""
    case_id: str | None = None

    def label(self, book: Rulebook) -> str:
        """What it is, in Chinese."""
        return "事项的记录损坏，须核对" if self.kind == DAMAGED else book.ledger.reminders[self.kind].label


def patrol(
    session: Session,
    books: Books,
    *,
    today: date,
    unit: str | None = None,
    thresholds: Thresholds | None = None,
    sight: Sight | None = None,
    most: int | None = None,
) -> Iterator[ToLookAt]:
    """One pass over the running matters, in batches, then the Office's own duties; the same day gives the same list.

    unit: only what that unit has to do, as lead unit or co-unit; else everything. sight: of cases, only those that are seen so. most: how
    many findings are looked at, if the caller knows.
    """
    limits = thresholds or Thresholds()
    soon = today + timedelta(days=limits.yellow)
    after = 0
    while rows := matters.to_look_at(session, _LOOKED_AT, until=soon, unit=unit, after=after, limit=_BATCH):
        for row, matter in stored_matters(session, books, rows):
            if isinstance(matter, Damaged):
                if unit is None:
                    yield _damaged(row, matter, books)
                continue
            for found in waiting(matter, today, limits):
                if unit is None or found.unit == unit:
                    yield _finding(found, row, today)
        if len(rows) < _BATCH:
            break
        after = rows[-1].position
        session.expunge_all()
    if unit is None:
        yield from (
            _damaged(row, MatterDamaged(ROW), books) for row in matters.unsearchable(session, books.usual.ledger.states)
        )
        yield from _undelivered(session, today)
        yield from _of_cases(
            session, books, sight, today, at_once=_CASES if most is None else min(_CASES, most // 2 + 1)
        )
        yield from _inspections(session, books, today)


def _damaged(row: matters.MatterRow, error: Damaged, books: Books) -> ToLookAt:
    return ToLookAt(
        DAMAGED, None, row.id, shown_number(row), row.title, None, None, row.lead_unit, explained(error, books)
    )


def _finding(found: Waiting, row: matters.MatterRow, today: date) -> ToLookAt:
    days = (found.due_on - today).days if found.due_on else None
    number, lead = shown_number(row), row.lead_unit
    return ToLookAt(found.kind, found.unit, row.id, number, row.title, found.due_on, days, lead, found.what)


def _undelivered(session: Session, today: date) -> Iterator[ToLookAt]:
    lost = outbox.given_up(session)
    rows = {row.id: row for row in matters.find_many(session, [parcel.matter_id for parcel in lost])} if lost else {}
    for parcel in lost:
        if (row := rows.get(parcel.matter_id)) is not None:
            yield _finding(Waiting("oa_undelivered", None, None, parcel.error or ""), row, today)


def _of_cases(session: Session, books: Books, sight: Sight | None, today: date, *, at_once: int) -> Iterator[ToLookAt]:
    """What decisions leave to be done: without names, for the list goes by mail."""
    for row, duty in open_duties(session, books, sight, today=today, at_once=at_once):
        title = f"问责案件 {row.id[:8]}"
        if isinstance(duty, Damaged):
            yield ToLookAt(
                "case_damaged", None, None, None, title, None, None, what=explained(duty, books), case_id=row.id
            )
            continue
        ends = duty.actual or duty.nominal
        days = (ends - today).days if ends else None
        what = f"{duty.who}：{duty.what}"
        yield ToLookAt(f"case_duty_{duty.state}", None, None, None, title, ends, days, what=what, case_id=row.id)


def _inspections(session: Session, books: Books, today: date) -> Iterator[ToLookAt]:
    for duty in inspection_duties(session, books, today.year, today=today):
        if duty.state in ("overdue", "unreported") or (duty.state == "due" and duty.first <= today):
            days = (duty.due_on - today).days if duty.due_on else None
            yield ToLookAt(f"inspection_{duty.state}", None, None, None, duty.label, duty.due_on or duty.last, days)
