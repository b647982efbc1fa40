"""Periods of the regulation: calendar months and working days. Source: art-9.4.a, art-9.3.d; readings A-16, A-17."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from dateutil.relativedelta import relativedelta

from rules.strict_yaml import parse

_TABLE = Path(__file__).parent / "books" / "work_calendar.yaml"


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


@cache
def work_calendar() -> WorkCalendar:
    """The calendar shipped with the rulebook."""
    years = parse(_TABLE.read_text(encoding="utf-8"))["years"]
    return WorkCalendar(
        frozenset(row["year"] for row in years),
        frozenset(row["year"] for row in years if row["mark"] != "V"),
        frozenset(date.fromisoformat(day) for row in years for day in row["holidays"]),
        frozenset(date.fromisoformat(day) for row in years for day in row["workdays"]),
    )
