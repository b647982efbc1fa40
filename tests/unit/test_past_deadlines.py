"""A deadline that is past when it is set, and an overdue matter moved to another unit, need a reason and a leader's approval.

No provision says so: it is a policy, and is called one. Source: art-6.1.b and art-6.5.2.a for comparison.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest

from models.matter.act import ActRefused, MatterRequest, WrongDay, act
from models.matter.matter import Matter
from models.records.record import Actor, Hand
from models.schemas.entries import matter_entries
from rules.book.loading import load_rulebook
from rules.reasoning.calendar import LOCAL
from service.books import books
from service.usecases.refusals import explained
from tests.approved import AGREED, DIRECTOR, LEADER

BOOK = load_rulebook()
OFFICE, UNIT = Actor("李四", "office"), Actor("王五", "unit", "甲处")
DUE = date(2026, 4, 30)
BEFORE, AFTER = date(2026, 4, 1), date(2026, 5, 6)
SETS = {"due_on", "new_due_on"}
NAMES = {"lead_unit", "co_units"}
REASON: dict[str, Any] = {"reason": "会议当日方才议定"}
PART = [(more, approved) for more in ({}, REASON) for approved in (False, True)]
IDS = ["nothing", "approved", "reason", "reason+approved"]
MISSING = {"reason": "past_due_reasoned", "approved": "past_due_approved"}


def done(
    matter: Matter, action: str, on: date, actor: Actor = OFFICE, entered_on: date | None = None, **details: Any
) -> Matter:
    units = frozenset({"甲处", "乙处", "丙处"})
    request = MatterRequest(matter, details, actor, on, units, BOOK.ledger, entered_on=entered_on)
    at = datetime.combine(entered_on or on, time(10), LOCAL)
    return act(action, request, hand=Hand(request.actor, "测试"), recorded_at=at)[0]


def forbids(matter: Matter, action: str, on: date, actor: Actor = OFFICE, **details: Any) -> set[str]:
    """The guards that forbid an act."""
    try:
        done(matter, action, on, actor, **details)
    except ActRefused as error:
        return set(error.guards)
    return set()


def missing(more: dict[str, Any], approved: bool) -> set[str]:
    return {guard for name, guard in MISSING.items() if not (approved if name == "approved" else more)}


def said(matter: Matter, on: date, approved: bool = True, **change: Any) -> Matter:
    """The matter after a leader's word on a change, where there was one."""
    return done(matter, "approve_change", on, LEADER, **AGREED, **change) if approved else matter


def proposed(due: date | None, on: date = date(2026, 1, 5), **more: Any) -> Matter:
    opinion = {"title": "事项", "category": "plan", "basis": "要点", "consulted_with": "甲处", "lead_unit": "甲处"}
    return done(Matter(), "propose", on, **(opinion | {"due_on": due} | more))


def wanted(matter: Matter, on: date, route: str = "leader") -> Matter:
    """The matter after a leader's word on its registration, or the director's."""
    leader = route == "leader"
    return done(
        matter,
        "approve_registration" if leader else "endorse_registration",
        on,
        LEADER if leader else DIRECTOR,
        **AGREED,
    )


def registered(due: date | None, on: date = date(2026, 1, 6), **more: Any) -> Matter:
    return done(wanted(proposed(due), on), "register", on, route="leader", **more)


def assigned(due: date | None = DUE) -> Matter:
    return done(registered(due), "assign", date(2026, 1, 8), channel="oa")


def carried(due: date | None = DUE) -> Matter:
    details = {"title": "事项", "category": "plan", "basis": "要点", "lead_unit": "甲处", "due_on": due, "source": "旧台账",
               "assigned_on": date(2026, 1, 8)}  # fmt: skip
    return done(Matter(), "carry_over", date(2026, 6, 1), **details)


def returned() -> Matter:
    matter = done(assigned(), "report", date(2026, 4, 29), UNIT, result="完成")
    return done(matter, "return", date(2026, 5, 2), reason="不全")


def asked(matter: Matter) -> Matter:
    return done(matter, "request_extension", date(2026, 4, 20), UNIT, reason="数据未到", progress="七成")


