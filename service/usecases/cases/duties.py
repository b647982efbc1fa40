"""What the decisions of all cases leave to be done, as it stands today: for a case, and for the daily round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy.orm import Session

from models.case import cases
from models.case import sight as case_sight
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


def open_duties(
    session: Session, books: Books, sight: Sight | None = None, *, today: date, at_once: int
) -> Iterator[tuple[cases.CaseRow, CaseDuty | Damaged]]:
    """What is open or overdue in the decided cases, one pass in batches over those of which there is something to say; a case whose
    records make none is told as such. sight: only cases that are seen so; at_once: how many cases are loaded together."""
    after, book = 0, book_in_use(session, books)
    while rows := case_sight.waiting(session, sight, today, after=after, limit=at_once):
        for row, case in stored_cases(session, books, rows):
            if isinstance(case, Damaged):
                yield row, case
                continue
            for person in case.persons:
                yield from (
                    (row, duty) for duty in _of(case, person, today, book).duties if duty.state in ("open", "overdue")
                )
        if len(rows) < at_once:
            return
        after = rows[-1].position
        session.expunge_all()


def _of(case: Case, person: str, today: date, book: Rulebook) -> PersonDuties:
    calendar = calendar_in_use()
    late = tuple(filed.appeal.on for filed in filed_appeals(case, person, book, calendar) if filed.late)
    return PersonDuties(person, duties_of(case, person, today, book, calendar), late)
