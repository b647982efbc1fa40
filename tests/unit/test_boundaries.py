"""Boundaries of counting and of days, and the conflicts between rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from rules.reasoning.calendar import CalendarUnknown, add_months, work_calendar
from rules.strict_yaml import parse
from tests.conftest import ROOT, example

Evaluate = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.mark.parametrize(("number", "counted"), [(2, False), (3, True), (4, True)])
def test_being_supervised_three_times_is_included(evaluate: Evaluate, number: int, counted: bool) -> None:
    case = example("urged-and-supervised-four-times")
    case["matter"]["acts"] = [{"date": f"2026-05-{day:02}", "kind": "urging"} for day in range(10, 10 + number)]
    assert ("art-8.3.3.1.b" in evaluate(case)["aggravation"]) is counted


def test_acts_are_counted_once_a_day_and_only_the_offices_on_this_matter(evaluate: Evaluate) -> None:
    case = example("urged-and-supervised-four-times")
    case["matter"]["acts"] = [
        {"date": "2026-05-08", "kind": "urging"},
        {"date": "2026-05-08", "kind": "formal"},
        {"date": "2026-05-09", "kind": "formal", "by": "党委办公室某科"},
        {"date": "2026-05-10", "kind": "formal", "matter": "另一事项"},
        {"date": "2026-05-11", "kind": "routine"},
        {"date": "2026-12-01", "kind": "urging"},
    ]
    count = evaluate(case)["supervision_count"]
    assert (count["office_acts"], count["formal_only"]) == (1, 1)
    assert [act["counted"] for act in count["records"]].count(True) == 1
    assert all(act["why"] for act in count["records"])


@pytest.mark.parametrize(
    ("reported_on", "review", "aggravated"),
    [("2026-06-03", "accepted", False), ("2026-06-04", "accepted", True), ("2026-06-03", None, False)],
    ids=["on the day of the third", "the day after", "on the day, not yet reviewed"],
)
def test_work_accepted_by_the_day_of_the_third_act_is_not_aggravated(
    evaluate: Evaluate, reported_on: str, review: str | None, aggravated: bool
) -> None:
    case = example("urged-and-supervised-four-times")
    case["matter"] |= {"reported_on": reported_on, "review": review}
    assert bool(evaluate(case)["aggravation"]) is aggravated


@pytest.mark.parametrize(
    ("due", "trigger", "status"),
    [
        ("2025-03-10", "2026-03-10", "established"),
        ("2025-03-10", "2026-03-11", "refuted"),
        ("2024-02-29", "2025-02-28", "established"),
        ("2024-02-29", "2025-03-01", "refuted"),
    ],
)
def test_the_year_includes_its_last_day(evaluate: Evaluate, due: str, trigger: str, status: str) -> None:
    case = example("plan-task-missed")
    case["trigger_date"] = trigger
    case["matter"] |= {"assigned_on": "2024-01-02", "due_on": due, "acts": []}
    answer = evaluate(case)
    assert answer["gates"]["window"] == status
    assert answer["outcome"] == ("accountable" if status == "established" else "gate_failed")


def test_a_window_that_only_one_reading_opens_is_flagged(evaluate: Evaluate) -> None:
    case = example("plan-task-missed")
    case["trigger_date"] = "2027-01-15"
    assert evaluate(case)["flags"] == ["interpretation_sensitive:A-03"]


@pytest.mark.parametrize(("due", "outcome"), [("2021-06-27", "out_of_scope"), ("2021-06-28", "accountable")])
def test_a_due_date_before_the_regulation_is_out_of_scope(evaluate: Evaluate, due: str, outcome: str) -> None:
    case = example("plan-task-missed")
    case["trigger_date"] = "2021-12-01"
    case["matter"] |= {"assigned_on": "2021-03-01", "due_on": due, "acts": []}
    assert evaluate(case)["outcome"] == outcome


def test_an_extension_not_yet_decided_does_not_move_the_due_date(evaluate: Evaluate) -> None:
    case = example("extension-granted")
    case["matter"]["extension"] = {"requested_on": "2026-04-22", "reason": "待批复"}
    assert evaluate(case)["gates"]["failure"] == "established"


def test_exemption_is_offered_beside_aggravation_and_never_cancels_it(evaluate: Evaluate) -> None:
    case = example("reform-pilot-exemption")
    case["persons"][0]["findings"]["art-8.3.3.3"] = {"retaliated": "已查明"}
    answer = evaluate(case)
    assert answer["exemption"]["state"] == "available"
    assert answer["flags"] == ["aggravation_capped", "exemption_vs_aggravation"]
    assert answer["range_mandatory"] == ["admonition", "admonition"]
    assert answer["discipline_track"] == "referral_required"


def test_mitigation_with_aggravation_only_widens_down_to_the_base(evaluate: Evaluate) -> None:
    case = example("rectified-in-time")
    person = case["persons"][0]
    person["role"] = "other_member"
    person["findings"]["art-8.3.3.2"] = {"obstructed_supervision": "established"}
    answer = evaluate(case)
    assert answer["range_mandatory"] == ["admonition", "admonition"]
    assert answer["range_if_discretion"] == ["notice_of_criticism", "admonition"]
    assert "mitigation_and_aggravation" in answer["flags"]


def test_unfitness_still_open_is_shown_as_a_condition(evaluate: Evaluate) -> None:
    case = example("rectified-in-time")
    case["persons"][0]["unfit_for_post"] = "open"
    answer = evaluate(case)
    assert answer["conditional"] == ["organisational_measure", "organisational_measure"]
    assert answer["open_facts"] == ["unfit_for_post"]


VECTORS = parse((ROOT / "tests/data/dates.yaml").read_text(encoding="utf-8"))["vectors"]


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: f"{row['rule']} from {row['from']}")
def test_periods_end_as_in_the_table_of_dates(row: dict[str, Any]) -> None:
    months = row.get("months") or {"appeal_1_month": 1, "window_1_year": 12}[row["rule"]]
    nominal = add_months(date.fromisoformat(row["from"]), months)
    assert nominal.isoformat() == row.get("nominal", row.get("last_day"))
    if "actual" in row:
        assert work_calendar().roll(nominal).isoformat() == row["actual"]


def test_an_unknown_year_is_not_guessed() -> None:
    with pytest.raises(CalendarUnknown, match="2031年"):
        work_calendar().roll(date(2031, 5, 6))
