"""What a 督查通报 tells of a period, and what a year's assessment of units is told. Source: art-7; readings A-11 – A-13."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from types import MappingProxyType

from models.office.figures import Figures, Month
from models.office.ratings import RatingBar

LABELS: Mapping[str, str] = MappingProxyType({
    "registered": "立项", "assigned": "交办", "completed_in_time": "按时办结", "completed_late": "逾期办结",
    "returned": "退回补办或者重办", "extensions_granted": "准予延期", "formal_supervisions": "督办", "urgings": "催办",
    "running": "期末在办", "overdue": "期末逾期未办结",
})  # fmt: skip
"""Figure → its name."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """A matter that is overdue on the last day of a period. urgings: how often it was urged until then."""

    number: str | None
    title: str
    unit: str | None
    due_on: date
    days: int
    urgings: int


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The figures of a period: the whole, each lead unit in the order of their names, each month, and what is overdue."""

    first: date
    last: date
    whole: Figures
    units: tuple[tuple[str, Figures], ...]
    months: tuple[tuple[date, Month], ...] = ()
    overdue: tuple[Overdue, ...] = ()
    left_out: tuple[str, ...] = ()
    """Matters whose records are damaged, by number; nothing of them is counted."""

    @property
    def concerned(self) -> tuple[tuple[str, Figures], ...]:
        """The lead units of which the period has anything to say."""
        return tuple((name, found) for name, found in self.units if any(asdict(found).values()))

    def lines(self) -> list[list[str]]:
        """The per-unit table with its heading and its sum."""
        heading = ["单位", *LABELS.values()]
        body = [[name, *figures_of(found)] for name, found in self.units]
        return [heading, *body, ["合计", *figures_of(self.whole)]]


def figures_of(found: Figures) -> list[str]:
    """The figures in the order of their names."""
    return [str(value) for value in asdict(found).values()]


@dataclass(frozen=True, slots=True)
class Assessed:
    """A unit in a year's assessment. persons: whom decisions of the year bar; barred: the decisions that bar the unit itself;
    for_people: bars from a rating that had been settled before."""

    unit: str
    figures: Figures
    persons: tuple[RatingBar, ...] = ()
    barred: tuple[RatingBar, ...] = ()
    for_people: tuple[RatingBar, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """The figures of a year until a day, and the bars from ratings that its decisions contain."""

    year: int
    figures: Bulletin
    bars: tuple[RatingBar, ...]

    @property
    def units(self) -> tuple[Assessed, ...]:
        """Every unit with figures or bars. A unit is barred only where a decision names it; never by its head's bar (A-13)."""
        counted = dict(self.figures.units)
        names = sorted({*counted, *(bar.unit for bar in self.bars)}, key=natural)
        return tuple(self._unit(name, counted.get(name) or Figures()) for name in names)

    def _unit(self, name: str, figures: Figures) -> Assessed:
        here = [bar for bar in self.bars if bar.unit == name]
        return Assessed(
            name,
            figures,
            persons=tuple(bar for bar in here if bar.kind == "person"),
            barred=tuple(bar for bar in here if bar.kind == "unit"),
            for_people=tuple(bar for bar in here if bar.rating_final),
        )


def natural(name: str) -> list[tuple[int, int, str]]:
    """A key that puts 第2学院 before 第10学院."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split("([0-9]+)", name) if part]
