"""A lawful history of a case, step by step, as data that tests can cut, swap, delay or hand to somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.case.act import act
from models.case.case import Case
from models.case.request import CaseRequest
from models.matter.act import ActRefused
from models.records.record import Actor, Hand
from rules.book.contract.people import PersonRef
from rules.book.loading import load_rulebook
from rules.reasoning.answer import AnsweredPerson
from tests.answers import asked, recommended
from tests.registered import named_in

BOOK = load_rulebook()
NOW = datetime(2026, 12, 31, tzinfo=UTC)
APPROVERS = frozenset({"书记"})
OFFICE, LEADER = Actor("主任", "office"), Actor("书记", "leader")
HEAD, SECOND, THIRD = (Actor(name, "team") for name in ("组长", "组员甲", "组员乙"))
PERSON, COMMITTEE = Actor("张某", "person"), Actor("党委秘书", "committee")
ORGANISATION, PERSONNEL = Actor("组织部", "organisation"), Actor("人事处", "personnel")
OFFICE_NAME = BOOK.office
MEETING = {"body": "党委常委会", "held_on": date(2026, 6, 20), "attendance": ("委员一", "委员二", "委员三"), "recused": (),
           "votes": {"for": 3, "against": 0, "abstain": 0}}  # fmt: skip
REVIEW_MEETING = MEETING | {"held_on": date(2026, 8, 10), "attendance": ("委员四", "委员五", "委员六")}
OTHER_BODY = REVIEW_MEETING | {"body": "党委全体会议"}
SAME_BODY = {"same_body_reason": "规定由学校党委复查", "prepared_by": ("党委秘书",)}
"""What whoever decided has to say before they may review."""
SLOTS = ({"id": "measure", "choice": "诫勉", "reason": "情节较重"}, {"id": "combination", "choice": "单独使用", "reason": "足以教育"},
         {"id": "admonition_form", "choice": "书面", "reason": "便于存档"})  # fmt: skip
DECISION = {"person": "P1", "outcome": "held", "measures": ("admonition",), "slots": SLOTS}
EVALUATION = recommended(
    outcome="accountable",
    range_mandatory=("notice_of_criticism", "admonition"),
    range_if_discretion=("notice_of_criticism", "admonition"),
    discretion=asked("measure", "combination", "circulation_scope", "admonition_form"),
)
GROUPS = {name: f"{label}：如实列明" for name, label in BOOK.proceedings.words["report_groups"].items()}


@dataclass(frozen=True)
class Step:
    """One action of a history: what, by whom, when, with which details."""

    action: str
    actor: Actor
    on: date
    details: Mapping[str, Any]


def step(action: str, actor: Actor, on: str, **details: Any) -> Step:
    return Step(action, actor, date.fromisoformat(on), details)


def found(element: str, value: str, on: str = "2026-05-20", **more: Any) -> Step:
    evidence = ({"kind": "document", "reference": "会议纪要", "text": "见附件"},)
    return step("find", HEAD, on, **{"person": "P1", "element": element, "value": value, "evidence": evidence} | more)


MEMBERS = ({"name": "组长", "unit": OFFICE_NAME, "head": True}, {"name": "组员甲", "unit": "审计处", "head": False},
           {"name": "组员乙", "unit": OFFICE_NAME, "head": False})  # fmt: skip
PERSONS = (
    {
        "id": "P1",
        "name": "张某",
        "post": "处长",
        "unit": "甲处",
        "managed_by": "school_committee",
        "party_member": True,
    },
)
ELEMENTS = ("task_in_plan", "main_task_assigned", "not_completed", "no_just_reason", "affects_overall")

INQUIRY = (
    step("propose", OFFICE, "2026-05-11", title="自评报告逾期", matters=("M1",), situations=("art-8.1.1",), persons=PERSONS,
         reason="逾期三次催办未完成"),
    step("approve", LEADER, "2026-05-13"),
    step("form_team", OFFICE, "2026-05-14", members=MEMBERS),
    *(found(f"art-8.1.1.{element}", "established") for element in ELEMENTS),
    found("role", "principal"), found("harm", "grave"), found("conduct", "ineffective"),
    step("serve_fact_material", HEAD, "2026-05-25", person="P1", text="事实材料全文"),
    step("hear", HEAD, "2026-05-27", person="P1", text="本人陈述：数据迟到", place="会议室", present=("组长", "组员甲")),
    step("raise_point", PERSON, "2026-05-27", person="P1", kind="mitigation", step="art-8.3.2.1", text="已经补救", accepting=()),
    step("answer_point", HEAD, "2026-05-28", person="P1", point="1", reasonable=False, adopted=False, reason="补救未见效果"),
    step("sign", PERSON, "2026-05-29", person="P1", kind="agrees"),
    step("evaluate", HEAD, "2026-05-30", person="P1", receipt_id="R1"),
    step("discuss", HEAD, "2026-06-01", participants=("组长", "组员甲", "组员乙"), minutes="讨论记录"),
    step("report", HEAD, "2026-06-03", groups=GROUPS, signatures=("组长", "组员甲", "组员乙")),
)  # fmt: skip
DELIBERATION = (
    step("submit", OFFICE, "2026-06-05"),
    step("decide", COMMITTEE, "2026-06-22", meeting=MEETING, decisions=(DECISION,)),
    step("issue_decision", OFFICE, "2026-06-23", person="P1", number="科大党问责〔2026〕1号"),
)
FOLLOWING = (
    step(
        "serve_decision",
        OFFICE,
        "2026-06-25",
        person="P1",
        to="person",
        received_on=date(2026, 6, 25),
        signed_by="张某",
    ),
    step(
        "serve_decision", OFFICE, "2026-06-25", person="P1", to="unit", received_on=date(2026, 6, 25), signed_by="甲处"
    ),
    step("notify_department", OFFICE, "2026-06-26", person="P1", department="organisation"),
    step("notify_department", OFFICE, "2026-06-26", person="P1", department="personnel"),
    step("file_decision", ORGANISATION, "2026-06-29", person="P1", reference="个人档案第九类"),
    step("bar_ratings", ORGANISATION, "2026-06-29", person="P1", year=2026),
    step("execute", ORGANISATION, "2026-06-30", person="P1", kind="admonition", text="书面诫勉"),
)
APPEAL = (
    step("appeal", PERSON, "2026-07-10", person="P1", text="不服决定，理由如下"),
    step("review_appeal", COMMITTEE, "2026-08-12", person="P1", meeting=REVIEW_MEETING, result="upheld", reason="事实清楚",
         **SAME_BODY),
    step("inform_of_review", OFFICE, "2026-08-14", person="P1", to="appellant", form="书面"),
    step("inform_of_review", OFFICE, "2026-08-14", person="P1", to="unit", form="书面"),
)  # fmt: skip
CLOSING = (step("close", OFFICE, "2026-09-01"),)
LAWFUL = (*INQUIRY, *DELIBERATION, *FOLLOWING, *APPEAL, *CLOSING)


def taken(
    case: Case,
    one: Step,
    evaluation: AnsweredPerson = EVALUATION,
    book: Any = BOOK,
    approvers: frozenset[str] = APPROVERS,
) -> Case:
    """The case after one more step. Raises whatever forbids it."""
    competent = frozenset(map(PersonRef, approvers)) or None
    request = CaseRequest(case, deepcopy(dict(one.details)), one.actor, one.on, book, competent, {"P1": evaluation})
    return act(one.action, request, hand=Hand(request.actor, "测试"), recorded_at=NOW)[0]


def lived(*steps: Step, case: Case | None = None, book: Any = BOOK, **more: Any) -> Case:
    """The case after these steps. Raises whatever forbids one of them."""
    made = case or Case()
    for one in steps:
        made = taken(made, one, book=book, **more)
    return made


def refused(before: tuple[Step, ...], one: Step, **more: Any) -> set[str]:
    """The guards that forbid the step after these."""
    with pytest.raises(ActRefused) as error:
        taken(lived(*before), one, **more)
    return set(error.value.guards)


def until(action: str, steps: tuple[Step, ...] = LAWFUL) -> tuple[Step, ...]:
    """The steps before the first of this action."""
    return steps[: next(at for at, one in enumerate(steps) if one.action == action)]


def later(one: Step, days: int) -> Step:
    return replace(one, on=one.on + timedelta(days=days))


def with_details(one: Step, **change: Any) -> Step:
    return replace(one, details={**one.details, **change})


def stands_down(name: str, on: str) -> Step:
    """The request of the leader, or of a member of the team, to take no part any more."""
    actor = LEADER if name == LEADER.name else Actor(name, "team")
    return step("recuse", actor, on, name=name, ground="interest", reason="利害关系")


def asks_to_recuse(name: str, capacity: str, on: str, actor: Actor = OFFICE) -> Step:
    return step("propose_recusal", actor, on, name=name, ground="interest", capacity=capacity, reason="利害关系")


def decides_to_recuse(proposal: int, on: str, actor: Actor = LEADER, *, granted: bool = True) -> Step:
    """proposal: the number of the record that asks for it."""
    return step("decide_recusal", actor, on, proposal=f"{proposal}", granted=granted, reason="情况属实")


def lifts(name: str, on: str, actor: Actor = LEADER) -> Step:
    return step("lift_recusal", actor, on, name=name, reason="利害关系已经消除")


def by(one: Step, actor: Actor) -> Step:
    return replace(one, actor=actor)


def first(action: str, steps: tuple[Step, ...] = LAWFUL) -> Step:
    return next(one for one in steps if one.action == action)


EVERYBODY = frozenset(name for one in LAWFUL for name in (one.actor.name, *named_in(one.details)))
"""Everybody whom the lawful history names."""
