"""Record an inspection and its written report, and tell which regular ones a year asks for."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.office import inspections
from models.office.inspection import Done, DueInspection, check, duties
from rules.reasoning.calendar import LOCAL
from rules.reasoning.editions import Books
from service.usecases.adopting.calendar_years import calendar_in_use
from service.usecases.matters.act_on_matter import EntryImpossible


class InspectionUnknown(LookupError):
    """No inspection has this id."""


def record_inspection(
    session: Session, books: Books, done: Done, *, note: str | None, now: datetime, entered_by: str
) -> str:
    """The id of the new record. Raises InspectionIncomplete, EntryImpossible."""
    book = books.usual
    _not_to_come("on", done.on, now)
    check(done, book.inspections, book.office_names)
    inspection_id = str(uuid.uuid4())
    inspections.add(session, inspection_id, done, note=note, now=now, entered_by=entered_by)
    return inspection_id


def report_inspection(session: Session, inspection_id: str, *, to: str, on: date, now: datetime) -> Done:
    """Note to which leader the written report of an inspection went. Raises InspectionUnknown, EntryImpossible."""
    row = inspections.lock(session, inspection_id)
    if row is None:
        raise InspectionUnknown(inspection_id)
    _not_to_come("on", on, now)
    if row.reported_to is not None:
        raise EntryImpossible("to", f"已于 {row.reported_on or row.done_on} 向{row.reported_to}报告，不能更改")
    if on < row.done_on:
        raise EntryImpossible("on", f"报告日期（{on}）不得早于督查日期（{row.done_on}）")
    row.reported_to, row.reported_on = to, on
    session.flush()
    return inspections.done(row)


def inspection_duties(session: Session, books: Books, year: int, *, today: date) -> tuple[DueInspection, ...]:
    """The regular inspections of a year, each done, due, unreported or overdue."""
    return duties(year, inspections.of_year(session, year), books.usual.inspections, calendar_in_use(), today)


def _not_to_come(path: str, day: date, now: datetime) -> None:
    today = now.astimezone(LOCAL).date()
    if day > today:
        raise EntryImpossible(path, f"日期（{day}）不得晚于今天（{today}）")
