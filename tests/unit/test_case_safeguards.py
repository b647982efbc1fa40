"""Ways round the procedure that random histories and a second reading found, each closed; and lawful ones that were barred."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import msgspec
import pytest

from models.case import act as procedure
from models.case.case import Case
from models.matter.act import ActRefused, WrongDay
from models.records.record import Actor
from tests.lawful_case import (
    APPEAL,
    APPROVERS,
    BOOK,
    COMMITTEE,
    DECISION,
    DELIBERATION,
    EVALUATION,
    FOLLOWING,
    INQUIRY,
    LAWFUL,
    LEADER,
    MEETING,
    MEMBERS,
    OFFICE,
    OTHER_BODY,
    PERSONS,
    REVIEW_MEETING,
    SAME_BODY,
    SLOTS,
    Step,
    first,
    found,
    later,
    lived,
    refused,
    stands_down,
    step,
    taken,
    until,
    with_details,
)  # fmt: skip

DECIDED = (*INQUIRY, *DELIBERATION, *FOLLOWING)
THIRD_MEETING = MEETING | {"held_on": date(2026, 8, 30), "attendance": ("委员七", "委员八", "委员九")}
CIRCULATION = {"id": "circulation_scope", "choice": "校内", "reason": "足够"}
MILDER = {"outcome": "held", "measures": ("notice_of_criticism",), "slots": (*SLOTS, CIRCULATION)}
CHANGED = with_details(APPEAL[1], result="changed", reason="过重", decision=MILDER)
CHANGED_AND_ISSUED = (*DECIDED, APPEAL[0], CHANGED, replace(first("issue_decision"), on=date(2026, 8, 14)))
AGAIN = later(APPEAL[0], 50)
REMEDIED = "art-8.3.2.1/remedied.remedied"


def decide(**change: Any) -> Step:
    return with_details(first("decide"), **change)


def correct(**change: Any) -> Step:
    said = {
        "person": "P1",
        "meeting": REVIEW_MEETING,
        "result": "changed",
        "reason": "有误",
        "decision": MILDER,
        **SAME_BODY,
    }
    return step("correct", COMMITTEE, "2026-08-12", **(said | change))


def heavier() -> dict[str, Any]:
    return MILDER | {"measures": ("notice_of_criticism", "admonition")}


_TWICE = ({**MEMBERS[0]}, {**MEMBERS[0], "unit": "审计处", "head": False}, MEMBERS[2])
_RECUSED = stands_down("组员甲", "2026-05-15")
_BEFORE_HEARING = (*until("serve_fact_material"), found(REMEDIED, "established"))


@pytest.mark.parametrize(
    ("before", "one", "guard"),
    [
        ((), with_details(LAWFUL[0], persons=()), "committee_manages"),
        ((), with_details(LAWFUL[0], persons=(*PERSONS, *PERSONS)), "committee_manages"),
        (until("form_team"), with_details(first("form_team"), members=_TWICE), "members_distinct"),
        ((*until("find"), _RECUSED), step("add_member", OFFICE, "2026-05-16", members=({"name": "组员乙", "unit": "财务处"},)),
         "members_distinct"),
        ((*until("find"), stands_down("书记", "2026-05-15")), step("withdraw", LEADER, "2026-05-20", reason="不办了"),
         "approver_not_involved"),
        (until("decide"), decide(meeting=MEETING | {"recused": ("委员一",)}), "deciders_not_involved"),
        (until("decide"), decide(meeting=MEETING | {"votes": {"for": 1, "against": 2}}), "meeting_recorded"),
        (until("decide"), decide(meeting=MEETING | {"votes": {"for": 5, "against": -2}}), "meeting_recorded"),
        (until("decide"), decide(meeting=MEETING | {"held_on": date(2026, 6, 4)}), "meeting_recorded"),
        ((*DECIDED, APPEAL[0]), with_details(APPEAL[1], meeting=REVIEW_MEETING | {"held_on": APPEAL[0].on - timedelta(1)}),
         "meeting_recorded"),
        (DECIDED, correct(meeting=REVIEW_MEETING | {"held_on": date(2026, 6, 19)}), "meeting_recorded"),
        (until("decide"), decide(decisions=(DECISION | {"person": "P9", "referral": True},)), "every_person_decided"),
        ((*until("decide"), decide(meeting=MEETING | {"recused": ("委员四",)}), *LAWFUL[len(until("decide")) + 1 :][:8], APPEAL[0]),
         APPEAL[1], "reviewers_not_involved"),
        ((*CHANGED_AND_ISSUED, AGAIN), with_details(later(APPEAL[1], 30), same_body_reason=None,
                                                    meeting=MEETING | {"held_on": date(2026, 8, 30)}), "same_body_reasoned"),
        ((*DECIDED, APPEAL[0]), with_details(CHANGED, decision=heavier()), "heavier_not_on_appeal"),
        ((*DECIDED, APPEAL[0]), correct(decision=heavier()), "heavier_not_on_appeal"),
        ((*DECIDED, APPEAL[0], later(APPEAL[0], 1), with_details(APPEAL[1], result="revoked")), CHANGED, "review_tells_decision"),
        (tuple(one for one in DECIDED if one.action != "execute"), first("close"), "duties_done"),
    ],
    ids=[
        "nobody investigated", "one person twice", "one man for two departments", "one member for another department",
        "recused leader withdraws", "recused member votes", "voted down", "votes below nothing", "met before the submission", "met before the appeal",
        "met before the decision", "decided on a stranger",
        "recused from the decision, reviews", "first deciders review the change", "one more measure on appeal",
        "corrected for the worse during an appeal", "a fallen decision changed", "closed before it was carried out",
    ],
)  # fmt: skip
def test_a_way_round_the_procedure_is_closed(before: tuple[Step, ...], one: Step, guard: str) -> None:
    assert guard in refused(before, one)


def test_what_spoke_for_the_person_is_not_taken_away_without_hearing_them() -> None:
    heard = INQUIRY[len(until("serve_fact_material")) : -3]
    away = found(REMEDIED, "refuted", "2026-05-29", evidence=(), reason="查无实据", second="组员甲")
    assert "heard" in refused((*_BEFORE_HEARING, *heard, away, *INQUIRY[-3:-1]), INQUIRY[-1])
    again = replace(first("hear"), on=date(2026, 5, 30))
    assert lived(*_BEFORE_HEARING, *heard, away, again, *INQUIRY[-3:]).state == "reported"


def test_to_be_found_principally_responsible_needs_evidence_and_a_hearing() -> None:
    assert "adverse_has_evidence" in refused(until("find"), found("role", "principal", evidence=()))
    milder = tuple(
        with_details(one, value="other_member") if one.details.get("element") == "role" else one for one in INQUIRY
    )
    worse = found("role", "principal", "2026-05-30", reason="另查明")
    assert "heard" in refused((*milder[:-3], worse, *milder[-3:-1]), milder[-1])


@pytest.mark.parametrize("one", [later(APPEAL[0], 90), correct()], ids=["an appeal", "a correction"])
def test_a_closed_case_is_taken_up_again(one: Step) -> None:
    case = lived(*DECIDED, first("close"), replace(one, on=date(2026, 10, 8)))
    assert case.state == "decided"


def test_an_appeal_does_not_bar_what_was_done_before_it_from_being_recorded() -> None:
    assert lived(*DECIDED[:-1], APPEAL[0], DECIDED[-1]).persons["P1"].executed
    with pytest.raises(WrongDay):
        lived(*DECIDED, first("close"), replace(APPEAL[0], on=date(2026, 10, 8)), FOLLOWING[0])


def test_the_book_names_every_guard_that_was_added() -> None:
    assert {"members_distinct", "heavier_not_on_appeal"} <= set(procedure.GUARDS) & set(BOOK.guards)


_LEADER_GONE = stands_down("书记", "2026-05-15")
_OTHER = Actor("副书记", "leader")
_AGAIN = step("approve_again", _OTHER, "2026-05-18")


def two_leaders(*steps: Step) -> Case:
    """The case after these steps, where two leaders may approve."""
    case = Case()
    for one in steps:
        case = taken(case, one, approvers=APPROVERS | {_OTHER.name})
    return case


@pytest.mark.parametrize(
    "action",
    ["find", "evaluate", "serve_fact_material", "hear", "answer_point", "discuss", "report", "submit", "decide"],
)
def test_nothing_goes_on_after_the_approver_was_recused_until_another_leader_approves(action: str) -> None:
    before, one = until(action), first(action)
    gone = replace(_LEADER_GONE, on=before[-1].on)
    again = replace(_AGAIN, on=before[-1].on)
    assert "approval_stands" in refused((*before, gone), one)
    assert two_leaders(*before, gone, again, one).approver == _OTHER.person


def test_the_recused_leader_does_not_approve_again_and_an_approval_that_stands_is_not_repeated() -> None:
    with pytest.raises(ActRefused) as error:
        two_leaders(*until("find"), _LEADER_GONE, replace(_AGAIN, actor=LEADER))
    assert error.value.guards == ("approver_not_involved",)
    with pytest.raises(ActRefused) as error:
        two_leaders(*until("find"), _AGAIN)
    assert error.value.guards == ("approval_fallen",)


def test_the_person_defends_themselves_while_the_approval_is_missing() -> None:
    before = until("raise_point")
    gone = replace(_LEADER_GONE, on=before[-1].on)
    assert lived(*before, gone, first("raise_point")).persons["P1"].points


ORGANISED = msgspec.structs.replace(
    EVALUATION, base=("organisational_measure",) * 2, range_mandatory=("organisational_measure",) * 2
)
KIND = {"id": "organisational_kind", "choice": "调整职务", "reason": "不适宜担任现职"}
ADJUSTED = DECISION | {
    "measures": ("organisational_measure",),
    "organisational_kind": "调整职务",
    "slots": (*SLOTS, KIND),
}


def adjusted(*steps: Step) -> Case:
    """The case of somebody whose post was adjusted, after these further steps."""
    decided = with_details(first("decide"), decisions=(ADJUSTED,))
    made = Case()
    for one in (*until("decide"), decided, first("issue_decision"), *steps):
        made = taken(made, one, evaluation=ORGANISED)
    return made


def changed_to(kind: str | None, *measures: str) -> Step:
    told = ADJUSTED | {"organisational_kind": kind, "measures": measures or ADJUSTED["measures"], "departure": "过重"}
    return with_details(APPEAL[1], result="changed", reason="另有理由", decision=told)


@pytest.mark.parametrize("kind", ["免职", "降职", "停职检查", "其他措施", None])
def test_on_an_appeal_the_kind_of_an_organisational_measure_is_not_changed(kind: str | None) -> None:
    with pytest.raises(ActRefused) as error:
        adjusted(APPEAL[0], changed_to(kind))
    assert error.value.guards == ("kind_kept_on_appeal",)


def test_on_an_appeal_an_organisational_measure_may_give_way_to_a_lower_one_or_stay() -> None:
    lower = adjusted(APPEAL[0], changed_to(None, "admonition")).persons["P1"].decision
    same = adjusted(APPEAL[0], changed_to("调整职务")).persons["P1"].decision
    assert lower is not None
    assert same is not None
    assert (lower.measures, same.organisational_kind) == (("admonition",), "调整职务")


def test_without_an_appeal_the_committee_corrects_the_kind_with_its_reasons() -> None:
    told = ADJUSTED | {"organisational_kind": "降职"}
    person = adjusted(correct(decision=told)).persons["P1"]
    assert person.decision is not None
    assert person.decision.organisational_kind == "降职"


SILENT: dict[str, Any] = {"same_body_reason": None, "prepared_by": None}
SPOKEN = OTHER_BODY | {"attendance": ("委员二", "委员四", "委员五")}


@pytest.mark.parametrize("action", ["review_appeal", "correct"])
@pytest.mark.parametrize(
    ("meeting", "said", "guards"),
    [
        (MEETING, SAME_BODY, set()),
        (REVIEW_MEETING, SAME_BODY, set()),
        (SPOKEN, SAME_BODY, set()),
        (OTHER_BODY, SILENT, set()),
        (OTHER_BODY, SILENT | {"prepared_by": ("党委秘书",)}, set()),
        (MEETING, SILENT, {"same_body_reasoned"}),
        (REVIEW_MEETING | {"body": "党委 常委会"}, SILENT, {"same_body_reasoned"}),
        (SPOKEN, SILENT, {"same_body_reasoned"}),
        (MEETING, SAME_BODY | {"same_body_reason": " "}, {"same_body_reasoned"}),
        (MEETING, SAME_BODY | {"prepared_by": ()}, {"same_body_reasoned"}),
        (OTHER_BODY, SAME_BODY, {"same_body_reasoned"}),
        *((MEETING | {"attendance": (*MEETING["attendance"][:2], name)}, SAME_BODY, {"reviewers_not_involved"})
          for name in ("组员甲", "组长", "张某", "委员九")),
        *((MEETING, SAME_BODY | {"prepared_by": (name,)}, {"reviewers_not_involved"})
          for name in ("组员甲", "张某", "委员九")),
    ],
)  # fmt: skip
def test_whoever_decided_reviews_with_a_reason_and_whoever_had_another_hand_never(
    action: str, meeting: dict[str, Any], said: dict[str, Any], guards: set[str]
) -> None:
    before = (
        *until("decide"),
        decide(meeting=MEETING | {"recused": ("委员九",)}),
        *DELIBERATION[2:],
        *FOLLOWING,
        APPEAL[0],
    )
    one = APPEAL[1] if action == "review_appeal" else correct(result="revoked", decision=None)
    one = with_details(one, meeting=meeting | {"held_on": date(2026, 8, 10)}, **said)
    if guards:
        assert refused(before, one) == guards
    else:
        assert lived(*before, one).persons["P1"].decision is None or action == "review_appeal"


@pytest.mark.parametrize("results", list(product(("upheld", "changed", "revoked"), repeat=2)), ids="-".join)
@pytest.mark.parametrize("reopened", [False, True], ids=["while it runs", "after it was closed"])
def test_a_case_with_an_appeal_comes_to_its_end_by_whoever_decided_alone(
    results: tuple[str, ...], reopened: bool
) -> None:
    """The committee has no other members than those who decided; each result is appealed against where it can be."""
    case = lived(*DECIDED, *((first("close"),) if reopened else ()))
    day = date(2026, 9, 2)
    for result in results:
        if not case.persons["P1"].in_force:
            break
        changed = MILDER if result == "changed" else None
        meeting = MEETING | {"held_on": day}
        case = lived(
            replace(APPEAL[0], on=day), replace(with_details(APPEAL[1], meeting=meeting, result=result, decision=changed), on=day),
            *(replace(one, on=day) for one in APPEAL[2:]), case=case,
        )  # fmt: skip
        owed = {one.id: BOOK.proceedings.consequences[one.id].by for one in case.persons["P1"].owed}
        case = lived(
            *(step("unwind", Actor("某", by), day.isoformat(), person="P1", consequence=id) for id, by in owed.items()),
            case=case,
        )
        if case.persons["P1"].decision is not None and result == "changed":
            again = [first("issue_decision"), *FOLLOWING[:-1],
                     *(with_details(FOLLOWING[-1], kind=kind) for kind in ("self_examination", "rectification", "circulation"))]  # fmt: skip
            case = lived(*(replace(one, on=day) for one in again), case=case)
    assert lived(replace(first("close"), on=day), case=case).state == "closed"
