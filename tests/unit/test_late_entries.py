"""An act that counts is entered by the next working day, or late. The days are those of the State Council's notice for 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models.matter.late_entries import REASON, counted_actions, entered_late
from models.records.fold import with_effect
from models.records.reading import read
from models.records.record import Actor, Hand, Record
from models.schemas.entries import matter_entries
from rules.book.contract.matter_effects import Supervised
from rules.book.loading import load_rulebook
from rules.reasoning.calendar import LOCAL, WorkCalendar, work_calendar

BOOK = load_rulebook()
COUNTED = sorted(counted_actions(BOOK))
DAYS = [
    # on, entered on, whether that is late
    ("2026-06-01", "2026-06-01", False), ("2026-06-01", "2026-06-02", False), ("2026-06-01", "2026-06-03", True),
    # over a weekend
    ("2026-06-05", "2026-06-06", False), ("2026-06-05", "2026-06-08", False), ("2026-06-05", "2026-06-09", True),
    ("2026-06-06", "2026-06-08", False), ("2026-06-06", "2026-06-09", True),
    # over the holiday from 1 to 5 May, and a Saturday that is worked
    ("2026-04-30", "2026-05-06", False), ("2026-04-30", "2026-05-07", True), ("2026-05-02", "2026-05-06", False),
    ("2026-05-08", "2026-05-09", False), ("2026-05-08", "2026-05-10", True), ("2026-05-08", "2026-05-11", True),
    # into a year whose holidays are not known: the day after is never late, of any other it is not known
    ("2026-12-31", "2027-01-01", False), ("2026-12-31", "2027-01-02", True), ("2031-03-03", "2031-03-04", False),
    ("2031-03-03", "2031-03-05", True),
]  # fmt: skip


def record(action: str, on: str, at: datetime) -> Record:
    return Record(5, action, date.fromisoformat(on), Hand(Actor("李四", "office"), "周清"), {}, at)


def test_what_counts_is_what_the_book_counts_under_one_reading_or_another() -> None:
    assert {BOOK.ledger.actions[name].label for name in COUNTED} == {"督办", "催办"}


@pytest.mark.parametrize(("on", "entered", "late"), DAYS)
@pytest.mark.parametrize("hour", [0, 23])
def test_late_is_after_the_next_working_day_at_the_school(on: str, entered: str, late: bool, hour: int) -> None:
    at = datetime.fromisoformat(entered).replace(hour=hour, tzinfo=LOCAL).astimezone(UTC)
    for action in BOOK.ledger.actions:
        assert entered_late(record(action, on, at), BOOK, work_calendar()) is (late and action in COUNTED)


def test_the_reason_is_a_field_of_what_counts_and_of_nothing_else_and_older_records_are_whole_without_it() -> None:
    for action, block in matter_entries(load_rulebook()).blocks.items():
        assert (REASON in matter_entries(load_rulebook()).fields[action]) is (action in COUNTED)
        assert (REASON in str(block.json_schema())) is (action in COUNTED)
    assert read(Supervised, {"note": "督办"}).late_reason is None


def test_what_gave_its_reason_stays_late_whatever_holidays_become_known() -> None:
    """The 26th and 27th made holidays afterwards would carry the next working day past the entry."""
    made = Record(5, COUNTED[0], date(2026, 11, 25), Hand(Actor("李四", "office"), "周清"), {"note": "督办", REASON: "出差"},
                  datetime(2026, 11, 27, 9, tzinfo=LOCAL))  # fmt: skip
    moved = WorkCalendar(
        years=frozenset({2026}),
        unconfirmed=frozenset(),
        holidays=frozenset({date(2026, 11, 26), date(2026, 11, 27)}),
        workdays=frozenset(),
    )
    made = with_effect(made, BOOK.ledger.actions[made.action])
    assert entered_late(made, BOOK, work_calendar())
    assert entered_late(made, BOOK, moved)
    assert not entered_late(replace(made, details={}, effect=None), BOOK, moved)
