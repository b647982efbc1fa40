"""Whom a decision bars from the ratings of its year, and which unit, where the decision names it. Source: art-7.2.b; A-12, A-13."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from msgspec import convert
from sqlalchemy import String, Text, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.office.ratings import RatingBar
from models.store.database import Base, Moment


class RatingBarRow(Base):
    __tablename__ = "rating_bars"
    __table_args__ = (UniqueConstraint("decision_number", "kind", "name", "unit"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    decision_number: Mapped[str] = mapped_column(String(100))
    decided_on: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(200))
    statement: Mapped[str | None] = mapped_column(Text)
    rating_final: Mapped[bool]
    revoked_on: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    entered_by: Mapped[str] = mapped_column(String(200))


def add(session: Session, bar_id: str, bar: RatingBar, *, now: datetime, entered_by: str) -> None:
    session.add(RatingBarRow(id=bar_id, **asdict(bar), recorded_at=now, entered_by=entered_by))
    session.flush()


def known(session: Session, bar: RatingBar) -> bool:
    """Whether this decision already bars this person or unit."""
    same = {"decision_number": bar.decision_number, "kind": bar.kind, "name": bar.name, "unit": bar.unit}
    return session.scalar(select(RatingBarRow.id).filter_by(**same)) is not None


def revoke(session: Session, decision_number: str, on: date) -> None:
    """End what a decision that was changed or revoked had barred."""
    session.execute(
        update(RatingBarRow)
        .where(RatingBarRow.decision_number == decision_number, RatingBarRow.revoked_on.is_(None))
        .values(revoked_on=on)
    )


def of_year(session: Session, year: int) -> Sequence[RatingBar]:
    """The bars that stand and whose decision was taken in a calendar year (A-12), in the order of their days."""
    wanted = select(RatingBarRow).where(RatingBarRow.decided_on.between(date(year, 1, 1), date(year, 12, 31)))
    wanted = wanted.where(RatingBarRow.revoked_on.is_(None))
    wanted = wanted.order_by(RatingBarRow.decided_on, RatingBarRow.unit, RatingBarRow.name)
    return [convert(row, RatingBar, from_attributes=True) for row in session.scalars(wanted)]
