"""The day, month or year that a page of the Office is asked for, each with what is wrong with it in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import request

from rules.reasoning.calendar import LOCAL
from service.usecases.matters.bulletin import LONGEST_YEARS

_FIRST_YEAR, _LAST_YEAR = 2000, 2200


def today() -> date:
    """By the local clock."""
    return datetime.now(LOCAL).date()


@dataclass(frozen=True, slots=True)
class AskedSpan:
    """From a day to a day as they were asked for; faults: why there can be nothing to show."""

    first: str
    last: str
    faults: tuple[str, ...] = ()

    @property
    def days(self) -> tuple[date, date]:
        """Both days. Only where there are no faults."""
        return date.fromisoformat(self.first), date.fromisoformat(self.last)


def asked_span() -> AskedSpan:
    """The query's first and last day; this year until today where it names none."""
    now = today()
    first = request.args.get("first") or f"{now.year}-01-01"
    last = request.args.get("last") or now.isoformat()
    days = _day(first), _day(last)
    if days[0] is None or days[1] is None:
        return AskedSpan(first, last, ("起日、止日应为日期，格式 YYYY-MM-DD",))
    faults = []
    if not days[0] <= days[1] <= now:
        faults.append(f"起日不得晚于止日，止日不得晚于今天（{now}）")
    if days[1].year - days[0].year >= LONGEST_YEARS:
        faults.append(f"一期通报最多跨{LONGEST_YEARS}个年度")
    return AskedSpan(first, last, tuple(faults))


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if len(given) == 10 else None
    except ValueError:
        return None


def asked_year(*, until: int = _LAST_YEAR) -> tuple[int, str]:
    """The query's year, this year where it names none or one that cannot be; and then what is wrong with it."""
    given, now = request.args.get("year", ""), today().year
    if not given:
        return now, ""
    if given.isascii() and given.isdigit() and len(given) == 4 and _FIRST_YEAR <= int(given) <= until:
        return int(given), ""
    return now, f"年度应为{_FIRST_YEAR}至{until}；现在显示{now}年"


def asked_month() -> tuple[date, str]:
    """The first day of the query's month, of this month where it names none or one that cannot be; and what is wrong with it."""
    given, now = request.args.get("month", ""), today().replace(day=1)
    if not given:
        return now, ""
    found = _day(f"{given}-01") if len(given) == 7 else None
    if found is not None and found.year >= _FIRST_YEAR and found <= now:
        return found, ""
    return now, f"月份应为 YYYY-MM，不得晚于本月；现在显示{now:%Y-%m}"
