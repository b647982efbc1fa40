"""What operators confirmed of the influence-period table, and withdrew; nobody can change an act. Source: art-8.4."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import String, Text, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.domain.periods import PeriodAct
from models.store.audit_notes import note
from models.store.database import Base, Moment


class PeriodActRow(Base):
    __tablename__ = "period_acts"

    row: Mapped[str] = mapped_column(String(50), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    done_on: Mapped[date]
    by: Mapped[str | None] = mapped_column(String(200))
    document: Mapped[str | None] = mapped_column(String(500))
    months: Mapped[int | None]
    start: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    entered_by: Mapped[str] = mapped_column(String(200))


def every(session: Session) -> Sequence[PeriodAct]:
    """Every act, row by row, in the order of their numbers."""
    return [
        PeriodAct(
            found.row, found.number, found.kind, found.done_on, found.recorded_at, found.entered_by, found.by,
            found.document, found.months, found.start, found.reason,
        )
        for found in session.scalars(select(PeriodActRow).order_by(PeriodActRow.row, PeriodActRow.number))
    ]  # fmt: skip


def add(session: Session, made: PeriodAct) -> bool:
    """Write an act down; False where another one took its number a moment earlier."""
    row = PeriodActRow(
        row=made.row, number=made.number, kind=made.kind, done_on=made.on, by=made.by, document=made.document,
        months=made.months, start=made.start, reason=made.reason, recorded_at=made.recorded_at,
        entered_by=made.entered_by,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    note(session, "period", made.row, made.number)
    return True
