"""The figures of a period: each event once, in its own period; what is not known is held against nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.matter.matter import Matter, as_of, matter_fold
from models.office.bulletin import Assessment, Bulletin, natural
from models.office.figures import Figures, Month, is_overdue, months_of, of_period
from models.office.ratings import RatingBar
from models.records.record import Actor, Hand, Record
from rules.book.loading import load_rulebook

ACTIONS = load_rulebook().ledger.actions
DUE = date(2026, 3, 20)


def matter(*steps: tuple[str, date, dict[str, Any]]) -> Matter:
    start: list[tuple[str, date, dict[str, Any]]] = [
        (
            "propose",
            date(2026, 1, 5),
            {"title": "甲", "category": "plan", "basis": "会议纪要", "lead_unit": "甲处", "due_on": DUE},
        ),
        ("register", date(2026, 1, 6), {"route": "leader"}),
        ("assign", date(2026, 1, 8), {"channel": "oa"}),
    ]
    at = datetime(2026, 12, 31, tzinfo=UTC)
    return matter_fold(
        (
            Record(number, action, on, Hand(Actor("李四", "office")), details, at)
            for number, (action, on, details) in enumerate([*start, *steps], 1)
        ),
        ACTIONS,
    )


def figures(found: Matter, first: date, last: date) -> Figures:
    return of_period([as_of(found, last, ACTIONS)], first, last, ACTIONS).whole


ACCEPTED_LATER = matter(("report", date(2026, 3, 18), {"result": "已完成"}), ("accept", date(2026, 4, 2), {}))
QUARTERS = [(date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30))]


def test_a_completion_is_counted_in_the_period_of_its_acceptance_and_in_no_other() -> None:
    counted = [figures(ACCEPTED_LATER, *quarter) for quarter in QUARTERS]
    assert [found.completed_in_time for found in counted] == [0, 1]
    assert [found.running for found in counted] == [1, 0]
    assert figures(ACCEPTED_LATER, date(2026, 1, 1), date(2026, 12, 31)).completed == 1


@pytest.mark.parametrize(
    ("reported", "overdue"), [(date(2026, 3, 20), False), (date(2026, 3, 21), True), (None, True)],
    ids=["in by the day, awaiting review", "in too late", "not in"],
)  # fmt: skip
def test_work_that_was_in_by_the_day_and_awaits_review_is_not_overdue(reported: date | None, overdue: bool) -> None:
    found = matter(*([("report", reported, {"result": "已完成"})] if reported else []))
    assert is_overdue(found, date(2026, 3, 31)) is overdue


def test_the_due_day_itself_is_not_overdue_and_what_is_overdue_also_runs() -> None:
    assert not is_overdue(matter(), DUE)
    found = figures(matter(), date(2026, 1, 1), date(2026, 3, 21))
    assert (found.running, found.overdue, found.running_in_time) == (1, 1, 0)


def test_returned_work_is_overdue_again_after_its_day() -> None:
    returned = matter(
        ("report", date(2026, 3, 18), {"result": "已完成"}), ("return", date(2026, 3, 25), {"reason": "缺数据"})
    )
    assert is_overdue(returned, date(2026, 3, 31))


def test_an_extension_granted_after_the_period_does_not_change_its_figures() -> None:
    extended = matter(
        ("request_extension", date(2026, 4, 1), {"reason": "等数据"}),
        ("decide_extension", date(2026, 4, 2), {"granted": True, "new_due_on": date(2026, 5, 1)}),
    )
    assert figures(extended, *QUARTERS[0]).overdue == 1
    assert figures(extended, date(2026, 4, 1), date(2026, 4, 30)).overdue == 0


def test_every_month_that_the_period_touches_is_told_the_empty_ones_too() -> None:
    urged = matter(
        ("supervise", date(2026, 3, 2), {"note": "督办"}),
        ("urge", date(2026, 3, 31), {}),
        ("urge", date(2026, 5, 2), {}),
    )
    found = of_period([urged], date(2026, 2, 15), date(2026, 5, 1), ACTIONS)
    assert found.months == {
        date(2026, 2, 1): Month(), date(2026, 3, 1): Month(urgings=1, formal_supervisions=1, overdue=1),
        date(2026, 4, 1): Month(overdue=1), date(2026, 5, 1): Month(overdue=1),
    }  # fmt: skip
    assert found.whole.urgings == sum(month.urgings for month in found.months.values())
    assert months_of(date(2025, 12, 31), date(2026, 1, 1)) == [date(2025, 12, 1), date(2026, 1, 1)]


def test_each_month_tells_what_was_completed_in_it_and_what_was_overdue_on_its_last_day() -> None:
    extended = matter(
        ("request_extension", date(2026, 4, 1), {"reason": "等数据"}),
        ("decide_extension", date(2026, 4, 2), {"granted": True, "new_due_on": date(2026, 5, 20)}),
        ("report", date(2026, 6, 3), {"result": "已完成"}), ("accept", date(2026, 7, 2), {}),
    )  # fmt: skip
    found = of_period([extended, ACCEPTED_LATER], date(2026, 1, 1), date(2026, 8, 15), ACTIONS)
    overdue = {month.month: figures.overdue for month, figures in found.months.items()}
    assert overdue == {1: 0, 2: 0, 3: 1, 4: 0, 5: 1, 6: 1, 7: 0, 8: 0}
    assert {month.month: figures.completed for month, figures in found.months.items() if figures.completed} == {
        4: 1,
        7: 1,
    }
    assert found.whole.completed == sum(figures.completed for figures in found.months.values())


@pytest.mark.parametrize("last", [date(2026, 3, 31), date(2026, 4, 10), date(2026, 5, 31)])
def test_the_last_month_is_as_overdue_as_the_period(last: date) -> None:
    found = of_period(
        [as_of(one, last, ACTIONS) for one in (matter(), ACCEPTED_LATER)], date(2026, 1, 1), last, ACTIONS
    )
    assert found.months[last.replace(day=1)].overdue == found.whole.overdue


@pytest.mark.parametrize(
    ("in_time", "late", "share"), [(0, 0, None), (1, 0, 1000), (0, 3, 0), (2, 1, 667), (1, 2, 333), (1, 7, 125)]
)
def test_the_share_in_time_is_rounded_half_up(in_time: int, late: int, share: int | None) -> None:
    assert Figures(completed_in_time=in_time, completed_late=late).per_mille_in_time == share


def test_units_are_listed_as_people_count() -> None:
    assert sorted(["第10学院", "第2学院", "教务处"], key=natural) == ["教务处", "第2学院", "第10学院"]


def test_a_unit_is_barred_only_by_a_decision_that_names_it() -> None:
    day = date(2026, 6, 3)
    bars = (
        RatingBar("3号", day, "person", "甲处处长", "甲处"),
        RatingBar("4号", day, "unit", "乙处", "乙处", "取消乙处评优资格", rating_final=True),
    )
    figures = Bulletin(date(2026, 1, 1), date(2026, 12, 31), Figures(), (("甲处", Figures(assigned=1)),))
    first, second = sorted(Assessment(2026, figures, bars).units, key=lambda unit: not unit.figures.assigned)
    assert (first.unit, len(first.persons), first.barred, first.for_people) == ("甲处", 1, (), ())
    assert (second.unit, second.persons, second.barred, second.for_people) == ("乙处", (), (bars[1],), (bars[1],))
