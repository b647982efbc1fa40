"""What cases wait for, and what their decisions leave to be done, as it stands today: for a case, and for the daily round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy.orm import Session

from models.case import cases
from models.case import sight as case_sight
from models.case.awaited import Awaited, awaited, lookout
from models.case.case import Case
from models.case.duties import CaseDuty, duties_of, filed_appeals
from models.case.sight import Sight
from models.records.damage import Damaged
from rules.answering import about
from rules.book.rulebook import Rulebook
from rules.reasoning.editions import Books
from service.usecases.adopting.calendar_years import calendar_in_use
from service.usecases.adopting.influence_periods import book_in_use
from service.usecases.cases.act_on_case import CaseOutcome, stored_cases


@dataclass(frozen=True, slots=True)
class PersonDuties:
    """late_appeals: the days of appeals that were filed after their window; they are told to people, never refused."""

    person: Annotated[str, about("调查对象")]
    duties: Annotated[tuple[CaseDuty, ...], about("决定之后的职责")]
    late_appeals: Annotated[tuple[date, ...], about("逾期提出的申诉，由人处理")]


def case_duties(found: CaseOutcome, *, today: date) -> list[PersonDuties]:
    """Every person's duties."""
    return [_of(found.case, person, today, found.book) for person in found.case.persons]


def awaited_in(
    session: Session, books: Books, rows: Sequence[cases.CaseRow], *, today: date
) -> Iterator[tuple[cases.CaseRow, Case | Damaged, tuple[Awaited, ...]]]:
    """What each of these cases waits for, by one question; a case whose records make none is told as such."""
    book = book_in_use(session, books)
    for row, case in stored_cases(session, books, rows):
        waits = () if isinstance(case, Damaged) else awaited(case, today, book, calendar_in_use())
        yield row, case, waits


def every_awaited(
    session: Session, books: Books, sight: Sight | None = None, *, today: date, at_once: int
) -> Iterator[tuple[cases.CaseRow, Case | Damaged, tuple[Awaited, ...]]]:
    """The same of every case in which something waits for anybody, in batches. sight: only cases that are seen so; at_once: how many
    cases are loaded together."""
    after, there = 0, lookout(books.usual, books.usual.proceedings.actors)
    while rows := case_sight.waiting(session, sight, there, today, after=after, limit=at_once):
        yield from awaited_in(session, books, rows, today=today)
        if len(rows) < at_once:
            return
        after = rows[-1].position
        session.expunge_all()


def _of(case: Case, person: str, today: date, book: Rulebook) -> PersonDuties:
    calendar = calendar_in_use()
    late = tuple(filed.appeal.on for filed in filed_appeals(case, person, book, calendar) if filed.late)
    return PersonDuties(person, duties_of(case, person, today, book, calendar), late)
