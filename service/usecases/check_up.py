"""The check-up of procedure of a case, from its records as they are stored, whether or not they make a case. Source: art-9."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.domain.cases.checkup import Checked, checked
from models.domain.cases.trail import Trail
from models.store import cases
from rules.loading import load_rulebook
from service.usecases.act_on_case import CaseUnknown
from service.usecases.calendar_years import calendar_in_use


@dataclass(frozen=True, slots=True)
class CheckUp:
    """What was found on a day. names: person → name, the id where the records tell none."""

    title: str
    on: date
    names: Mapping[str, str]
    rows: tuple[Checked, ...]


def check_up(session: Session, case_id: str, *, today: date) -> CheckUp:
    """Every duty of procedure of a case, graded on a local day. Raises CaseUnknown."""
    row = cases.find(session, case_id)
    if row is None:
        raise CaseUnknown(case_id)
    records, book = cases.torn_records(session, case_id), load_rulebook()
    names = {person: str(said.get("name") or person) for person, said in Trail(records, book).persons.items()}
    return CheckUp(row.title, today, names, checked(records, today, book, calendar_in_use()))
