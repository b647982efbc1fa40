"""An accountability case: every sentence acts through the use cases, on the ledger that the office keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from models.case.case import Case
from models.case.parts import Person
from models.matter.act import ActRefused
from models.records.record import Actor
from models.schemas.entries import case_entries
from rules.book.loading import load_rulebook
from service.books import books
from service.usecases.cases.act_on_case import CaseOutcome
from service.usecases.entry import Entry
from tests.backdated import moment
from tests.bdd.ledger_steps import Office
from tests.integration.case_office import entry
from tests.lawful_case import (
    APPROVERS,
    COMMITTEE,
    DECISION,
    HEAD,
    LAWFUL,
    LEADER,
    MEETING,
    MEMBERS,
    OFFICE,
    ORGANISATION,
    PERSON,
    PERSONNEL,
    REVIEW_MEETING,
    SLOTS,
    Step,
    asks_to_recuse,
    by,
    decides_to_recuse,
    first,
    found,
    lifts,
    stands_down,
    step,
    with_details,
)  # fmt: skip
from tests.registered import act_on_case, open_case

BOOK = load_rulebook()
STAGES = {
    "已经提出": "approve", "已经批准": "form_team", "已经组成调查组": "find", "已经查明事实": "serve_fact_material",
    "已经出具事实材料": "hear", "已经听取陈述和申辩": "answer_point", "已经答复申辩": "sign", "已经签署意见": "evaluate",
    "已经请求处理建议": "discuss", "已经集体讨论": "report", "已经形成调查报告": "submit", "已经报学校党委审议": "decide",
    "已经作出决定": "issue_decision", "已经印发决定书": "serve_decision", "已经送达": "notify_department",
    "已经执行": "appeal", "已经申诉": "review_appeal", "已经复查": "inform_of_review", "已经告知复查结果": "close",
}  # fmt: skip
"""What has been done → the first action that has not."""
WHO = {"书记": LEADER, "副校长": Actor("副校长", "leader"), "张某": Actor("张某", "leader"), "办公室": OFFICE, "组长": HEAD,
       "学校党委": COMMITTEE, "党委组织部": ORGANISATION, "人事处": PERSONNEL, "本人": PERSON}  # fmt: skip


@dataclass
class Proceeding:
    """A case as it is conducted; what was refused is told by the office."""

    office: Office
    outcome: CaseOutcome | None = None
    matter_id: str = ""

    def take(self, one: Step) -> None:
        self.office.refused, self.office.faults = None, ""
        body = entry(one)
        if one.action == "propose":
            body["details"]["matters"] = [self.matter_id]
        loaded = case_entries(load_rulebook()).load(one.action, body)
        made = Entry(one.action, loaded["details"], loaded["actor"], loaded["on"], entered_by="测试")
        try:
            if self.outcome is None:
                self.outcome = open_case(self.office.session, books(), made, now=moment(made.on), approvers=APPROVERS)
            else:
                version = self.outcome.case.version
                self.outcome = act_on_case(
                    self.office.session,
                    books(),
                    self.outcome.id,
                    made,
                    expected=version,
                    now=moment(made.on),
                    approvers=APPROVERS,
                )
        except ActRefused as error:
            self.office.refused = {BOOK.guards[guard].provision for guard in error.guards}

    def must(self, *steps: Step) -> None:
        for one in steps:
            self.take(one)
            assert self.office.refused is None, (one.action, self.office.refused)

    @property
    def case(self) -> Case:
        assert self.outcome is not None
        return self.outcome.case

    @property
    def person(self) -> Person:
        return self.case.persons["P1"]

    @property
    def today(self) -> str:
        return self.case.records[-1].on.isoformat()


@pytest.fixture
def proceeding(office: Office) -> Proceeding:
    office.must("办公室", "propose", **office.opinion)
    office.register()
    office.must("办公室", "assign", "2026-01-08", channel="oa")
    return Proceeding(office, matter_id=office.known.id)


def until(stage: str) -> tuple[Step, ...]:
    return LAWFUL[: next(at for at, one in enumerate(LAWFUL) if one.action == STAGES[stage])]


@given(parsers.re(f"一个问责案件(?P<stage>{'|'.join(STAGES)})"))
def case_at(proceeding: Proceeding, stage: str) -> None:
    proceeding.must(*until(stage))


@given(parsers.re("(?P<number>[一二三])条申辩意见，答复了(?P<answered>[零一二三])条"))
def points(proceeding: Proceeding, number: str, answered: str) -> None:
    several = {"零": 0, "一": 1, "二": 2, "三": 3}
    for _ in range(several[number]):
        proceeding.must(first("raise_point"))
    for at in range(several[answered]):
        proceeding.must(with_details(first("answer_point"), point=f"{at + 1}"))


@given(parsers.re("(?P<who>组员甲|书记)有利害关系，已经回避"))
def recused(proceeding: Proceeding, who: str) -> None:
    proceeding.must(stands_down(who, proceeding.today))


@given(parsers.re("本人提请(?P<who>.+)作为(?P<capacity>.+)回避"))
def asked_to_recuse(proceeding: Proceeding, who: str, capacity: str) -> None:
    words = {label: word for word, label in BOOK.proceedings.words["capacities"].items()}
    proceeding.must(asks_to_recuse(who, words[capacity], proceeding.today, PERSON))


@when(parsers.re("(?P<by>书记|组长|办公室)登记(?P<who>.+)回避"))
def recuse(proceeding: Proceeding, by: str, who: str) -> None:
    proceeding.take(replace(stands_down(who, proceeding.today), actor=WHO[by]))


@when(parsers.re("(?P<by>书记|副校长|学校党委)决定其回避"))
def decide_to_recuse(proceeding: Proceeding, by: str) -> None:
    proceeding.take(decides_to_recuse(proceeding.case.version, proceeding.today, WHO[by]))


@when(parsers.re("(?P<by>书记|副校长|学校党委)撤销(?P<who>.+)的回避"))
def lift(proceeding: Proceeding, by: str, who: str) -> None:
    proceeding.take(lifts(who, proceeding.today, WHO[by]))


@when(parsers.re("(?P<who>书记|副校长|张某|办公室)批准启动"))
def approve(proceeding: Proceeding, who: str) -> None:
    proceeding.take(by(first("approve"), WHO[who]))


@when(parsers.re("办公室提出对(?P<who>学校党委管理的处长|上级管理的校领导)的问责调查，(?P<found>写明|没有写明)情形"))
def propose(proceeding: Proceeding, who: str, found: str) -> None:
    person = {**LAWFUL[0].details["persons"][0], "managed_by": "school_committee" if "处长" in who else "superior"}
    situations = ("art-8.1.1",) if found == "写明" else ()
    proceeding.take(with_details(LAWFUL[0], persons=(person,), situations=situations))


@when(parsers.re("办公室组成调查组，(?P<text>.+)"))
def form_team(proceeding: Proceeding, text: str) -> None:
    head, other, third = MEMBERS
    members = {
        "有办公室和审计处的人员": MEMBERS, "只有办公室的人员": (head, third),
        "由审计处的人员任组长": ({**other, "head": True}, third),
        "调查对象为成员": (head, {**other, "name": "张某"}),
    }[text]  # fmt: skip
    proceeding.take(with_details(first("form_team"), members=members))


@when(parsers.re("组长认定不利事实，(?P<has>附有|没有)证据"))
def find(proceeding: Proceeding, has: str) -> None:
    one = found("art-8.1.1.not_completed", "established")
    proceeding.take(one if has == "附有" else with_details(one, evidence=()))


@when(parsers.re("(?P<who>组员甲|组长)认定事实"))
def find_as(proceeding: Proceeding, who: str) -> None:
    proceeding.take(by(found("art-8.3.2.2.cooperated", "established"), Actor(who, "team")))


@when(parsers.re("组长把“无正当理由”改为不成立，(?P<text>.+)"))
def turn(proceeding: Proceeding, text: str) -> None:
    change = {"没有理由": {}, "写明理由，由自己确认": {"reason": "新证据", "second": "组长"},
              "写明理由，由组员甲共同确认": {"reason": "新证据", "second": "组员甲"}}[text]  # fmt: skip
    proceeding.take(found("art-8.1.1.no_just_reason", "refuted", evidence=(), **change))


@when(parsers.re("调查组听取陈述和申辩，(?P<has>记录在案|没有记录)"))
def hear(proceeding: Proceeding, has: str) -> None:
    proceeding.take(first("hear") if has == "记录在案" else with_details(first("hear"), text=None))


@when(parsers.re("调查组答复申辩意见，认为(?P<reasonable>合理|不合理)，(?P<adopted>采纳|不采纳)"))
def answer(proceeding: Proceeding, reasonable: str, adopted: str) -> None:
    change = {"reasonable": reasonable == "合理", "adopted": adopted == "采纳"}
    proceeding.take(with_details(first("answer_point"), **change))


@when(parsers.re("本人(?P<kind>签署同意|签署不同意见|拒不签署)，调查组(?P<noted>没有|作了)说明"))
def sign(proceeding: Proceeding, kind: str, noted: str) -> None:
    words = {label: name for name, label in BOOK.proceedings.words["signatures"].items()}
    note = "已经说明" if noted == "作了" else None
    proceeding.take(by(with_details(first("sign"), kind=words[kind], note=note), HEAD))


@when(parsers.re("调查组形成调查报告，(?P<text>.+)"))
def report(proceeding: Proceeding, text: str) -> None:
    one = first("report")
    groups = dict(one.details["groups"])
    change: dict[str, Any] = {
        "内容和签名齐全": {}, "缺少处理意见以及依据": {"groups": groups | {"opinion": None}}, "只有组长签名": {"signatures": ("组长",)},
    }[text]  # fmt: skip
    day = max(proceeding.case.records[-1].on, one.on)
    proceeding.take(replace(with_details(one, **change), on=day))


@given("又有一项不利的认定")
def found_late(proceeding: Proceeding) -> None:
    proceeding.must(found("art-8.3.3.2.obstructed_supervision", "established", "2026-06-02"))


@given(parsers.re("没有(?P<what>区分执行不当、执行不力、不执行|听取陈述和申辩|集体讨论|签署意见)，其余已经办理"))
def all_but(proceeding: Proceeding, what: str) -> None:
    left = {"听取陈述和申辩": "hear", "集体讨论": "discuss", "签署意见": "sign"}.get(what)
    for one in until("已经集体讨论"):
        if one.action != left and not (what.startswith("区分") and one.details.get("element") == "conduct"):
            proceeding.must(one)


@when(parsers.re("(?P<who>办公室|书记|学校党委)作出问责决定"))
def decide_as(proceeding: Proceeding, who: str) -> None:
    proceeding.take(by(first("decide"), WHO[who]))


@when(parsers.re("学校党委作出问责决定，(?P<text>.+)"))
def decide(proceeding: Proceeding, text: str) -> None:
    one = first("decide")
    exempt = ({"id": "exemption", "choice": "免予问责", "reason": "推进改革的失误"},)
    change: dict[str, Any] = {
        "每项裁量写明选择和理由": {}, "没有写明理由": {"decisions": ({**DECISION, "slots": SLOTS[1:]},)},
        "调查组成员参加表决": {"meeting": MEETING | {"attendance": ("委员一", "组员甲")}},
        "没有查明不适宜担任现职而采取组织措施": {
            "decisions": ({**DECISION, "measures": ("organisational_measure",), "organisational_kind": "调整职务",
                           "departure": "后果特别严重"},)},
        "没有建议的理由而免予问责，没有另写": {
            "decisions": ({**DECISION, "outcome": "exempted", "measures": (), "slots": exempt},)},
        "没有理由而免予问责": {"decisions": ({**DECISION, "outcome": "exempted", "measures": (), "slots": ()},)},
        "没有建议的理由而免予问责，写明理由": {
            "decisions": ({**DECISION, "outcome": "exempted", "measures": (), "slots": exempt, "departure": "另有理由"},)},
        "移送纪检监察机构": {"decisions": ({**DECISION, "referral": True, "referral_note": "涉嫌违纪"},)},
    }[text]  # fmt: skip
    proceeding.take(with_details(one, **change))


@when(parsers.re("办公室送达《问责决定书》，(?P<text>.+)"))
def serve(proceeding: Proceeding, text: str) -> None:
    change = {"本人签收": {}, "没有签收人": {"signed_by": None},
              "本人拒收，注明情况和见证人": {"signed_by": None, "refusal_note": "当面拒收", "witness": "见证人"}}[text]  # fmt: skip
    proceeding.take(with_details(first("serve_decision"), **change))


@when(parsers.re("(?P<who>党委组织部|办公室|人事处)将决定材料归入个人档案"))
def file_it(proceeding: Proceeding, who: str) -> None:
    proceeding.take(by(first("file_decision"), WHO[who]))


@when(parsers.re("(?P<who>党委组织部|办公室)办理组织调整的手续"))
def formalities(proceeding: Proceeding, who: str) -> None:
    proceeding.take(step("complete_formalities", WHO[who], "2026-07-01", person="P1"))


@when(parsers.re("办公室向(?P<which>党委组织部|人事处)通报"))
def notify(proceeding: Proceeding, which: str) -> None:
    words = {label: name for name, label in BOOK.proceedings.words["departments"].items()}
    proceeding.take(with_details(first("notify_department"), department=words[which]))


@when(parsers.re(r"(?P<who>本人|办公室)于(?P<day>[\d-]+)提出书面申诉"))
def appeal(proceeding: Proceeding, who: str, day: str) -> None:
    proceeding.take(replace(by(first("appeal"), WHO[who]), on=date.fromisoformat(day)))


@when(parsers.re("(?P<who>书记|办公室|学校党委)以申诉为由暂停执行"))
def suspend(proceeding: Proceeding, who: str) -> None:
    proceeding.take(step("suspend_execution", WHO[who], "2026-07-12", person="P1", reason="已经申诉"))


@when("申诉期间继续执行")
def execute(proceeding: Proceeding) -> None:
    proceeding.take(step("execute", ORGANISATION, "2026-07-12", person="P1", kind="admonition", text="书面诫勉"))


@when(parsers.re("学校党委复查申诉，(?P<text>.+)"))
def review(proceeding: Proceeding, text: str) -> None:
    heavier = {"outcome": "held", "measures": ("organisational_measure",), "slots": SLOTS, "departure": "更重"}
    again = REVIEW_MEETING | {"attendance": MEETING["attendance"]}
    change: dict[str, Any] = {
        "予以维持": {}, "没有写明理由": {"reason": None},
        "由原表决人员复查，没有写明由其复查的理由": {"meeting": again, "same_body_reason": None},
        "由原表决人员复查，写明由其复查的理由": {"meeting": again},
        "由调查组成员复查": {"meeting": again | {"attendance": ("委员一", "组员甲")}},
        "予以撤销": {"result": "revoked"}, "予以加重": {"result": "changed", "decision": heavier},
    }[text]  # fmt: skip
    proceeding.take(with_details(first("review_appeal"), **{"meeting": REVIEW_MEETING} | change))


@given("申诉复查撤销了决定")
def revoked(proceeding: Proceeding) -> None:
    proceeding.must(with_details(first("review_appeal"), result="revoked"))


@when(parsers.re("(?P<who>党委组织部|办公室)回转“(?P<label>.+)”"))
def unwind(proceeding: Proceeding, who: str, label: str) -> None:
    name = next(rule.id for rule in BOOK.proceedings.consequences.values() if rule.label == label)
    proceeding.take(step("unwind", WHO[who], "2026-08-20", person="P1", consequence=name))


@when("党委组织部记录影响期满")
def end_period(proceeding: Proceeding) -> None:
    proceeding.take(step("end_period", ORGANISATION, "2026-12-30", person="P1"))


@when("办公室终结案件")
def close(proceeding: Proceeding) -> None:
    proceeding.take(replace(first("close"), on=date(2026, 9, 1)))


@then(parsers.re("案件的状态为“(?P<label>.+)”"))
def state_is(proceeding: Proceeding, label: str) -> None:
    assert BOOK.proceedings.states[proceeding.case.state] == label


@then("原认定仍然保留")
def kept(proceeding: Proceeding) -> None:
    finding = proceeding.person.findings["art-8.1.1.no_just_reason"]
    assert (finding.value, finding.was and finding.was.value) == ("refuted", "established")


@then(parsers.re("待回转的后果(?P<has>还有|已经没有)“(?P<label>.+)”"))
def owed(proceeding: Proceeding, has: str, label: str) -> None:
    labels = {BOOK.proceedings.consequences[one.id].label for one in proceeding.person.owed}
    assert (label in labels) is (has == "还有")
