"""The work calendar in use: the years shipped with the rulebook, and those that the operator brought in from the notice."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.store.whole_files import whole_file
from rules.reasoning.calendar import CalendarFault, WorkCalendar, calendar_of, read_year, shipped_years
from service import config


class YearKnown(CalendarFault):
    """The year has been read from its notice already."""


class YearTorn(OSError):
    """A year that was imported can no longer be read. filename: of its file, which has to be imported anew."""

    def __init__(self, name: str) -> None:
        super().__init__(errno.EIO, os.strerror(errno.EIO), name)


_Stamp = tuple[Path, int, int]


def calendar_in_use() -> WorkCalendar:
    """Read again when a year was imported, whichever process of the service did that. Raises YearTorn."""
    return _calendar(_stamps())


def imported_years() -> tuple[Mapping[str, Any], ...]:
    """The tables that were brought in, a year each. Raises YearTorn."""
    return _imported(_stamps())


def _stamps() -> tuple[_Stamp, ...]:
    """The files of the years as they are now."""
    found = ((path, path.stat()) for path in sorted(config.calendar_folder().glob("*.yaml")))
    return tuple((path, state.st_mtime_ns, state.st_size) for path, state in found)


@lru_cache(1)
def _imported(stamps: tuple[_Stamp, ...]) -> tuple[Mapping[str, Any], ...]:
    return tuple(_year(path) for path, _, _ in stamps)


def _year(path: Path) -> Mapping[str, Any]:
    try:
        return read_year(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, CalendarFault):
        raise YearTorn(path.name) from None


@lru_cache(1)
def _calendar(stamps: tuple[_Stamp, ...]) -> WorkCalendar:
    return calendar_of([*shipped_years(), *_imported(stamps)])


def import_year(raw: bytes, *, replace: bool) -> int:
    """Keep a year's table; the year. Raises CalendarFault; YearKnown where the year was imported before."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CalendarFault("不是 UTF-8 文字") from None
    year: int = read_year(text)["year"]
    place = config.calendar_folder() / f"{year}.yaml"
    if place.exists() and not replace:
        raise YearKnown(f"{year}年已经导入；确要替换的，须写明替换")
    place.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(place) as out:
        out.write(text.encode())
    return year
