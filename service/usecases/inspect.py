"""Record an inspection, and tell which regular ones a year asks for."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.domain.inspections import Done, Duty, check, duties
from models.store import inspections
from rules.calendar import work_calendar
from rules.loading import load_rulebook


def record_inspection(session: Session, done: Done, *, note: str | None, now: datetime, entered_by: str) -> str:
    """The id of the new record. Raises InspectionIncomplete."""
    check(done, load_rulebook().inspections)
    inspection_id = str(uuid.uuid4())
    inspections.add(session, inspection_id, done, note=note, now=now, entered_by=entered_by)
    return inspection_id


def inspection_duties(session: Session, year: int, *, today: date) -> tuple[Duty, ...]:
    """The regular inspections of a year, each done, due, unreported or overdue."""
    return duties(year, inspections.of_year(session, year), load_rulebook().inspections, work_calendar(), today)
