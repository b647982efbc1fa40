"""The school's units, each from a day on and perhaps until another, and the other names they go by. Source: art-3.2.a."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ForeignKey, String, delete, insert, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.store.database import Base


class Unit(Base):
    __tablename__ = "units"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    email: Mapped[str | None] = mapped_column(String(200))


class UnitAlias(Base):
    __tablename__ = "unit_aliases"

    alias: Mapped[str] = mapped_column(String(200), primary_key=True)
    unit: Mapped[str] = mapped_column(String(200), ForeignKey("units.name"))


def on_day(session: Session, day: date) -> Sequence[str]:
    """The names of the units that there were on a day, in order."""
    there = select(Unit.name).where(Unit.from_on <= day, or_(Unit.to_on.is_(None), Unit.to_on >= day))
    return session.scalars(there.order_by(Unit.name)).all()


def every(session: Session) -> Sequence[Unit]:
    """All units, those that have ended too, in the order of their names."""
    return session.scalars(select(Unit).order_by(Unit.name)).all()


def aliases(session: Session) -> dict[str, str]:
    """Other name → the unit's name."""
    return {row.alias: row.unit for row in session.scalars(select(UnitAlias))}


def write(session: Session, unit: Unit, names: Iterable[str]) -> None:
    """A new unit, or new days, address and other names of a known one."""
    session.merge(unit)
    session.flush()
    session.execute(delete(UnitAlias).where(UnitAlias.unit == unit.name))
    rows = [{"alias": name, "unit": unit.name} for name in names]
    if rows:
        session.execute(insert(UnitAlias), rows)
