"""The school's units, each from a day on and perhaps until another. Source: art-3.2.a."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.store.database import Base


class Unit(Base):
    __tablename__ = "units"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]


def on_day(session: Session, day: date) -> Sequence[str]:
    """The names of the units that there were on a day, in order."""
    there = select(Unit.name).where(Unit.from_on <= day, or_(Unit.to_on.is_(None), Unit.to_on >= day))
    return session.scalars(there.order_by(Unit.name)).all()
