"""Gather what a month's written report to the leaders tells: the resolutions in hand, and the inspections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from models.matter import matters
from models.matter.matter import Matter, as_of
from models.office import inspections
from models.office.figures import completed_on, is_overdue
from models.records.record import feedback
from rules.reasoning.calendar import add_months
from rules.reasoning.editions import Books
from service.documents.ledger.written_report import Inspected, Resolution, WrittenReport
from service.usecases.matters.act_on_matter import shown_number, sound_by_batches

_CATEGORY, _INSPECTION = "meeting", "meeting_resolutions"


class MonthToCome(ValueError):
    """The month has not begun."""


def written_report(session: Session, books: Books, *, month: date, today: date) -> WrittenReport:
    """The month's report, until today where it still runs. month: any of its days. Raises MonthToCome."""
    first = month.replace(day=1)
    if first > today:
        raise MonthToCome(first)
    last = min(add_months(first, 1) - timedelta(days=1), today)
    rows = inspections.rows_of_year(session, first.year)
    inspected = tuple(
        Inspected(row.done_on, row.note, row.reported_to, row.reported_on)
        for row in rows
        if row.kind == _INSPECTION and first <= row.done_on <= last
    )
    left_out: list[str] = []
    resolutions = tuple(_resolutions(session, books, first, last, left_out))
    return WrittenReport(first, last, resolutions, inspected, tuple(left_out))


def _resolutions(session: Session, books: Books, first: date, last: date, left_out: list[str]) -> Iterator[Resolution]:
    for row, whole in sound_by_batches(session, books, partial(matters.of_category, session, _CATEGORY), left_out):
        matter = as_of(whole, last, books.usual.ledger.actions)
        done = completed_on(matter)
        if matter.registered_on is not None and matter.registered_on <= last and (done is None or done >= first):
            yield _resolution(matter, shown_number(row), last, books)


def _resolution(matter: Matter, number: str | None, last: date, books: Books) -> Resolution:
    return Resolution(
        number,
        matter.basis,
        matter.title,
        matter.units,
        matter.due_on,
        state=books.usual.ledger.states[matter.state],
        done=completed_on(matter) is not None,
        overdue=is_overdue(matter, last),
        progress=_progress(matter),
    )


def _progress(matter: Matter) -> str:
    """What the units said last, and when."""
    for record, said in reversed(list(feedback(matter.records))):
        return f"{said}（{record.on.month}月{record.on.day}日反馈）"
    return ""
