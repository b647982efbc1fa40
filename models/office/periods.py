"""What operators confirmed of the influence-period table, and withdrew; nobody can change an act. Source: art-8.4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from msgspec import convert
from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, synonym

from models.office.period import PeriodAct
from models.store.audit_notes import note
from models.store.database import Base, Moment, added


class PeriodActRow(Base):
    __tablename__ = "period_acts"

    row: Mapped[str] = mapped_column(String(50), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    done_on: Mapped[date]
    on = synonym("done_on")
    by: Mapped[str | None] = mapped_column(String(200))
    document: Mapped[str | None] = mapped_column(String(500))
    months: Mapped[int | None]
    start: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    entered_by: Mapped[str] = mapped_column(String(200))


def every(session: Session) -> Sequence[PeriodAct]:
    """Every act, row by row, in the order of their numbers."""
    wanted = select(PeriodActRow).order_by(PeriodActRow.row, PeriodActRow.number)
    return [convert(found, PeriodAct, from_attributes=True) for found in session.scalars(wanted)]


def add(session: Session, made: PeriodAct) -> bool:
    """Write an act down; False where another one took its number a moment earlier."""
    if not added(session, PeriodActRow(**asdict(made))):
        return False
    note(session, "period", made.row, made.number)
    return True
