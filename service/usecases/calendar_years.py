"""The work calendar in use: the years shipped with the rulebook, and those that the operator brought in from the notice."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

from rules.calendar import CalendarFault, WorkCalendar, calendar_of, read_year, shipped_years
from service import config


class YearKnown(CalendarFault):
    """The year has been read from its notice already."""


@cache
def calendar_in_use() -> WorkCalendar:
    """Read once in a process; a year that is imported later counts from the next start. Raises CalendarFault."""
    imported = [read_year(path.read_text(encoding="utf-8")) for path in sorted(config.calendar_folder().glob("*.yaml"))]
    return calendar_of([*shipped_years(), *imported])


def import_year(raw: bytes, *, replace: bool) -> int:
    """Keep a year's table; the year. Raises CalendarFault; YearKnown where the year was imported before."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CalendarFault("不是 UTF-8 文字") from None
    year: int = read_year(text)["year"]
    place = config.calendar_folder() / f"{year}.yaml"
    if place.exists() and not replace:
        raise YearKnown(f"{year}年已经导入；确要替换的，加 --replace")
    _put(place, text)
    calendar_in_use.cache_clear()
    return year


def _put(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=place.parent, delete=False, encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(out.name, place)
