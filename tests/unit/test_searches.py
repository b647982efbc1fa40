"""Planted records that speak for the person: all found, none invented."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

import pytest

from models.matter.matter import Matter
from models.matter.searches import ENTERED_LATE, SEARCHES, found_against, found_for
from models.records.record import Actor
from tests.approved import AGREED, LEADER
from tests.unit.test_ledger import BOOK, OFFICE, OPINION, UNIT, done, registered

PLANTS = ("no_due_date", "no_lead_unit", "carried_over", "assigned_after_due", "co_unit_silent", "task_changed",
          "extension_unanswered", "extension_answered_late", "returned_without_date", "not_acknowledged",
          "urging_unconfirmed", "progress_reported", "reported_in_time", "resubmitted")  # fmt: skip
OTHER = Actor("周八", "unit", "乙处")


def opened(plants: tuple[str, ...]) -> Matter:
    """A matter as far as its assignment."""
    opinion: dict[str, Any] = OPINION | {"co_units": ["乙处"] if "co_unit_silent" in plants else []}
    if "no_lead_unit" in plants:
        opinion |= {"lead_unit": None, "co_units": ["甲处"]}
    if "no_due_date" in plants:
        opinion |= {"due_on": None}
    if "assigned_after_due" in plants:
        opinion |= {"due_on": date(2026, 1, 7)}
    if "carried_over" in plants:
        return done(Matter(), "carry_over", "2026-01-08", **opinion, assigned_on=date(2026, 1, 8), source="旧台账")
    matter = done(Matter(), "propose", **opinion)
    matter = registered(matter, "leader")
    if "co_unit_silent" in plants:
        leader = {"name": "赵六", "rank": "正职"}
        matter = done(matter, "arrange", plan="方案", division="分工", project_leader=leader)
    late = {"reason": "交办文件迟到"} if "assigned_after_due" in plants else {}
    if late:
        matter = done(matter, "approve_change", "2026-01-08", LEADER, due_on=date(2026, 1, 7), **AGREED)
    return done(matter, "assign", "2026-01-08", channel="oa", **late)


def planted(*plants: str) -> Matter:
    """A matter with just these things in its records."""
    matter = opened(plants)
    if "co_unit_silent" in plants:
        matter = done(matter, "acknowledge", "2026-01-09", OTHER, signed_by="周八")
    if "not_acknowledged" not in plants:
        matter = done(matter, "acknowledge", "2026-01-09", UNIT, signed_by="王五")
    if "task_changed" in plants:
        matter = done(matter, "arrange", "2026-02-01", division="改由两人办理")
    if "progress_reported" in plants:
        matter = done(matter, "progress", "2026-02-10", UNIT, note="七成")
    if "extension_answered_late" in plants:
        matter = done(matter, "request_extension", "2026-03-01", UNIT, reason="等数据", progress="六成")
        matter = done(matter, "decide_extension", "2026-05-01", LEADER, granted=False)
    if "extension_unanswered" in plants:
        matter = done(matter, "request_extension", "2026-04-01", UNIT, reason="等数据", progress="七成")
    if "urging_unconfirmed" in plants:
        matter = done(matter, "urge", "2026-05-01", OFFICE)
    if {"reported_in_time", "returned_without_date", "resubmitted"} & set(plants):
        matter = done(
            matter, "report", "2026-04-30" if "reported_in_time" in plants else "2026-05-02", UNIT, result="完成"
        )
    if {"returned_without_date", "resubmitted"} & set(plants):
        new = None if "returned_without_date" in plants else date(2026, 5, 20)
        matter = done(matter, "return", "2026-05-03", reason="缺数据", new_due_on=new)
    if "resubmitted" in plants:
        matter = done(matter, "report", "2026-05-25", UNIT, result="补齐")
    return matter


def possible(plants: tuple[str, ...]) -> bool:
    """Without a due date, or after it, nothing is in time or late; who was carried over has nothing to sign."""
    excluded = {
        "no_due_date": {"urging_unconfirmed", "reported_in_time", "assigned_after_due", "extension_answered_late"},
        "assigned_after_due": {"reported_in_time"},
        "no_lead_unit": {"co_unit_silent"},
        "carried_over": {"not_acknowledged"},
    }
    return not any(plant in plants and others & set(plants) for plant, others in excluded.items())


@pytest.mark.parametrize("size", range(len(PLANTS) + 1))
def test_every_plant_is_found_and_nothing_else(size: int) -> None:
    for plants in filter(possible, combinations(PLANTS, size)):
        assert set(found_for(planted(*plants), ())) == set(plants)


def test_work_reported_by_an_extended_day_or_by_a_day_set_on_return_was_reported_in_time() -> None:
    matter = done(planted(), "request_extension", "2026-04-20", UNIT, reason="等数据", progress="七成")
    matter = done(matter, "decide_extension", "2026-04-25", LEADER, granted=True, new_due_on=date(2026, 5, 31))
    matter = done(matter, "report", "2026-05-31", UNIT, result="完成")
    matter = done(matter, "return", "2026-06-02", reason="缺数据", new_due_on=date(2026, 6, 10))
    matter = done(matter, "report", "2026-06-10", UNIT, result="补齐")
    first, second = (record.number for record in matter.records if record.action == "report")
    assert found_for(matter, ())["reported_in_time"] == (first, second)
    late = done(done(matter, "return", "2026-06-11", reason="仍缺"), "report", "2026-06-12", UNIT, result="补齐")
    assert found_for(late, ())["reported_in_time"] == (first, second)


def test_every_search_of_the_book_is_a_function_and_is_paired_with_a_rule() -> None:
    paired = {name for names in BOOK.searches.favourable.values() for name in names}
    assert {*SEARCHES, ENTERED_LATE} == set(BOOK.searches.labels) == paired


def test_an_answered_request_and_a_confirmed_urging_are_not_found() -> None:
    matter = planted("extension_unanswered")
    matter = done(matter, "decide_extension", "2026-04-05", LEADER, granted=False)
    matter = done(matter, "urge", "2026-05-01", OFFICE)
    assert found_for(matter, ()).keys() == {"urging_unconfirmed"}
    assert found_for(done(matter, "record_urging", "2026-05-02", OFFICE, contact_note="电话"), ()) == {}


def test_adverse_elements_cite_their_records() -> None:
    found = found_against(planted("urging_unconfirmed"), BOOK.searches.adverse)
    assert found["art-8.1.1.not_completed"] == (6,)
    assert found["art-8.1.4.delayed"] == (6,)
    assert "art-8.3.3.4.not_timely_rectified" in found
    assert found_against(Matter(), BOOK.searches.adverse) == {}
