"""The life of a matter: what is allowed, what is refused, and by which provision."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.matter.act import GUARDS, ActRefused, MatterRequest, WrongDay, WrongState, act
from models.matter.matter import Matter, matter_fold
from models.office.figures import completed_on
from models.records.record import Actor, Hand
from rules.book.contract.guards import MATTER_GUARDS
from rules.book.loading import load_rulebook

BOOK = load_rulebook()
LEDGER = BOOK.ledger
NOW = datetime(2026, 1, 5, tzinfo=UTC)
OFFICE = Actor("李四", "office")
UNIT = Actor("王五", "unit", "甲处")
LEADER = Actor("校领导", "leader")
UNITS = frozenset({"甲处", "乙处", "丙处"})
OPINION = {"title": "事项", "category": "plan", "basis": "工作要点第7项", "consulted_with": "甲处", "lead_unit": "甲处",
           "due_on": date(2026, 4, 30)}  # fmt: skip


def done(matter: Matter, action: str, on: str = "2026-01-05", actor: Actor = OFFICE, **details: Any) -> Matter:
    request = MatterRequest(matter, details, actor, date.fromisoformat(on), UNITS, LEDGER)
    return act(action, request, hand=Hand(request.actor, "测试"), recorded_at=NOW)[0]


def refused(matter: Matter, action: str, on: str = "2026-01-05", actor: Actor = OFFICE, **details: Any) -> set[str]:
    """The provisions that forbid the action."""
    with pytest.raises(ActRefused) as found:
        done(matter, action, on, actor, **details)
    return {BOOK.guards[guard].provision for guard in found.value.guards}


@pytest.fixture
def proposed() -> Matter:
    return done(Matter(), "propose", **OPINION)


@pytest.fixture
def assigned(proposed: Matter) -> Matter:
    registered = done(proposed, "register", route="direct", approved_by="主任")
    return done(registered, "assign", channel="oa")


def test_every_guard_of_the_ledger_is_a_function_and_every_function_is_used() -> None:
    used = {guard for action in LEDGER.actions.values() for guard in action.guards} | set(LEDGER.actor_guards.values())
    assert used == set(GUARDS) == set(MATTER_GUARDS)


@pytest.mark.parametrize(
    ("change", "provision"),
    [
        ({"consulted_with": None}, "art-6.1.a"),
        ({"items": 2}, "art-6.1.a"),
        ({"category": "other"}, "art-4.6"),
        ({"lead_unit": "校外公司"}, "art-3.2.a"),
        ({"co_units": ["校外公司"]}, "art-3.2.a"),
    ],
    ids=["not consulted", "two items", "other without a reason", "stranger leads", "stranger helps"],
)
def test_an_opinion_that_a_provision_forbids_is_refused(change: dict[str, Any], provision: str) -> None:
    assert provision in refused(Matter(), "propose", **(OPINION | change))


def test_all_refusals_are_told_at_once() -> None:
    found = refused(Matter(), "propose", actor=UNIT, **(OPINION | {"consulted_with": None, "category": "other"}))
    assert found == {"art-3.1.b", "art-6.1.a", "art-4.6"}


@pytest.mark.parametrize(
    ("opinion", "details", "provision"),
    [
        ({"due_on": None}, {"route": "direct", "approved_by": "主任"}, "art-6.1.b"),
        ({"lead_unit": None}, {"route": "direct", "approved_by": "主任"}, "art-6.1.b"),
        ({}, {"route": "direct"}, "art-6.1.b"),
        ({"major": True}, {"route": "direct", "approved_by": "主任"}, "art-6.1.c"),
        ({"comprehensive": True}, {"route": "direct", "approved_by": "主任"}, "art-6.1.c"),
        ({"co_units": ["乙处", "丙处"]}, {"route": "direct", "approved_by": "主任"}, "art-6.1.c"),
        ({"major": True}, {"route": "leader"}, "art-6.1.c"),
    ],
    ids=["no due date", "no unit", "no director", "major", "comprehensive", "three units", "leader has not approved"],
)
def test_each_route_has_its_conditions(opinion: dict[str, Any], details: dict[str, Any], provision: str) -> None:
    assert refused(done(Matter(), "propose", **(OPINION | opinion)), "register", **details) == {provision}


def test_two_units_may_still_be_registered_directly() -> None:
    matter = done(Matter(), "propose", **(OPINION | {"co_units": ["乙处"]}))
    assert done(matter, "register", route="direct", approved_by="主任").state == "registered"


@pytest.mark.parametrize(
    ("rank", "allowed"), [("副职", False), ("正职", True), ("主持工作", True), ("副职主持工作", True)]
)
def test_several_units_need_a_plan_and_a_qualified_project_leader(rank: str, allowed: bool) -> None:
    matter = done(Matter(), "propose", **(OPINION | {"co_units": ["乙处", "丙处"]}))
    matter = done(matter, "register", route="leader", approved_by="校领导")
    assert refused(matter, "assign", channel="oa") == {"art-3.3.a", "art-3.3.b"}
    arrangement = {"plan": "方案", "division": "分工", "project_leader": {"name": "赵六", "rank": rank}}
    if allowed:
        assert done(done(matter, "arrange", **arrangement), "assign", channel="oa").state == "assigned"
    else:
        assert refused(matter, "arrange", **arrangement) == {"art-3.3.b"}


def test_an_assignment_goes_through_oa(proposed: Matter) -> None:
    registered = done(proposed, "register", route="direct", approved_by="主任")
    assert refused(registered, "assign", channel="telephone") == {"art-6.2.a"}


@pytest.mark.parametrize(("on", "allowed"), [("2026-04-30", False), ("2026-05-01", True)])
def test_urging_is_for_what_is_overdue(assigned: Matter, on: str, allowed: bool) -> None:
    if allowed:
        assert done(assigned, "urge", on).has("urge")
    else:
        assert refused(assigned, "urge", on) == {"art-6.4"}


def test_a_granted_extension_stops_urging_and_a_pending_one_does_not(assigned: Matter) -> None:
    asked = done(assigned, "request_extension", "2026-04-20", UNIT, reason="数据未到", progress="完成七成")
    assert done(asked, "urge", "2026-05-06").has("urge")
    granted = done(asked, "decide_extension", "2026-04-25", LEADER, granted=True, new_due_on=date(2026, 5, 31))
    assert granted.due_on == date(2026, 5, 31)
    assert refused(granted, "urge", "2026-05-06") == {"art-6.5.2.a"}
    assert done(granted, "urge", "2026-06-01").has("urge")


@pytest.mark.parametrize(
    ("actor", "details"),
    [
        (OFFICE, {"granted": True, "new_due_on": date(2026, 5, 31)}),
        (LEADER, {"granted": True}),
        (LEADER, {"granted": True, "new_due_on": date(2026, 4, 30)}),
        (LEADER, {"granted": False, "new_due_on": date(2026, 5, 31)}),
    ],
    ids=["not a leader", "no new day", "not later", "refused with a day"],
)
def test_only_a_leader_moves_the_due_date(assigned: Matter, actor: Actor, details: dict[str, Any]) -> None:
    asked = done(assigned, "request_extension", "2026-04-20", UNIT, reason="数据未到", progress="完成七成")
    assert refused(asked, "decide_extension", "2026-04-25", actor, **details) == {"art-6.5.2.a"}


def test_a_request_needs_a_reason_and_a_decision_needs_a_request(assigned: Matter) -> None:
    assert refused(assigned, "request_extension", "2026-04-20", UNIT, reason="忙") == {"art-6.5.2.a"}
    assert refused(assigned, "decide_extension", "2026-04-25", LEADER, granted=False) == {"art-6.5.2.a"}


def test_another_unit_cannot_report(assigned: Matter) -> None:
    assert refused(assigned, "report", "2026-04-29", Actor("某", "unit", "乙处")) == {"art-6.5.1.a"}


def test_from_report_to_archive(assigned: Matter) -> None:
    reported = done(assigned, "report", "2026-04-29", UNIT, result="已完成")
    assert refused(reported, "urge", "2026-05-02") == {"art-6.4"}
    assert refused(reported, "return", "2026-05-03") == {"art-6.5.1.b"}
    returned = done(reported, "return", "2026-05-03", reason="缺数据", new_due_on=date(2026, 5, 20))
    assert (returned.state, returned.due_on) == ("returned", date(2026, 5, 20))
    completed = done(done(returned, "report", "2026-05-19", UNIT, result="已补"), "accept", "2026-05-20")
    assert [found.accepted for found in completed.submissions] == [False, True]
    assert refused(completed, "close", "2026-05-21", office_agrees=True, leader_agrees=False) == {"annex-1.f7"}
    with pytest.raises(WrongDay):
        done(completed, "close", "2026-05-19", office_agrees=True, leader_agrees=True)
    closed = done(completed, "close", "2026-05-21", office_agrees=True, leader_agrees=True)
    contents = list(LEDGER.archive)
    assert refused(closed, "archive", "2026-06-01", contents=contents) == {"art-6.6"}
    told = done(closed, "feed_back", "2026-05-22", to="校领导")
    assert refused(told, "archive", "2026-06-01", contents=contents[1:]) == {"art-6.7"}
    assert done(told, "archive", "2026-06-01", contents=contents).state == "archived"


@pytest.mark.parametrize("new", ["2026-03-31", "2026-12-31"], ids=["earlier", "later"])
def test_nobody_but_a_leader_moves_the_due_date_once_it_is_assigned(assigned: Matter, new: str) -> None:
    assert refused(assigned, "arrange", "2026-02-01", due_on=date.fromisoformat(new)) == {"art-6.5.2.a"}
    assert done(assigned, "arrange", "2026-02-01", due_on=OPINION["due_on"], plan="方案").due_on == OPINION["due_on"]


def test_a_due_date_may_be_set_where_there_is_none_yet() -> None:
    matter = done(Matter(), "propose", **(OPINION | {"due_on": None}))
    matter = done(done(matter, "register", route="leader", approved_by="校领导"), "assign", channel="oa")
    assert done(matter, "arrange", "2026-02-01", due_on=date(2026, 4, 30)).due_on == date(2026, 4, 30)


@pytest.mark.parametrize(
    ("on", "new", "allowed"),
    [("2026-05-03", "2026-05-02", False), ("2026-05-03", "2026-05-03", True), ("2026-04-20", "2026-04-25", False),
     ("2026-04-20", "2026-04-30", True)],
    ids=["past", "the same day", "less time than before", "the day that it was"],
)  # fmt: skip
def test_a_return_takes_no_time_away(assigned: Matter, on: str, new: str, allowed: bool) -> None:
    reported = done(assigned, "report", "2026-04-15", UNIT, result="已完成")
    details = {"reason": "缺数据", "new_due_on": date.fromisoformat(new)}
    if allowed:
        assert done(reported, "return", on, **details).due_on == date.fromisoformat(new)
    else:
        assert refused(reported, "return", on, **details) == {"art-6.5.1.b"}


def test_urging_before_a_day_set_on_return_is_refused_as_such(assigned: Matter) -> None:
    reported = done(assigned, "report", "2026-05-02", UNIT, result="已完成")
    returned = done(reported, "return", "2026-05-03", reason="缺数据", new_due_on=date(2026, 5, 20))
    assert refused(returned, "urge", "2026-05-20") == {"art-6.5.1.b"}
    assert done(returned, "urge", "2026-05-21").has("urge")


def test_where_the_leader_does_not_agree_the_work_goes_back_and_is_told_anew(assigned: Matter) -> None:
    completed = done(done(assigned, "report", "2026-04-20", UNIT, result="完成"), "accept", "2026-04-21")
    told = done(completed, "feed_back", "2026-04-22", to="校领导")
    returned = done(told, "return", "2026-04-23", kind="redo", reason="校领导意见为否：数据不实")
    assert (returned.state, returned.fed_back_on, completed_on(returned)) == ("returned", None, None)
    again = done(done(returned, "report", "2026-04-25", UNIT, result="已核实"), "accept", "2026-04-26")
    assert (completed_on(again), [sent.accepted for sent in again.submissions]) == (date(2026, 4, 26), [False, True])


def test_an_action_out_of_turn_is_refused(proposed: Matter) -> None:
    for action in ("assign", "report", "close", "archive", "propose"):
        with pytest.raises(WrongState):
            done(proposed, action)


def test_records_replayed_make_the_same_matter(assigned: Matter) -> None:
    reported = done(assigned, "report", "2026-04-29", UNIT, result="已完成")
    again = matter_fold(reported.records, LEDGER.actions)
    assert again == reported
