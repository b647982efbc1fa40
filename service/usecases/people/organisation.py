"""The organisation as it was on a day: units with their other names, and who held which post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy.orm import Session

from models.people import posts, units
from models.people.organisation import Post
from rules.answering import about


@dataclass(frozen=True, slots=True)
class UnitOnDay:
    """A unit. to_on: its last day, None while it lasts."""

    name: Annotated[str, about("单位")]
    from_on: Annotated[date, about("起")]
    to_on: Annotated[date | None, about("止")]
    email: Annotated[str | None, about("邮箱")]
    aliases: Annotated[tuple[str, ...], about("别名")]


def units_on(session: Session, day: date) -> list[UnitOnDay]:
    """The units that there were on a day, in the order of their names."""
    named: dict[str, list[str]] = {}
    for alias, unit in sorted(units.aliases(session).items()):
        named.setdefault(unit, []).append(alias)
    there = set(units.on_day(session, day))
    return [
        UnitOnDay(row.name, row.from_on, row.to_on, row.email, tuple(named.get(row.name, ())))
        for row in units.every(session)
        if row.name in there
    ]


def posts_on(session: Session, day: date, unit: str | None = None) -> tuple[Post, ...]:
    """The posts held on a day; unit: only those there, by its name or another name of it."""
    if unit is not None:
        return posts.of_units(session, [units.aliases(session).get(unit, unit)], day)
    return posts.of_units(session, units.on_day(session, day), day)