def test_every_action_that_sets_a_deadline_or_a_unit_is_tried() -> None:
    """One that is added later has to be thought of here."""
    found = {
        action for action, fields in matter_entries(load_rulebook()).fields.items() if (SETS | NAMES) & set(fields)
    }
    assert found == {"propose", "carry_over", "arrange", "approve_change", "decide_extension", "return"}
    policies = {"past_due_reasoned", "past_due_approved", "moved_overdue_approved"}
    assert {*found, "register", "assign"} - {"carry_over", "approve_change", "return"} == {
        action.id for action in BOOK.ledger.actions.values() if policies & set(action.guards)
    }


@pytest.mark.parametrize("more", [{}, REASON], ids=["nothing", "reason"])
def test_a_proposal_with_a_past_deadline_says_why(more: dict[str, Any]) -> None:
    opinion = {
        "title": "事项",
        "category": "plan",
        "basis": "要点",
        "consulted_with": "甲处",
        "lead_unit": "甲处",
        "due_on": DUE,
    }
    assert forbids(Matter(), "propose", AFTER, **opinion, **more) == (set() if more else {"past_due_reasoned"})
    assert forbids(Matter(), "propose", DUE, **opinion) == set()


@pytest.mark.parametrize("route", ["leader", "direct"])
@pytest.mark.parametrize(("more", "approved"), PART, ids=IDS)
def test_a_matter_whose_deadline_is_past_is_registered_only_by_a_leader(
    route: str, more: dict[str, Any], approved: bool
) -> None:
    lacking = missing(more, approved and route == "leader")
    if not approved:
        lacking.add("major_needs_leader" if route == "leader" else "direct_needs_director")
    matter = wanted(proposed(DUE), AFTER, route) if approved else proposed(DUE)
    assert forbids(matter, "register", AFTER, route=route, **more) == lacking
    assert forbids(wanted(proposed(DUE), DUE, "direct"), "register", DUE, route="direct") == set()


def test_a_leader_who_spoke_while_the_deadline_was_ahead_has_not_approved_one_that_is_past() -> None:
    matter = wanted(proposed(DUE), DUE)
    assert forbids(matter, "register", AFTER, route="leader", **REASON) == {"past_due_approved"}
    assert forbids(wanted(matter, AFTER), "register", AFTER, route="leader", **REASON) == set()


def test_a_reason_given_with_the_proposal_need_not_be_given_again() -> None:
    late = wanted(proposed(DUE, AFTER, reason="交办在前"), AFTER)
    assert forbids(late, "register", AFTER, route="leader") == set()
    other = wanted(
        proposed(DUE, category="other", reason="来源为其他"), AFTER
    )  # says nothing of a deadline: it was not past then
    assert forbids(other, "register", AFTER, route="leader") == {"past_due_reasoned"}


@pytest.mark.parametrize(("more", "approved"), PART, ids=IDS)
def test_a_deadline_that_passed_since_registration_is_assigned_only_by_a_leader(
    more: dict[str, Any], approved: bool
) -> None:
    matter = said(registered(DUE), AFTER, approved, due_on=DUE)
    assert forbids(matter, "assign", AFTER, channel="oa", **more) == missing(more, approved)
    assert forbids(registered(DUE), "assign", DUE, channel="oa") == set()


def test_what_was_approved_at_registration_is_assigned_without_another_approval() -> None:
    approved = registered(DUE, AFTER, **REASON)
    assert forbids(approved, "assign", AFTER + timedelta(days=1), channel="oa") == set()


