"""The documents of a case, made from its records: one by its name, or how it stands with all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from models.case.act import PersonUnknown
from models.case.case import Case
from models.matter.matter import matter_fold
from models.receipts import case_receipts
from models.receipts.case_receipts import Numbered
from models.records.record import Record, told
from models.schemas.errors import CaseFileError
from rules.book.contract.case_effects import Evaluated as Evaluation
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson, read
from rules.reasoning.editions import Books
from service.documents.case.papers import KINDS, OfRecords, PaperStanding, standing, standings
from service.documents.parts.paper import Paper
from service.documents.writing.dossier import Concerned, Dossier, PersonEvaluation, ReadReceipt
from service.usecases.adopting.calendar_years import calendar_in_use
from service.usecases.cases.act_on_case import CaseOutcome, question_of, read_case
from service.usecases.cases.check_up import stored_records
from service.usecases.matters.act_on_matter import MatterOutcome, read_matters
from service.usecases.people.entered_by import records_as_told
from service.usecases.people.principals import Principal
from service.usecases.recommending.evaluate_matter import evaluated_on
from service.usecases.recommending.kept_books import made_by


class NoSuchPaper(LookupError):
    """No document of a case has this name."""


def case_paper(session: Session, books: Books, case_id: str, name: str, person: str | None, *, today: date) -> Paper:
    """A document as it stands, a draft with its mark. person: the id within the case, None for a document of the whole case.

    today: the local day of a document of the records, which is made also where they make no case.
    Raises CaseUnknown, NoSuchPaper, act.PersonUnknown, PersonToName, PaperNotYet.
    """
    kind = KINDS.get(name)
    if isinstance(kind, OfRecords) and person is None:
        return kind.drawn(stored_records(session, books, case_id, today=today))
    found = dossier(session, books, case_id)
    if kind is None:
        raise NoSuchPaper(name)
    if person is not None and person not in found.case.persons:
        raise PersonUnknown(person)
    return standing(found, kind, person).paper()


def own_paper(session: Session, books: Books, principal: Principal, case_id: str, name: str, person: str) -> Paper:
    """A document about somebody as they are told of it themselves: by whom its acts were entered, by role.

    Raises as ``case_paper``.
    """
    found = dossier(session, books, case_id)
    told = partial(records_as_told, session, principal, (case_id,))
    matters = tuple(replace(one, matter=replace(one.matter, records=told(one.matter.records))) for one in found.matters)
    found = replace(found, case=replace(found.case, records=told(found.case.records)), matters=matters)
    return standing(found, KINDS[name], person).paper()


def papers_of(session: Session, books: Books, case_id: str) -> list[PaperStanding]:
    """How it stands with every document of a case. Raises CaseUnknown."""
    return list(standings(dossier(session, books, case_id)))


def dossier(session: Session, books: Books, case_id: str) -> Dossier:
    """The case with its matters and every stored evaluation. Raises CaseUnknown."""
    found = read_case(session, books, case_id)
    return dossier_of(session, books, found, read_matters(session, books, found.case.matters))


def dossier_of(session: Session, books: Books, found: CaseOutcome, outcomes: Sequence[MatterOutcome]) -> Dossier:
    """The same of a case that was read, with its matters as they stand."""
    case = found.case
    matters = tuple(Concerned(one.id, one.number, one.matter) for one in outcomes)
    read_by_number = tuple(
        _receipt(session, books, row, found.book) for row in case_receipts.of_case(session, found.id)
    )
    by_id = {one.receipt_id: one for one in read_by_number}
    evaluations = {person: tuple(_evaluations(case, person, by_id)) for person in case.persons}
    by_ledger = partial(_by_ledger, outcomes, books)
    return Dossier(found.id, case, matters, evaluations, found.book, calendar_in_use(), read_by_number, by_ledger)


def _by_ledger(
    found: Sequence[MatterOutcome], books: Books, case: Case, person: str, at: Record | None
) -> AnsweredPerson | None:
    """What a recommendation on the case's first matter would say, by what the ledger held when ``at`` was written; kept nowhere."""
    if not found:
        return None
    records = [one for one in found[0].matter.records if at is None or one.recorded_at <= at.recorded_at]
    then = replace(found[0], matter=matter_fold.again(records, books.usual.ledger.actions))
    try:
        return evaluated_on(then, question_of(case, case.persons[person]), books)[1].persons[person]
    except CaseFileError:  # the matter is not far enough for one
        return None


def _receipt(session: Session, books: Books, row: Numbered, usual: Rulebook) -> ReadReceipt:
    """usual: in whose words it is told where the rulebook that made it is kept nowhere."""
    answer = read(row.raw)
    made = made_by(session, books, answer.rulebook.sha256)
    book = made.book if made else usual
    return ReadReceipt(row.number, row.receipt_id, row.at, row.by, row.matter_id, row.facts, row.raw, answer, book)


def _evaluations(case: Case, person: str, by_id: Mapping[str, ReadReceipt]) -> Iterator[PersonEvaluation]:
    made = (row for row in told(case.records, Evaluation) if row[1].person == person and row[1].receipt_id in by_id)
    for at, (record, said) in enumerate(made, 1):
        yield PersonEvaluation.of_step(by_id[said.receipt_id], at, record)
