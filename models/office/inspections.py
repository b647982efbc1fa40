"""Inspections that took place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

import orjson
from sqlalchemy import Index, LargeBinary, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, synonym

from models.office.inspection import Done
from models.store.audit_notes import tell
from models.store.database import Base, Moment


class InspectionRow(Base):
    __tablename__ = "inspections"
    __table_args__ = (Index("ix_inspections_done_on", "done_on"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    form: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str | None] = mapped_column(String(50))
    done_on: Mapped[date]
    on = synonym("done_on")
    reported_to: Mapped[str | None] = mapped_column(String(200))
    reported_on: Mapped[date | None]
    task: Mapped[str | None] = mapped_column(String(500))
    members: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    entered_by: Mapped[str] = mapped_column(String(200))


def add(session: Session, inspection_id: str, done: Done, *, note: str | None, now: datetime, entered_by: str) -> None:
    values = asdict(done) | {"members": orjson.dumps(done.members), "note": note}
    session.add(InspectionRow(id=inspection_id, **values, recorded_at=now, entered_by=entered_by))
    session.flush()
    tell(session, subject=("inspection", inspection_id))


def lock(session: Session, inspection_id: str) -> InspectionRow | None:
    """The row of an inspection, kept from every other writer until the transaction ends."""
    wanted = select(InspectionRow).where(InspectionRow.id == inspection_id)
    return session.scalar(wanted.with_for_update())


def rows_of_year(session: Session, year: int) -> Sequence[InspectionRow]:
    """Every inspection of a calendar year, in order."""
    wanted = select(InspectionRow).where(InspectionRow.done_on.between(date(year, 1, 1), date(year, 12, 31)))
    return session.scalars(wanted.order_by(InspectionRow.done_on, InspectionRow.id)).all()


def of_year(session: Session, year: int) -> list[Done]:
    """The inspections of a calendar year as the domain knows them."""
    return [done(row) for row in rows_of_year(session, year)]


def done(row: InspectionRow) -> Done:
    """What a row tells."""
    members = tuple(orjson.loads(row.members))
    return Done(row.form, row.kind, row.done_on, row.reported_to, row.task, members, row.reported_on)
