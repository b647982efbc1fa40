"""Periods of the regulation: calendar months and working days. Source: art-9.4.a, art-9.3.d; readings A-16, A-17."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from rules.packaged import packaged
from rules.strict_yaml import YamlError, parse

LOCAL = ZoneInfo("Asia/Shanghai")
"""Where the school is: days are its days."""
_TABLE = packaged("rules/books/work_calendar.yaml")


class CalendarUnknown(LookupError):
    """The holiday notice of a year has not been loaded; the actual day is not guessed."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year}年的节假日安排尚未载入，实际截止日无法推算")
        self.year = year


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Statutory holidays and make-up working days of the years that are known.

    unconfirmed: known years whose table has not been checked against the notice itself.
    """

    years: frozenset[int]
    unconfirmed: frozenset[int]
    holidays: frozenset[date]
    workdays: frozenset[date]

    def is_rest_day(self, day: date) -> bool:
        """Whether the day is a weekend or holiday and not a make-up working day. Raises CalendarUnknown."""
        if day.year not in self.years:
            raise CalendarUnknown(day.year)
        return day not in self.workdays and (day in self.holidays or day.weekday() >= 5)

    def caution(self, day: date) -> str | None:
        """What to say of a day computed in a year that has not been checked; None where it has."""
        return f"{day.year}年的节假日表尚未与通知原文核对" if day.year in self.unconfirmed else None

    def roll(self, day: date) -> date:
        """The day itself, or the next working day where it is a rest day. Raises CalendarUnknown."""
        while self.is_rest_day(day):
            day += timedelta(days=1)
        return day

    def add_workdays(self, day: date, number: int) -> date:
        """The ``number``-th working day after ``day``. Raises CalendarUnknown."""
        for _ in range(number):
            day = self.roll(day + timedelta(days=1))
        return day


def add_months(day: date, months: int) -> date:
    """The corresponding day ``months`` later, or the month's end where it is missing; the first day is not counted."""
    return day + relativedelta(months=months)


class CalendarFault(ValueError):
    """A year's table that cannot be: the message says what is wrong."""


def shipped_years() -> list[Mapping[str, Any]]:
    """The tables shipped with the rulebook, a year each."""
    years: list[Mapping[str, Any]] = parse(_TABLE.read_text(encoding="utf-8"))["years"]
    return years


def calendar_of(years: Iterable[Mapping[str, Any]]) -> WorkCalendar:
    """The calendar of these tables; a later table of a year replaces an earlier one."""
    rows = list({row["year"]: row for row in years}.values())
    return WorkCalendar(
        frozenset(row["year"] for row in rows),
        frozenset(row["year"] for row in rows if row["mark"] != "V"),
        frozenset(date.fromisoformat(day) for row in rows for day in row["holidays"]),
        frozenset(date.fromisoformat(day) for row in rows for day in row["workdays"]),
    )


def read_year(text: str) -> dict[str, Any]:
    """A year's table as the notice gives it: year, source, holidays, workdays. Raises CalendarFault with every fault."""
    try:
        data = parse(text)
    except YamlError as error:
        raise CalendarFault(str(error)) from None
    if not isinstance(data, dict) or set(data) != {"year", "source", "holidays", "workdays"}:
        raise CalendarFault(
            "应有 year（年份）、source（通知的名称和文号）、holidays（放假的日期）、workdays（调休上班的日期）"
        )
    faults = list(_faults(data))
    if faults:
        raise CalendarFault("；".join(faults))
    return {**data, "mark": "V"}


def _faults(data: Mapping[str, Any]) -> Iterator[str]:
    year = data["year"]
    if type(year) is not int or not 2000 <= year <= 2200:
        yield "year 应为2000至2200的整数"
        return
    if not isinstance(data["source"], str) or not data["source"].strip():
        yield "source 应写明通知的名称和文号"
    days: dict[str, list[date]] = {"holidays": [], "workdays": []}
    for name, found in days.items():
        for text in data[name] if isinstance(data[name], list) else [data[name]]:
            try:
                day = date.fromisoformat(str(text))
            except ValueError:
                yield f"{name} 应为日期的列表，格式 YYYY-MM-DD，现有“{text}”"
                continue
            found.append(day)
            if day.year != year:
                yield f"{name} 中的 {day} 不在{year}年"
    yield from (f"{day} 既放假又上班" for day in sorted(set(days["holidays"]) & set(days["workdays"])))
    yield from (f"{day} 不是周末，不会是调休上班" for day in days["workdays"] if day.weekday() < 5)
    if not days["holidays"]:
        yield "holidays 不能为空"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period as counted, and as rest days move it; warning: what is to be said of the calendar.

    None where it cannot be computed: the year's holiday notice is unknown, and the day is not guessed.
    """

    nominal: date | None
    actual: date | None
    warning: str | None = None

    def over(self, today: date) -> bool | None:
        """Whether the period has run out by today; None where that is not known."""
        if self.actual is not None:
            return today > self.actual
        return False if self.nominal is not None and today <= self.nominal else None


def deadline(start: date, calendar: WorkCalendar, *, months: int = 0, workdays: int = 0) -> Deadline:
    """The last day of so many months or working days from a day that is itself not counted. Never raises.

    Source: readings A-16, A-17 (civil code by analogy).
    """
    nominal = None
    try:
        nominal = add_months(start, months) if months else calendar.add_workdays(start, workdays)
        actual = calendar.roll(nominal)
    except CalendarUnknown as unknown:
        return Deadline(nominal, None, str(unknown))
    except (ValueError, OverflowError):  # beyond the last day that there is
        return Deadline(nominal, None, "日期过大，截止日无法推算")
    return Deadline(nominal, actual, calendar.caution(actual))


@cache
def work_calendar() -> WorkCalendar:
    """The calendar shipped with the rulebook."""
    return calendar_of(shipped_years())
