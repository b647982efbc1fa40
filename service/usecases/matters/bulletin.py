"""The 督查通报 of a period, and the year's figures for the assessment of units. They only read: no accountability follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from models.matter import matters
from models.matter.matter import Matter, as_of
from models.office import rating_bars
from models.office.bulletin import LABELS, Assessment, Bulletin, Overdue, natural
from models.office.figures import Figures, is_overdue, of_period
from models.people import units
from rules.reasoning.editions import Books
from service.usecases.matters.act_on_matter import shown_number, sound_by_batches

__all__ = ["LABELS", "LONGEST_YEARS", "Assessment", "Bulletin", "assessment", "bulletin"]
LONGEST_YEARS = 3
"""A bulletin touches so many calendar years at most."""


def bulletin(session: Session, books: Books, *, first: date, last: date) -> Bulletin:
    """The figures from ``first`` to ``last``, both days included."""
    late: list[Overdue] = []
    left_out: list[str] = []
    found = of_period(_noting(session, books, last, late, left_out), first, last, books.usual.ledger.actions)
    by_name = sorted(found.units.items(), key=lambda unit: natural(unit[0]))
    late.sort(key=lambda row: (row.due_on, natural(row.unit or ""), row.title))
    return Bulletin(
        first, last, found.whole, tuple(by_name), tuple(sorted(found.months.items())), tuple(late), tuple(left_out)
    )


def assessment(session: Session, books: Books, *, year: int, today: date) -> Assessment:
    """The figures of a calendar year, until today where it still runs, and its bars from ratings.

    Every unit of the school has a row, those that led no matter too.
    """
    last = min(today, date(year, 12, 31))
    found = bulletin(session, books, first=date(year, 1, 1), last=last)
    counted = dict(found.units)
    named = {*counted, *units.on_day(session, last)}
    rows = tuple((name, counted.get(name) or Figures()) for name in sorted(named, key=natural))
    figures = replace(found, units=rows)
    return Assessment(year, figures, tuple(rating_bars.of_year(session, year)))


def _noting(session: Session, books: Books, last: date, late: list[Overdue], left_out: list[str]) -> Iterator[Matter]:
    """Every matter as it stood at the end of the last day; those that were overdue are noted on the way."""
    every = partial(matters.page, session, state=None, unit=None, due_before=None)
    for row, whole in sound_by_batches(session, books, every, left_out):
        matter = as_of(whole, last, books.usual.ledger.actions)
        if not matter.records:
            continue
        if matter.due_on is not None and is_overdue(matter, last):
            urgings = sum(record.action == "urge" and record.on <= last for record in matter.records)
            late.append(
                Overdue(
                    shown_number(row),
                    matter.title,
                    matter.lead_unit,
                    matter.due_on,
                    (last - matter.due_on).days,
                    urgings,
                )
            )
        yield matter