@pytest.mark.parametrize(
    ("state", "matter"), [("registered", registered(None)), ("registered with a day", registered(DUE)),
                          ("assigned", assigned(None)), ("carried over", carried(None))], ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_an_arrangement_sets_a_past_deadline_only_by_a_leader(state: str, matter: Matter) -> None:
    past = date(2026, 5, 1) if matter.due_on else DUE
    on = date(2026, 6, 2)
    for more, approved in PART:
        asked_for = said(matter, on, approved, due_on=past)
        assert forbids(asked_for, "arrange", on, due_on=past, **more) == missing(more, approved)
    other = said(matter, on, due_on=past - timedelta(days=1))
    assert forbids(other, "arrange", on, due_on=past, **REASON) == {"past_due_approved"}
    against = done(
        said(matter, on, due_on=past), "approve_change", on, LEADER, due_on=past, agrees=False, opinion="不妥"
    )
    assert forbids(against, "arrange", on, due_on=past, **REASON) == {"past_due_approved"}
    assert forbids(matter, "arrange", on, due_on=on) == set()
    assert forbids(matter, "arrange", on, plan="方案") == set()


def test_an_arrangement_of_a_proposal_says_why_and_the_registration_asks_for_the_leader() -> None:
    assert forbids(proposed(None), "arrange", AFTER, due_on=DUE) == {"past_due_reasoned"}
    matter = wanted(done(proposed(None), "arrange", AFTER, due_on=DUE, reason="会议所定"), AFTER, "direct")
    assert forbids(matter, "register", AFTER, route="direct") == {"past_due_approved"}


@pytest.mark.parametrize(("new", "reasoned", "allowed"), [
    (date(2026, 5, 3), False, False), (date(2026, 5, 3), True, True), (AFTER, False, True), (date(2026, 6, 1), False, True),
])  # fmt: skip
def test_a_leader_who_grants_an_extension_to_a_past_day_says_why(new: date, reasoned: bool, allowed: bool) -> None:
    more = {"reason": "补记会议决定"} if reasoned else {}
    found = forbids(asked(assigned()), "decide_extension", AFTER, LEADER, granted=True, new_due_on=new, **more)
    assert found == (set() if allowed else {"past_due_reasoned"})
    assert forbids(asked(assigned()), "decide_extension", AFTER, LEADER, granted=False) == set()


MOVES: list[dict[str, Any]] = [
    {"lead_unit": "乙处"}, {"co_units": ("乙处",)}, {"lead_unit": "乙处", "co_units": ("甲处",)},
    {"lead_unit": "甲处", "co_units": ("丙处",)},
]  # fmt: skip
STAYS: list[dict[str, Any]] = [{"lead_unit": "甲处"}, {"plan": "方案"}, {"lead_unit": "甲处", "co_units": ()}]


@pytest.mark.parametrize("matter", [assigned(), carried(), returned()], ids=["assigned", "carried over", "returned"])
def test_an_overdue_matter_is_moved_only_by_a_leader(matter: Matter) -> None:
    leader = {"project_leader": {"name": "赵六", "rank": "正职"}}
    on = date(2026, 6, 2)
    for move, (more, approved) in product(MOVES, PART):
        asked_for = said(matter, on, approved, **move)
        assert forbids(asked_for, "arrange", on, **leader, **move, **more) == (
            set() if more and approved else {"moved_overdue_approved"}
        ), (move, more)
    elsewhere = said(matter, on, lead_unit="丙处")
    assert forbids(elsewhere, "arrange", on, **leader, **MOVES[0], **REASON) == {"moved_overdue_approved"}
    for stay in STAYS:
        assert forbids(matter, "arrange", on, **leader, **stay) == set()


def test_a_move_that_is_dated_back_before_the_due_date_needs_the_leader_all_the_same() -> None:
    for move, (more, approved) in product(MOVES, PART):
        leader = {"project_leader": {"name": "赵六", "rank": "正职"}}
        asked_for = said(assigned(), DUE, approved, **move)
        assert forbids(asked_for, "arrange", DUE, entered_on=AFTER, **leader, **move, **more) == (
            set() if more and approved else {"moved_overdue_approved"}
        ), (move, more)
        assert forbids(assigned(), "arrange", BEFORE, entered_on=DUE, **leader, **move) == set()


@pytest.mark.parametrize(
    "matter", [registered(None), assigned(None), carried(None)], ids=["registered", "assigned", "carried over"]
)
def test_a_deadline_set_by_an_act_that_is_dated_back_is_past_on_the_day_of_entry(matter: Matter) -> None:
    day = max(record.on for record in matter.records)
    due = max(day, DUE)
    for more, approved in PART:
        asked_for = said(matter, day, approved, due_on=due)
        found = forbids(asked_for, "arrange", day, entered_on=due + timedelta(days=1), due_on=due, **more)
        assert found == missing(more, approved)
    assert forbids(matter, "arrange", day, entered_on=due, due_on=due) == set()


def test_an_extension_that_is_dated_back_to_a_day_now_past_says_why() -> None:
    granted = {"granted": True, "new_due_on": date(2026, 5, 15)}
    day, entered = date(2026, 4, 25), date(2026, 5, 20)
    assert forbids(asked(assigned()), "decide_extension", day, LEADER, entered_on=entered, **granted) == {
        "past_due_reasoned"
    }
    assert (
        forbids(asked(assigned()), "decide_extension", day, LEADER, entered_on=entered, **granted, reason="补记")
        == set()
    )
    assert forbids(asked(assigned()), "decide_extension", day, LEADER, entered_on=date(2026, 5, 15), **granted) == set()


def test_dating_proposal_registration_and_assignment_back_avoids_neither_reason_nor_leader() -> None:
    opinion = {"title": "事项", "category": "plan", "basis": "要点", "consulted_with": "甲处", "lead_unit": "甲处"}
    back: dict[str, Any] = {"on": BEFORE, "entered_on": AFTER}
    assert forbids(Matter(), "propose", **back, **opinion, due_on=DUE) == {"past_due_reasoned"}
    matter = done(Matter(), "propose", **back, **opinion, due_on=DUE, reason="会议当日方才议定")
    direct = wanted(matter, BEFORE, "direct")
    assert "past_due_approved" in forbids(direct, "register", **back, route="direct")
    agreed = wanted(matter, AFTER, "leader")  # and nothing rests on what is agreed to only later
    assert forbids(agreed, "register", **back, route="leader") == {"major_needs_leader", "past_due_approved"}
    matter = done(agreed, "register", AFTER, route="leader")
    with pytest.raises(WrongDay):
        forbids(matter, "assign", **back, channel="oa")
    assert forbids(matter, "assign", AFTER, channel="oa") == set()
    in_time = done(wanted(proposed(DUE), date(2026, 1, 6), "direct"), "register", date(2026, 1, 6), route="direct")
    assert forbids(in_time, "assign", **back, channel="oa") == {"past_due_reasoned", "past_due_approved"}
    assert forbids(in_time, "assign", BEFORE, entered_on=DUE, channel="oa") == set()


def test_a_co_unit_is_not_dropped_from_an_overdue_matter_unseen() -> None:
    matter = done(assigned(), "arrange", BEFORE, co_units=("乙处", "丙处"), plan="方案", division="分工")
    assert forbids(matter, "arrange", AFTER, co_units=("乙处",)) == {"moved_overdue_approved"}
    assert forbids(matter, "arrange", AFTER, co_units=("丙处", "乙处")) == set()  # the same ones


def test_a_matter_that_is_not_overdue_is_moved_as_before() -> None:
    for move in MOVES:
        assert forbids(assigned(), "arrange", DUE, **move) == set()
    granted = done(asked(assigned()), "decide_extension", BEFORE + timedelta(days=25), LEADER, granted=True,
                   new_due_on=date(2026, 6, 30))  # fmt: skip
    assert forbids(granted, "arrange", AFTER, lead_unit="乙处") == set()
    assert forbids(assigned(None), "arrange", AFTER, lead_unit="乙处") == set()
    assert forbids(registered(DUE), "arrange", AFTER, lead_unit="乙处") == set()  # the assignment will ask


def test_an_existing_ledger_is_carried_over_with_its_days_and_its_mark() -> None:
    assert carried().carried_over
    assert carried().due_on == DUE


def test_an_approval_moves_the_matter_once() -> None:
    leader = {"project_leader": {"name": "赵六", "rank": "正职"}}
    there = {"lead_unit": "乙处", **leader, **REASON}
    moved = done(said(assigned(), AFTER, lead_unit="乙处"), "arrange", AFTER, **there)
    back = done(said(moved, AFTER, lead_unit="甲处"), "arrange", AFTER, **{**there, "lead_unit": "甲处"})
    assert forbids(back, "arrange", AFTER, **there) == {"moved_overdue_approved"}


@pytest.mark.parametrize("guard", [guard.id for guard in BOOK.guards.values() if guard.policy])
def test_a_refusal_says_that_it_is_a_policy(guard: str) -> None:
    told = explained(ActRefused((guard,)), books())
    assert f"本校管理要求，不是规章的规定；参照{BOOK.provisions[BOOK.guards[guard].provision].citation}" in told
