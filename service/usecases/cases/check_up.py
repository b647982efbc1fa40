"""The check-up of procedure of a case, from its records as they are stored, whether or not they make a case. Source: art-9."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from models.case import cases
from models.case.checkup import CheckUp
from rules.reasoning.editions import Books
from service.documents.writing.dossier import StoredCase
from service.usecases.adopting.calendar_years import calendar_in_use
from service.usecases.cases.act_on_case import CaseUnknown


def stored_records(session: Session, books: Books, case_id: str, *, today: date) -> StoredCase:
    """What a case is checked up by. Raises CaseUnknown."""
    row = cases.find(session, case_id)
    if row is None:
        raise CaseUnknown(case_id)
    return StoredCase(row.title, cases.dated_records(session, case_id), today, books.usual, calendar_in_use())


def check_up(session: Session, books: Books, case_id: str, *, today: date) -> CheckUp:
    """Every duty of procedure of a case, graded on a local day. Raises CaseUnknown."""
    return stored_records(session, books, case_id, today=today).check_up()
