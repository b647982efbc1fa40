"""What follows a decision: days nominal and actual, and influence periods that drive nothing until confirmed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models.schemas.case_file import load_case
from rules.book.loading import load_rulebook
from rules.book.rulebook import Rulebook
from rules.reasoning.recommendation import Recommender
from tests.answers import answered
from tests.conftest import example

BOOK = load_rulebook()


def duties(case: dict[str, Any], book: Rulebook = BOOK) -> dict[str, dict[str, Any]]:
    answer = answered(Recommender(book).recommend(load_case(case, load_rulebook()), "测试"))["persons"]["P1"]
    return {duty["duty"]: duty for duty in answer["duties"]}


def test_an_unconfirmed_period_is_shown_with_its_mark_and_has_no_end() -> None:
    rows = duties(example("plan-task-missed"))["influence_period"]["periods"]
    assert [row["measure"] for row in rows] == ["notice_of_criticism", "written_self_examination", "admonition"]
    assert all(row["confirmed"] is False and row["nominal"] is None for row in rows)
    assert {row["mark"] for row in rows} == {"V", "S"}


def test_a_confirmed_period_ends_on_the_corresponding_day_without_rolling() -> None:
    confirmed = {"by": "学校党委", "on": "2026-01-05", "document": "党委会纪要"}
    periods = tuple(
        replace(row, confirmed=confirmed, mark="V") if row.id == "admonition" else row for row in BOOK.periods
    )
    case = example("plan-task-missed") | {"planned": {"decided_on": "2026-08-31"}}
    rows = duties(case, replace(BOOK, periods=periods))["influence_period"]["periods"]
    assert {row["measure"]: row["nominal"] for row in rows}["admonition"] == "2027-02-28"


def test_the_rows_of_discipline_are_shown_only_where_the_track_is_open() -> None:
    serious = example("plan-task-missed")
    serious["persons"][0]["harm"] = "serious"
    labels = [row["measure"] for row in duties(serious)["influence_period"]["periods"]]
    assert "party_warning" in labels
    assert "removal" not in labels


@pytest.mark.parametrize(
    ("received", "nominal", "actual"),
    [("2026-01-31", "2026-02-28", "2026-02-28"), ("2026-08-31", "2026-09-30", "2026-09-30"), ("2026-09-03", "2026-10-03", "2026-10-08")],
    ids=["month end, worked Saturday", "month end", "National Day"],
)  # fmt: skip
def test_the_appeal_may_be_filed_until_the_actual_day(received: str, nominal: str, actual: str) -> None:
    case = example("plan-task-missed")
    case |= {"trigger_date": "2026-01-20", "planned": {"decided_on": "2026-01-20", "received_on": received}}
    case["matter"] |= {"assigned_on": "2025-11-01", "due_on": "2025-12-31", "acts": []}
    due = duties(case)["appeal"]["due"]
    assert (due["nominal"], due["actual"]) == (nominal, actual)
