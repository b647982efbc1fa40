"""The life of a matter: what is allowed, what is refused, and by which provision."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.matter.act import GUARDS, ActRefused, MatterRequest, WrongDay, WrongState, act
from models.matter.matter import Matter, matter_fold
from models.office.figures import completed_on
from models.records.record import Actor, Hand, Record
from rules.book.contract.guards import MATTER_GUARDS
from rules.book.contract.matter_effects import RegistrationOpinion
from rules.book.contract.people import PersonRef
from rules.book.loading import load_rulebook
from tests.approved import AGREED, DIRECTOR, LEADER

BOOK = load_rulebook()
LEDGER = BOOK.ledger
NOW = datetime(2026, 1, 5, tzinfo=UTC)
OFFICE = Actor("李四", "office")
UNIT = Actor("王五", "unit", "甲处")
UNITS = frozenset({"甲处", "乙处", "丙处"})
OPINION = {"title": "事项", "category": "plan", "basis": "工作要点第7项", "consulted_with": "甲处", "lead_unit": "甲处",
           "due_on": date(2026, 4, 30)}  # fmt: skip


def done(matter: Matter, action: str, on: str = "2026-01-05", actor: Actor = OFFICE, **details: Any) -> Matter:
    request = MatterRequest(matter, details, actor, date.fromisoformat(on), UNITS, LEDGER)
    return act(action, request, hand=Hand(request.actor, "测试"), recorded_at=NOW)[0]


def registered(matter: Matter, route: str = "direct") -> Matter:
    """Registered as the director, or a leader, wants it."""
    who, said = (DIRECTOR, "endorse_registration") if route == "direct" else (LEADER, "approve_registration")
    return done(done(matter, said, actor=who, **AGREED), "register", route=route)


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
    return done(registered(proposed), "assign", channel="oa")


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
    ("opinion", "route", "endorsed", "provision"),
    [
        ({"due_on": None}, "direct", True, "art-6.1.b"),
        ({"lead_unit": None}, "direct", True, "art-6.1.b"),
        ({}, "direct", False, "art-6.1.b"),
        ({"major": True}, "direct", True, "art-6.1.c"),
        ({"comprehensive": True}, "direct", True, "art-6.1.c"),
        ({"co_units": ["乙处", "丙处"]}, "direct", True, "art-6.1.c"),
        ({"major": True}, "leader", True, "art-6.1.c"),
    ],
    ids=["no due date", "no unit", "no director", "major", "comprehensive", "three units", "leader has not approved"],
)
def test_each_route_has_its_conditions(opinion: dict[str, Any], route: str, endorsed: bool, provision: str) -> None:
    matter = done(Matter(), "propose", **(OPINION | opinion))
    matter = done(matter, "endorse_registration", actor=DIRECTOR, **AGREED) if endorsed else matter
    assert refused(matter, "register", route=route) == {provision}


def test_two_units_may_still_be_registered_directly() -> None:
    matter = done(Matter(), "propose", **(OPINION | {"co_units": ["乙处"]}))
    assert registered(matter).state == "registered"


@pytest.mark.parametrize(
    ("rank", "allowed"), [("副职", False), ("正职", True), ("主持工作", True), ("副职主持工作", True)]
)
def test_several_units_need_a_plan_and_a_qualified_project_leader(rank: str, allowed: bool) -> None:
    matter = done(Matter(), "propose", **(OPINION | {"co_units": ["乙处", "丙处"]}))
    matter = registered(matter, "leader")
    assert refused(matter, "assign", channel="oa") == {"art-3.3.a", "art-3.3.b"}
    arrangement = {"plan": "方案", "division": "分工", "project_leader": {"name": "赵六", "rank": rank}}
    if allowed:
        assert done(done(matter, "arrange", **arrangement), "assign", channel="oa").state == "assigned"
    else:
        assert refused(matter, "arrange", **arrangement) == {"art-3.3.b"}


def test_an_assignment_goes_through_oa(proposed: Matter) -> None:
    assert refused(registered(proposed), "assign", channel="telephone") == {"art-6.2.a"}


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
    found = refused(asked, "decide_extension", "2026-04-25", actor, **details)
    assert found == {"art-6.5.2.a"} | ({"art-6.1.c"} if actor is OFFICE else set())


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
    assert refused(completed, "close", "2026-05-21", office_agrees=True) == {"annex-1.f7"}
    signed = done(completed, "sign_closing", "2026-05-20", LEADER, **AGREED)
    assert refused(signed, "close", "2026-05-21", office_agrees=False) == {"annex-1.f7"}
    with pytest.raises(WrongDay):
        done(signed, "close", "2026-05-19", office_agrees=True)
    closed = done(signed, "close", "2026-05-21", office_agrees=True)
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
    matter = done(registered(matter, "leader"), "assign", channel="oa")
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


REFUSED = {"agrees": False, "opinion": "依据不足"}


@pytest.mark.parametrize(
    ("action", "actor", "route"),
    [("endorse_registration", DIRECTOR, "direct"), ("approve_registration", LEADER, "leader")],
)
def test_a_refusal_stands_until_another_opinion(proposed: Matter, action: str, actor: Actor, route: str) -> None:
    against = done(proposed, action, actor=actor, **REFUSED)
    assert refused(against, "register", route=route)
    assert done(done(against, action, actor=actor, **AGREED), "register", route=route).state == "registered"
    agreed = done(proposed, action, actor=actor, **AGREED)
    assert refused(done(agreed, action, actor=actor, **REFUSED), "register", route=route)


def test_what_a_leader_refuses_is_not_registered_directly(proposed: Matter) -> None:
    against = done(
        done(proposed, "approve_registration", actor=LEADER, **REFUSED),
        "endorse_registration",
        actor=DIRECTOR,
        **AGREED,
    )
    assert refused(against, "register", route="direct") == {"art-6.1.c"}
    assert registered(against, "leader").state == "registered"


def test_a_leader_who_refuses_to_close_is_asked_again_after_the_work_was_redone(assigned: Matter) -> None:
    completed = done(done(assigned, "report", "2026-04-29", UNIT, result="已完成"), "accept", "2026-05-02")
    against = done(completed, "sign_closing", "2026-05-03", LEADER, agrees=False, opinion="数据不实")
    assert refused(against, "close", "2026-05-04", office_agrees=True) == {"annex-1.f7"}
    assert done(
        done(against, "sign_closing", "2026-05-04", LEADER, **AGREED), "close", "2026-05-04", office_agrees=True
    )
    agreed = done(completed, "sign_closing", "2026-05-03", LEADER, **AGREED)
    again = done(agreed, "return", "2026-05-04", kind="redo", reason="另有不实")
    again = done(done(again, "report", "2026-05-05", UNIT, result="已改"), "accept", "2026-05-06")
    assert refused(again, "close", "2026-05-07", office_agrees=True) == {"annex-1.f7"}


@pytest.mark.parametrize(
    ("change", "stands"),
    [({"due_on": date(2026, 12, 31)}, False), ({"lead_unit": "乙处"}, False), ({"co_units": ["乙处"]}, False),
     ({"plan": "方案"}, True), ({"due_on": OPINION["due_on"]}, True)],
    ids=["due date", "lead unit", "co-unit", "plan", "the same day"],
)  # fmt: skip
def test_what_was_approved_is_what_is_registered(proposed: Matter, change: dict[str, Any], stands: bool) -> None:
    for action, actor, route in (
        ("endorse_registration", DIRECTOR, "direct"),
        ("approve_registration", LEADER, "leader"),
    ):
        changed = done(done(proposed, action, actor=actor, **AGREED), "arrange", **change)
        if stands:
            assert done(changed, "register", route=route).state == "registered"
        else:
            assert refused(changed, "register", route=route)


def test_what_was_open_when_a_leader_approved_may_be_filled_in() -> None:
    open_yet = done(Matter(), "propose", **(OPINION | {"due_on": None, "lead_unit": None}))
    approved = done(open_yet, "approve_registration", actor=LEADER, **AGREED)
    filled = done(approved, "arrange", lead_unit="甲处", due_on=OPINION["due_on"])
    assert done(filled, "register", route="leader").due_on == OPINION["due_on"]


def test_a_matter_is_not_registered_before_it_was_approved(proposed: Matter) -> None:
    later = done(proposed, "approve_registration", "2026-01-09", LEADER, **AGREED)
    assert refused(later, "register", "2026-01-08", route="leader") == {"art-6.1.c"}
    with pytest.raises(WrongDay):
        done(proposed, "approve_registration", "2026-01-04", LEADER, **AGREED)


@pytest.mark.parametrize(("action", "kind"), [("endorse_registration", "director"), ("approve_registration", "leader")])
@pytest.mark.parametrize("actor", [OFFICE, UNIT, DIRECTOR, LEADER], ids=lambda one: one.kind)
def test_each_opinion_is_its_own_hands(proposed: Matter, action: str, kind: str, actor: Actor) -> None:
    if actor.kind == kind:
        assert done(proposed, action, actor=actor, **AGREED).opinions
    else:
        assert refused(proposed, action, actor=actor, **AGREED)


@pytest.mark.parametrize("name", [OFFICE.name, f"{OFFICE.name} ", "李\u200b四"], ids=["name", "blank", "zero width"])
def test_who_proposed_approves_nothing(proposed: Matter, assigned: Matter, name: str) -> None:
    completed = done(done(assigned, "report", "2026-04-29", UNIT, result="已完成"), "accept", "2026-05-02")
    tried = ((proposed, "endorse_registration", "director", {}), (proposed, "approve_registration", "leader", {}),
             (assigned, "approve_change", "leader", {"lead_unit": "乙处"}), (completed, "sign_closing", "leader", {}))  # fmt: skip
    for matter, action, kind, more in tried:
        with pytest.raises(ActRefused) as found:
            done(matter, action, "2026-05-03", Actor(name, kind), **AGREED, **more)
        assert found.value.guards == ("approver_apart",)


def test_whoever_wrote_the_proposal_down_for_another_approves_nothing() -> None:
    entered = MatterRequest(Matter(), OPINION, Actor("赵六", "office", id="P-6"), date(2026, 1, 5), UNITS, LEDGER)
    matter = act("propose", entered, hand=Hand(entered.actor, "李四", "P-4"), recorded_at=NOW)[0]
    for clerk, allowed in (("P-4", False), ("P-6", False), ("P-7", True)):
        request = MatterRequest(matter, AGREED, Actor("某", "director", id=clerk), date(2026, 1, 5), UNITS, LEDGER)
        assert GUARDS["approver_apart"](request) is allowed


def test_a_refusal_says_why(proposed: Matter) -> None:
    with pytest.raises(ActRefused) as found:
        done(proposed, "approve_registration", actor=LEADER, agrees=False, opinion="　")
    assert found.value.guards == ("refusal_worded",)


def test_the_director_is_who_leads_the_office() -> None:
    head, other = PersonRef("程远", "P-1"), PersonRef("程远", "P-2")
    matter = done(Matter(), "propose", **OPINION)
    for one, allowed in ((head, True), (other, False)):
        request = MatterRequest(matter, AGREED, Actor(one.name, "director", id=one.id), date(2026, 1, 5), UNITS, LEDGER,
                                leading={"办公室": (head,)}, office=frozenset({"办公室"}))  # fmt: skip
        assert GUARDS["director_acts"](request) is allowed


def test_an_older_ledger_tells_of_a_closing_without_a_leader_up_to_the_day_it_was_brought_in() -> None:
    details = OPINION | {"assigned_on": date(2025, 9, 1), "source": "旧台账"}
    brought = done(Matter(), "carry_over", "2025-09-01", **{k: v for k, v in details.items() if k != "consulted_with"})
    completed = done(done(brought, "report", "2025-12-01", UNIT, result="已完成"), "accept", "2025-12-02")
    assert done(completed, "close", "2026-01-05", office_agrees=True).state == "closed"  # NOW
    assert refused(completed, "close", "2026-01-06", office_agrees=True) == {"annex-1.f7"}


def test_older_records_go_on_counting() -> None:
    """Up to 0.2.0 a record named whoever approved, and ticked the leader's box."""
    made = NOW
    old = [
        Record(1, "propose", date(2026, 1, 5), Hand(OFFICE, "李四"), OPINION | {"major": True}, made),
        Record(2, "register", date(2026, 5, 6), Hand(OFFICE, "李四"),
               {"route": "leader", "approved_by": "校领导", "approved_on": "2026-05-06", "opinion": "同意", "reason": "会议所定"}, made),
    ]  # fmt: skip
    matter = matter_fold(old, LEDGER.actions)
    said = matter.opinion(RegistrationOpinion)
    assert (said.hand.actor, said.words, said.agrees) == (LEADER, "同意", None)
    assigned = done(matter, "assign", "2026-05-07", channel="oa")
    end = Record(
        4, "close", date(2026, 6, 1), Hand(OFFICE, "李四"), {"office_agrees": True, "leader_agrees": True}, made
    )
    assert matter_fold([*assigned.records, end], LEDGER.actions).state == "closed"
