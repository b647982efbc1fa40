"""Recusal: who may propose it, who decides on it and who lifts it, for every hand that somebody may have in a case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.case.act import WrongStage
from models.case.case import Case, case_fold
from models.case.involvement import involvements
from models.matter.act import ActRefused
from models.people.identity import key
from models.records.record import Actor
from rules.book.contract.people import PersonRef
from tests.lawful_case import (
    BOOK,
    COMMITTEE,
    HEAD,
    LEADER,
    OFFICE,
    ORGANISATION,
    PERSON,
    PERSONNEL,
    SECOND,
    Step,
    asks_to_recuse,
    decides_to_recuse,
    first,
    lifts,
    lived,
    refused,
    stands_down,
    step,
    taken,
    until,
)

DAY = "2026-06-05"
BEFORE = until("decide")
N = len(BEFORE)
OTHER, STRANGER = Actor("校长", "leader"), Actor("路人", "team")
APPROVERS = frozenset({"书记", "校长"})
TARGETS = {
    "the approver": ("书记", "approver"), "the head of the team": ("组长", "team"), "a member": ("组员甲", "team"),
    "a clerk who works on it": ("主任", "office"), "a clerk who did nothing yet": ("卢岩", "office"),
    "a member of the committee": ("委员一", "committee"), "its secretary": ("党委秘书", "committee"),
    "of a department": ("组织部", "department"),
}  # fmt: skip
CONCERNED = (OFFICE, LEADER, OTHER, HEAD, SECOND, PERSON, COMMITTEE, ORGANISATION, PERSONNEL)
SECRETARY = Actor("另一秘书", "committee")
ABLE = {"approver": {OTHER}, "committee": {COMMITTEE, SECRETARY}}
"""Capacity → who decides; of the others those who may approve."""
ANYBODY = (
    *CONCERNED,
    SECRETARY,
    STRANGER,
    Actor("张某", "leader"),
    Actor("副校长", "leader"),
    Actor("某", "unit", "甲处"),
)


def able(name: str, capacity: str, actor: Actor) -> bool:
    """What the issue says: another leader for the approver, the committee for its own, the approver for all others; nobody for themselves."""
    if actor.name in (name, "张某"):
        return False
    if capacity == "approver":
        return actor.kind == "leader"
    return actor in ABLE.get(capacity, {LEADER, OTHER})


def after(*steps: Step, case: Case | None = None) -> Case:
    return lived(*steps, case=case, approvers=APPROVERS)


def allowed(case: Case, one: Step) -> bool:
    try:
        taken(case, one, approvers=APPROVERS)
    except (ActRefused, WrongStage):
        return False
    return True


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("actor", ANYBODY, ids=str)
def test_everybody_concerned_proposes_and_only_who_is_competent_decides_and_lifts(target: str, actor: Actor) -> None:
    name, capacity = TARGETS[target]
    case = after(*BEFORE)
    assert allowed(case, asks_to_recuse(name, capacity, DAY, actor)) is (
        actor not in ANYBODY[-1:] and actor != STRANGER
    )
    asked = after(asks_to_recuse(name, capacity, DAY, PERSON), case=case)
    assert not asked.recused
    for granted in (True, False):
        decided = decides_to_recuse(N + 1, DAY, actor, granted=granted)
        assert allowed(asked, decided) is able(name, capacity, actor)
    by = next(one for one in ANYBODY if able(name, capacity, one))
    gone = after(decides_to_recuse(N + 1, DAY, by), case=asked)
    assert [one.name for one in gone.recused] == [name]
    assert allowed(gone, lifts(name, DAY, actor)) is able(name, capacity, actor)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("actor", CONCERNED, ids=str)
def test_at_once_somebody_recuses_nobody_but_themselves(target: str, actor: Actor) -> None:
    name, _ = TARGETS[target]
    assert allowed(after(*BEFORE), step("recuse", actor, DAY, name=name, ground="interest", reason="利害关系")) is (
        actor.name == name and actor.kind != "person"
    )


def test_a_clerk_alone_no_longer_recuses_the_head_of_the_team_or_the_approver() -> None:
    for name in ("组长", "书记"):
        gone = replace(stands_down(name, DAY), actor=OFFICE)
        assert refused(BEFORE, gone) == {"recuses_oneself"}


@pytest.mark.parametrize("stage", ["approve", "form_team", "find", "submit", "decide", "appeal"])
def test_a_clerk_and_the_committee_are_recused_before_there_is_a_team_as_after(stage: str) -> None:
    before = until(stage)
    on = before[-1].on.isoformat()
    for name, capacity, by in (("卢岩", "office", OTHER), ("委员九", "committee", SECRETARY)):
        case = after(*before, asks_to_recuse(name, capacity, on, PERSON), decides_to_recuse(len(before) + 1, on, by))
        assert [one.name for one in case.recused] == [name]


@pytest.mark.parametrize(
    ("name", "capacity"),
    [("书记", "committee"), ("书记", "team"), ("组长", "committee"), ("组员甲", "office"), ("党委秘书", "office"), ("张某", "office")],
)  # fmt: skip
def test_nobody_is_put_into_another_hand_than_theirs_to_have_somebody_else_decide(name: str, capacity: str) -> None:
    sent_back = step("send_back", COMMITTEE, DAY, reason="补充")
    assert refused((*BEFORE, sent_back), asks_to_recuse(name, capacity, DAY)) == {"recusal_grounded"}


def test_a_proposal_is_decided_once_and_with_a_reason() -> None:
    asked = (*BEFORE, asks_to_recuse("组员甲", "team", DAY))
    decided = decides_to_recuse(N + 1, DAY, granted=False)
    assert refused((*asked, decided), decided) == {"recusal_proposed"}
    assert refused(asked, decides_to_recuse(N, DAY)) == {"recusal_proposed"}
    bare = replace(decided, details={**decided.details, "reason": " "})
    assert refused(asked, bare) == {"reason_given"}
    assert not after(*asked, decided).recused
    assert refused(BEFORE, lifts("组员甲", DAY)) == {"recusal_stands"}
    assert refused((*BEFORE, stands_down("组员甲", DAY)), asks_to_recuse("组员甲", "team", DAY)) == {"not_recused"}


def test_one_s_own_request_answers_what_was_proposed() -> None:
    case = after(*BEFORE, asks_to_recuse("组员甲", "team", DAY), stands_down("组员甲", DAY))
    assert not case.recusals.proposed


@pytest.mark.parametrize("name", ["组长", "组员甲"])
@pytest.mark.parametrize("own", [True, False])
def test_after_lifting_a_member_works_and_sees_as_before(name: str, own: bool) -> None:
    before = until("serve_fact_material")
    on = before[-1].on.isoformat()
    asked = (asks_to_recuse(name, "team", on), decides_to_recuse(len(before) + 1, on))
    gone = after(*before, *((stands_down(name, on),) if own else asked))
    back = after(lifts(name, on), case=gone)
    was = after(*before)
    who = key(PersonRef(name))

    def parts(case: Case) -> dict[str, int]:
        return {one.relation: since for one, since in involvements(case).items() if one.who == who}

    assert parts(gone).keys() == {"inquiry", "recused"}
    assert parts(back) == parts(was)
    assert (back.team, back.recused) == (was.team, {})
    found = replace(first("find"), actor=Actor(name, "team"), on=before[-1].on)
    assert (allowed(gone, found), allowed(back, found)) == (False, True)
    assert case_fold(back.records, BOOK.proceedings.actions) == back


def test_what_was_decided_anew_meanwhile_stays_when_a_recusal_is_lifted() -> None:
    before = until("find")
    on = before[-1].on.isoformat()
    gone = after(*before, stands_down("书记", on))
    assert not gone.approval_stands
    assert after(lifts("书记", on, OTHER), case=gone).approval_stands
    again = after(step("approve_again", OTHER, on), lifts("书记", on, OTHER), case=gone)
    assert (again.approver, again.approval_stands) == (OTHER.person, True)
    more = ({"name": "组员丙", "unit": BOOK.office, "head": True},)
    led = after(*before, stands_down("组长", on), step("add_member", OFFICE, on, members=more), lifts("组长", on))
    assert (led.head and led.head.name.name, len(led.active)) == ("组员丙", 4)


def test_a_recusal_of_earlier_records_stands_and_is_lifted_by_who_is_competent_now() -> None:
    made = after(*BEFORE, stands_down("组员甲", DAY), stands_down("书记", DAY))
    records = tuple(
        replace(one, hand=replace(one.hand, actor=OFFICE)) if one.action == "recuse" else one for one in made.records
    )
    case = case_fold(records, BOOK.proceedings.actions)
    assert {one.name for one in case.recused} == {"组员甲", "书记"}
    able_for = {name: {one for one in ANYBODY if allowed(case, lifts(name, DAY, one))} for name in ("组员甲", "书记")}
    assert able_for["组员甲"] == {OTHER}
    assert able_for["书记"] == {OTHER, Actor("副校长", "leader")}


def test_whoever_is_recused_decides_on_nobody() -> None:
    asked = (*BEFORE, asks_to_recuse("组员甲", "team", DAY), stands_down("书记", DAY))
    assert refused(asked, decides_to_recuse(N + 1, DAY), approvers=APPROVERS) == {"competent_in_recusal"}
    assert after(*asked, decides_to_recuse(N + 1, DAY, OTHER)).recused


def test_in_a_case_that_is_over_nobody_is_recused() -> None:
    case = after(*until("find"), step("withdraw", LEADER, "2026-05-20", reason="不办"))
    for one in (stands_down("组员甲", DAY), asks_to_recuse("组员甲", "team", DAY), lifts("组员甲", DAY)):
        with pytest.raises(WrongStage):
            taken(case, one)
