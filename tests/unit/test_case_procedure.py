"""The procedure of an accountability case: what is allowed, what is refused, and by which provision."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.case.act import GUARDS, PersonUnknown, WrongStage
from models.case.case import case_fold
from models.matter.act import WrongDay
from models.records.record import Actor
from rules.book.contract.guards import CASE_GUARDS
from tests.lawful_case import (
    APPEAL,
    BOOK,
    COMMITTEE,
    DECISION,
    DELIBERATION,
    FOLLOWING,
    HEAD,
    INQUIRY,
    LAWFUL,
    LEADER,
    MEETING,
    MEMBERS,
    OFFICE,
    ORGANISATION,
    OTHER_BODY,
    PERSONS,
    SLOTS,
    Step,
    by,
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

ACTIONS = BOOK.proceedings.actions


def forbidding(before: tuple[Step, ...], one: Step, **more: Any) -> set[str]:
    """The provisions that forbid the step."""
    return {BOOK.guards[guard].provision for guard in refused(before, one, **more)}


def test_a_lawful_history_goes_to_its_end_and_is_what_its_records_make_of_it() -> None:
    case = lived(*LAWFUL)
    assert (case.state, case.version) == ("closed", len(LAWFUL))
    assert case_fold(case.records, ACTIONS) == case


def test_every_guard_is_a_function_and_every_function_is_used() -> None:
    procedure = BOOK.proceedings
    used = {guard for action in procedure.actions.values() for guard in action.guards}
    assert used | set(procedure.actor_guards.values()) == set(GUARDS) == set(CASE_GUARDS)


@pytest.mark.parametrize("one", LAWFUL[1:], ids=lambda one: one.action)
def test_nothing_happens_out_of_its_state(one: Step) -> None:
    with pytest.raises(WrongStage):
        taken(lived(), one)


_INVOLVED = {"name": "张某", "unit": "审计处", "head": False}
ORGANISED = {"measures": ("organisational_measure",), "departure": "后果严重"}
BEFORE_APPROVAL, BEFORE_TEAM = until("approve"), until("form_team")


@pytest.mark.parametrize(
    ("before", "one", "provision"),
    [
        ((), with_details(LAWFUL[0], situations=()), "art-9.0"),
        ((), with_details(LAWFUL[0], persons=({**PERSONS[0], "managed_by": "superior"},)), "art-8.0.b"),
        (BEFORE_APPROVAL, by(first("approve"), Actor("副校长", "leader")), "art-9.0"),
        (BEFORE_APPROVAL, by(first("approve"), OFFICE), "art-9.0"),
        (BEFORE_TEAM, with_details(first("form_team"), members=MEMBERS[::2]), "art-9.1.a"),
        (BEFORE_TEAM, with_details(first("form_team"), members=(MEMBERS[0], _INVOLVED)), "art-9.1.a"),
        (BEFORE_TEAM, with_details(first("form_team"), members=({**MEMBERS[1], "head": True}, MEMBERS[2])), "art-9.1.a"),
        (until("find"), by(first("find"), Actor("路人", "team")), "art-9.1.a"),
        (until("find"), with_details(first("find"), evidence=()), "art-9.1.c"),
        (until("serve_fact_material"), first("hear"), "art-9.2.1.a"),
        (until("hear"), with_details(first("hear"), text=" "), "art-9.2.1.b"),
        (until("answer_point"), with_details(first("answer_point"), reasonable=True), "art-9.2.1.c"),
        (until("answer_point"), with_details(first("answer_point"), reason=""), "art-9.1.c"),
        (until("sign"), by(with_details(first("sign"), kind="refuses"), HEAD), "art-9.2.1.e"),
        (until("sign"), by(with_details(first("sign"), kind="differs"), HEAD), "art-9.2.1.e"),
        (until("discuss"), with_details(first("discuss"), participants=("组长",)), "art-9.2.2.a"),
        (until("report"), with_details(first("report"), signatures=("组长",)), "art-9.2.2.c"),
        (until("report"), with_details(first("report"), groups={"facts": "有"}), "art-9.2.2.b"),
        (until("decide"), by(first("decide"), OFFICE), "art-9.2.2.d"),
        (until("decide"), with_details(first("decide"), meeting=MEETING | {"attendance": ("委员一", "组员甲")}), "art-9.2.2.d"),
        (until("decide"), with_details(first("decide"), meeting=MEETING | {"votes": {"for": 9}}), "art-9.2.2.d"),
        (until("decide"), with_details(first("decide"), decisions=()), "art-9.2.2.d"),
        (until("decide"), with_details(first("decide"), decisions=(DECISION | {"slots": SLOTS[1:]},)), "art-8.3.1.0"),
        (until("decide"), with_details(first("decide"), decisions=(DECISION | {"measures": ("discipline",)},)), "art-8.2.4"),
        (until("decide"), with_details(first("decide"), decisions=(DECISION | ORGANISED,)), "art-8.2.3"),
        ((*until("issue_decision"), first("issue_decision")), first("issue_decision"), "art-9.2.2.d"),
        (until("serve_decision"), with_details(first("serve_decision"), signed_by=None), "art-9.3.a"),
        (until("file_decision"), by(first("file_decision"), OFFICE), "art-9.3.c"),
        (until("execute"), step("complete_formalities", ORGANISATION, "2026-07-01", person="P1"), "art-9.3.d"),
        (until("execute"), with_details(first("execute"), kind="circulation"), "art-9.3.a"),
        (until("review_appeal"), step("suspend_execution", COMMITTEE, "2026-07-11", person="P1"), "art-9.4.b"),
        (until("review_appeal"), with_details(first("review_appeal"), meeting=MEETING, same_body_reason=None), "art-9.4.c"),
        (until("inform_of_review"), step("end_period", ORGANISATION, "2026-12-30", person="P1"), "art-8.4"),
        (until("inform_of_review"), first("close"), "art-9.3.a"),
    ],
    ids=[
        "no situation", "superior's cadre", "leader without competence", "office approves", "office alone",
        "the person in the team", "led by another", "stranger finds", "adverse without evidence", "heard before the material",
        "nothing recorded", "reasonable not adopted", "no reason", "refused without note", "differs without note",
        "discussed alone", "head signs alone", "groups missing", "office decides", "investigator votes", "votes of nobody",
        "nobody decided on", "choice without reason", "discipline decided", "organisational without its conditions", "issued twice", "no receipt", "office files",
        "no formalities to do", "not decided", "execution suspended", "deciders review without a reason", "no confirmed period",
        "closed with duties left",
    ],
)  # fmt: skip
def test_what_a_provision_forbids_is_refused_with_it(before: tuple[Step, ...], one: Step, provision: str) -> None:
    assert provision in forbidding(before, one)


@pytest.mark.parametrize(
    ("left_out", "provision"),
    [
        ("serve_fact_material", "art-9.2.1.b"), ("hear", "art-9.2.1.b"), ("answer_point", "art-9.2.1.c"),
        ("sign", "art-9.2.1.d"), ("evaluate", "art-9.1.c"), ("discuss", "art-9.2.2.a"),
    ],
)  # fmt: skip
def test_no_report_without_what_the_person_is_owed(left_out: str, provision: str) -> None:
    gone = {left_out} | ({"hear", "sign"} if left_out == "serve_fact_material" else set())
    before = tuple(one for one in INQUIRY[:-1] if one.action not in gone)
    assert provision in forbidding(before, INQUIRY[-1])


def test_a_finding_made_after_the_hearing_needs_another_one() -> None:
    late = found("art-8.3.3.2.obstructed_supervision", "established", "2026-05-30")
    assert "art-9.2.1.b" in forbidding((*INQUIRY[:-1], late), INQUIRY[-1])
    harmless = found("art-8.3.2.2.cooperated", "established", "2026-05-30", evidence=())
    assert "art-9.2.1.b" not in forbidding((*INQUIRY[:-1], harmless), INQUIRY[-1])


def test_a_finding_is_changed_with_a_reason_and_reversed_by_two() -> None:
    before = until("serve_fact_material")
    turned = found("art-8.1.1.no_just_reason", "refuted", evidence=())
    assert forbidding(before, turned) == {"art-9.1.c"}
    assert forbidding(before, with_details(turned, reason="新证据", second="组长")) == {"art-9.1.c"}
    case = lived(*before, with_details(turned, reason="新证据", second="组员甲"))
    finding = case.persons["P1"].findings["art-8.1.1.no_just_reason"]
    assert (finding.value, finding.was.value if finding.was else None) == ("refuted", "established")


def test_an_adopted_point_has_to_show_in_the_findings() -> None:
    accepting = ({"element": "art-8.3.2.1/remedied.remedied", "value": "established"},)
    point = with_details(first("raise_point"), accepting=accepting)
    answer = with_details(first("answer_point"), reasonable=True, adopted=True, reason="属实")
    before = (*until("raise_point"), point, answer, *INQUIRY[-4:-1])
    assert "art-9.2.1.c" in forbidding(before, INQUIRY[-1])
    taken_up = found("art-8.3.2.1/remedied.remedied", "established", "2026-05-28")
    whole = (*until("raise_point"), point, answer, taken_up, *INQUIRY[-4:-1])
    assert lived(*whole, INQUIRY[-1]).state == "reported"


def test_a_recusal_ends_a_members_part_and_the_team_must_be_whole_again() -> None:
    gone = stands_down("组员甲", "2026-05-15")
    before = (*until("find"), gone)
    assert forbidding(before, by(first("find"), Actor("组员甲", "team"))) == {"art-9.1.a"}
    assert forbidding(before, first("serve_fact_material")) == {"art-9.1.a"}
    more = step("add_member", OFFICE, "2026-05-16", members=({"name": "组员丙", "unit": "财务处", "head": False},))
    assert lived(*before, more, first("serve_fact_material")).version == 6
    back = with_details(more, members=({"name": "组员甲", "unit": "审计处", "head": False},))
    assert forbidding(before, back) == {"art-9.1.a"}


@pytest.mark.parametrize(
    ("decision", "departs"),
    [
        ({}, False),
        ({"outcome": "exempted", "measures": (), "slots": ({"id": "exemption", "choice": "免予问责", "reason": "初犯"},)}, True),
        ({"outcome": "no_situation", "measures": (), "slots": ({"id": "exemption", "choice": "不适用", "reason": "无"},)}, True),
    ],
    ids=["within", "exempted without ground", "no situation"],
)  # fmt: skip
def test_a_choice_outside_the_recommended_range_needs_a_reason_of_its_own(
    decision: dict[str, Any], departs: bool
) -> None:
    one = with_details(first("decide"), decisions=(DECISION | decision,))
    before = until("decide")
    if departs:
        assert "art-8.2.h" in forbidding(before, one)
        one = with_details(first("decide"), decisions=(DECISION | decision | {"departure": "另有理由"},))
    assert lived(*before, one).state == "decided"


def test_a_referral_of_a_non_member_says_what_takes_its_place() -> None:
    outsider = with_details(LAWFUL[0], persons=({**PERSONS[0], "party_member": False},))
    before = (outsider, *until("decide")[1:])
    one = with_details(first("decide"), decisions=(DECISION | {"referral": True},))
    assert forbidding(before, one) == {"art-8.2.4"}
    noted = with_details(first("decide"), decisions=(DECISION | {"referral": True, "referral_note": "衔接政务处分"},))
    assert lived(*before, noted).persons["P1"].decision is not None


def test_an_appeal_leaves_every_duty_open() -> None:
    case = lived(*INQUIRY, *DELIBERATION, FOLLOWING[0], later(first("appeal"), 0))
    done = lived(*(later(one, 30) for one in FOLLOWING[1:]), case=case)
    assert done.persons["P1"].pending_appeal is not None
    assert done.persons["P1"].executed == {"admonition": date(2026, 7, 30)}


def test_an_appeal_is_not_made_heavier() -> None:
    before = (*INQUIRY, *DELIBERATION, *FOLLOWING, APPEAL[0])
    heavier = {"outcome": "held", "measures": ("organisational_measure",), "slots": SLOTS, "departure": "更重"}
    one = step("review_appeal", COMMITTEE, "2026-08-12", person="P1", meeting=OTHER_BODY, result="changed", reason="重",
               decision=heavier)  # fmt: skip
    assert "art-9.4.c" in forbidding(before, one)


def test_a_revocation_unwinds_to_never_decided() -> None:
    never = lived(*until("decide")).persons["P1"]
    before = (*INQUIRY, *DELIBERATION, *FOLLOWING, APPEAL[0])
    revoked = step("review_appeal", COMMITTEE, "2026-08-12", person="P1", meeting=OTHER_BODY, result="revoked",
                   reason="事实不清")  # fmt: skip
    case = lived(*before, revoked)
    owed = {one.id for one in case.persons["P1"].owed}
    assert owed == {"decision_copies", "departments", "personal_file", "ratings"}
    assert "art-9.3.a" in forbidding((*before, revoked), later(first("close"), 0))
    for name in sorted(owed):
        actor = {"office": OFFICE, "organisation": ORGANISATION}[BOOK.proceedings.consequences[name].by]
        case = lived(step("unwind", actor, "2026-08-20", person="P1", consequence=name), case=case)
    person = case.persons["P1"]
    assert person.owed == ()
    for name in ("decision", "decision_number", "issued_on", "served", "notified", "filed_on", "ratings_barred_on", "executed",
                 "formalities_on", "period_ended_on"):  # fmt: skip
        assert getattr(person, name) == getattr(never, name), name


def test_a_day_before_the_last_change_of_state_is_refused() -> None:
    with pytest.raises(WrongDay):
        taken(lived(*until("submit")), step("submit", OFFICE, "2026-06-02"))


def test_a_case_is_about_its_persons_only() -> None:
    with pytest.raises(PersonUnknown):
        taken(lived(*until("find")), with_details(first("find"), person="P9"))


def test_a_case_is_withdrawn_with_a_reason_before_it_is_decided() -> None:
    gone = step("withdraw", LEADER, "2026-06-10", reason="事项已经撤销")
    assert lived(*until("decide"), gone).state == "withdrawn"
    assert forbidding(until("decide"), with_details(gone, reason="")) == {"art-9.1.c"}
    with pytest.raises(WrongStage):
        taken(lived(*INQUIRY, *DELIBERATION), later(gone, 30))
