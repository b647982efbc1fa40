"""A matter in the ledger: every sentence acts through the use cases, on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from models.matter import matters
from models.matter.act import ActRefused
from models.people.units import Unit
from models.schemas.entries import matter_entries
from models.schemas.errors import CaseFileError
from models.store.database import Base
from rules.book.loading import load_rulebook
from service.books import books
from service.usecases.entry import Entry
from service.usecases.matters.act_on_matter import MatterOutcome
from tests.backdated import moment
from tests.registered import act_on_matter, open_matter

BOOK = load_rulebook()
NOW = datetime(2026, 12, 31, tzinfo=UTC)
ACTORS = {
    "办公室": {"name": "李四", "kind": "office"},
    "校领导": {"name": "分管校领导", "kind": "leader"},
    "主任": {"name": "办公室主任", "kind": "director"},
    "甲处": {"name": "甲处经办人", "kind": "unit", "unit": "甲处"},
    "乙处": {"name": "乙处经办人", "kind": "unit", "unit": "乙处"},
}
OPINION = {"title": "审核评估自评报告", "category": "plan", "basis": "2026年工作要点第7项", "consulted_with": "甲处",
           "lead_unit": "甲处", "due_on": "2026-04-30"}  # fmt: skip
USUAL: dict[str, dict[str, Any]] = {
    "督办": {"note": "召开专题会议"}, "定期检查": {"method": "check"}, "催办": {}, "反馈进展": {"note": "完成七成"},
    "报结": {"result": "已完成"}, "交办": {"channel": "oa"}, "专题汇报": {"meeting": "president_meeting"},
    "审查符合交办要求": {},
}  # fmt: skip
ACTION = {action.label: action.id for action in BOOK.ledger.actions.values()}
_WHO = "办公室|校领导|甲处|乙处"


@dataclass
class Office:
    """The ledger as the Office uses it, and what it answered last."""

    session: Session
    opinion: dict[str, Any] = field(default_factory=lambda: dict(OPINION))
    matter: MatterOutcome | None = None
    refused: set[str] | None = None
    faults: str = ""

    def act(self, who: str, action: str, on: str = "2026-01-05", **details: Any) -> None:
        self.refused, self.faults = None, ""
        try:
            loaded = matter_entries(load_rulebook()).load(action, {"on": on, "actor": ACTORS[who], "details": details})
            entry = Entry(action, loaded["details"], loaded["actor"], loaded["on"], entered_by="测试")
            if action == "propose":
                self.matter = open_matter(self.session, books(), entry, now=moment(entry.on))
            else:
                seen = self.known
                self.matter = act_on_matter(
                    self.session, books(), seen.id, entry, expected=seen.matter.version, now=moment(entry.on)
                )
        except ActRefused as error:
            self.refused = {BOOK.guards[guard].provision for guard in error.guards}
        except CaseFileError as error:
            self.faults = str(error)

    def must(self, who: str, action: str, on: str = "2026-01-05", **details: Any) -> None:
        self.act(who, action, on, **details)
        assert (self.refused, self.faults) == (None, "")

    def register(self, route: str = "direct", on: str = "2026-01-05") -> None:
        """Registered as the director, or a leader, wants it."""
        who, said = ("主任", "endorse_registration") if route == "direct" else ("校领导", "approve_registration")
        self.must(who, said, on, agrees=True)
        self.must("办公室", "register", on, route=route)

    @property
    def known(self) -> MatterOutcome:
        assert self.matter is not None
        return self.matter


@pytest.fixture
def office() -> Iterator[Office]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    assert matters.MatterRow.metadata is Base.metadata
    with Session(engine) as session:
        session.add_all([Unit(name=name, from_on=date(2020, 1, 1)) for name in ("甲处", "乙处", "丙处")])
        yield Office(session)
    engine.dispose()


def proposed(office: Office, text: str) -> None:
    """A registration opinion as the sentence describes it, entered as far as its provision lets it."""
    office.opinion |= {
        "已与相关单位沟通协调": {}, "单位和时限均明确": {},
        "没有沟通协调的记录": {"consulted_with": None}, "含有两个事项": {"items": "2"},
        "办结时限不明确": {"due_on": None}, "承办单位不明确": {"lead_unit": None},
        "属重大事项": {"major": True}, "属综合性事项": {"comprehensive": True},
        "涉及两个单位": {"co_units": ["乙处"]}, "涉及三个单位": {"co_units": ["乙处", "丙处"]},
    }[text]  # fmt: skip


@given(parsers.re(r"一份立项意见，承办单位为(?P<unit>.+)"))
def opinion_of(office: Office, unit: str) -> None:
    office.opinion["lead_unit"] = unit


@given(parsers.re(r"一份立项意见，来源为(?P<label>.+)"))
def opinion_from(office: Office, label: str) -> None:
    words = BOOK.vocabulary.enumerations["category"]
    office.opinion["category"] = next(name for name, text in words.items() if text == label)


@given("一份立项意见，来源不在六类之中")
def opinion_from_elsewhere(office: Office) -> None:
    office.opinion["category"] = "elsewhere"


@given(parsers.re(r"一份立项意见，(?P<text>(?!承办单位为|来源).+)"))
def opinion(office: Office, text: str) -> None:
    proposed(office, text)


@given(parsers.re("(?P<has>写明了|没有写明)理由"))
def with_reason(office: Office, has: str) -> None:
    office.opinion["reason"] = "校庆筹备" if has == "写明了" else None


@given("一件已立项的事项")
def registered(office: Office) -> None:
    office.must("办公室", "propose", **office.opinion)
    office.register()


@given("一件由甲处、乙处共同承办的已立项事项")
def registered_for_two(office: Office) -> None:
    office.opinion["co_units"] = ["乙处"]
    registered(office)


@given(parsers.re(r"牵头单位(?P<text>已确定.+)"))
def arranged(office: Office, text: str) -> None:
    plan = {} if "没有方案" in text else {"plan": "方案和进度", "division": "分工"}
    office.must("办公室", "arrange", project_leader={"name": "赵六", "rank": "正职"}, **plan)


@given(parsers.re(r"一件已经交办给(?P<units>.+)的事项，办结时限为(?P<due>[\d-]+)"))
def assigned(office: Office, units: str, due: str) -> None:
    office.opinion |= {"co_units": units.split("、")[1:], "due_on": due}
    registered(office)
    arranged(office, "已确定方案、分工和项目负责人")
    office.must("办公室", "assign", "2026-01-08", channel="oa")


@given(parsers.re(r"校领导准予延期至(?P<day>[\d-]+)"))
def extended(office: Office, day: str) -> None:
    asked(office)
    office.must("校领导", "decide_extension", "2026-04-25", granted=True, new_due_on=day)


@given("甲处已申请延期")
def asked(office: Office) -> None:
    office.must("甲处", "request_extension", "2026-04-20", reason="数据未到", progress="完成七成")


@given(parsers.re(r"甲处已于(?P<day>[\d-]+)报结"))
def reported(office: Office, day: str) -> None:
    office.must("甲处", "report", day, result="已完成")


@given(parsers.re(r"办公室已于(?P<day>[\d-]+)催办"))
def urged(office: Office, day: str) -> None:
    office.must("办公室", "urge", day)


@given("事项已经办结")
def completed(office: Office) -> None:
    reported(office, "2026-04-29")
    office.must("办公室", "accept", "2026-05-03")


@given("校领导的结项意见为否")
def not_agreed(office: Office) -> None:
    office.must("校领导", "sign_closing", "2026-05-03", agrees=False, opinion="尚须补办")


@given("事项已经结项")
def closed(office: Office) -> None:
    completed(office)
    office.must("校领导", "sign_closing", "2026-05-04", agrees=True)
    office.must("办公室", "close", "2026-05-04", office_agrees=True)


@given(parsers.re("办公室(?P<told>已|尚未)报告结果"))
def told(office: Office, told: str) -> None:
    if told == "已":
        office.must("办公室", "feed_back", "2026-05-05", to="分管校领导")


@when("办公室提出立项意见")
def propose(office: Office) -> None:
    office.act("办公室", "propose", **office.opinion)


@when(
    parsers.re(
        "办公室(?P<route>直接立项|报请立项)，(?P<said>经主任审定|主任不同意|未经主任审定|经校领导批准|校领导不同意|未经校领导批准)"
    )
)
def register(office: Office, route: str, said: str) -> None:
    office.must("办公室", "propose", **office.opinion)
    name = {"直接立项": "direct", "报请立项": "leader"}[route]
    if not said.startswith("未"):
        who, action = ("主任", "endorse_registration") if "主任" in said else ("校领导", "approve_registration")
        office.must(who, action, "2026-01-06", agrees="不" not in said, opinion="见文件")
    office.act("办公室", "register", "2026-01-06", route=name)


@when(parsers.re(rf"(?P<who>{_WHO})于(?P<day>[\d-]+)(?P<label>\D+)"))
def acting(office: Office, who: str, day: str, label: str) -> None:
    office.act(who, ACTION[label], day, **USUAL[label])


@when(parsers.re("办公室确定职级为(?P<rank>.+)的项目负责人"))
def name_leader(office: Office, rank: str) -> None:
    office.act("办公室", "arrange", plan="方案", division="分工", project_leader={"name": "赵六", "rank": rank})


@when(parsers.re("办公室以(?P<channel>OA|书面|电话|口头)(?P<more>补充)?交办"))
def assign(office: Office, channel: str, more: str | None) -> None:
    name = {"OA": "oa", "书面": "written", "电话": "telephone", "口头": "oral"}[channel]
    more_of = {"person": "甲处经办人"} if more else {}
    office.act("办公室", "supplement_assignment" if more else "assign", "2026-01-09", channel=name, **more_of)


@when(parsers.re("办公室记录催办，(?P<text>.+)"))
def record_urging(office: Office, text: str) -> None:
    details = {"有签收人": {"signed_by": "甲处经办人"}, "有联系记录": {"contact_note": "电话联系"}, "两者都没有": {}}[
        text
    ]
    office.act("办公室", "record_urging", "2026-05-02", **details)


@when(parsers.re("办公室退回，(?P<has>写明了|没有写明)不足"))
def send_back(office: Office, has: str) -> None:
    office.act("办公室", "return", "2026-05-03", reason="缺少数据" if has == "写明了" else None)


@when(parsers.re(r"办公室退回，另定时限(?P<day>[\d-]+)"))
def send_back_with_date(office: Office, day: str) -> None:
    office.act("办公室", "return", "2026-05-03", reason="缺少数据", new_due_on=day)


@when(parsers.re("甲处申请延期，(?P<text>.+)"))
def ask_for_time(office: Office, text: str) -> None:
    reason, progress = {"reason": "数据未到"}, {"progress": "完成七成"}
    details = {"写明进展和原因": reason | progress, "只写原因": reason, "只写进展": progress}[text]
    office.act("甲处", "request_extension", "2026-04-20", **details)


@when(parsers.re(rf"(?P<who>{_WHO})决定延期至(?P<day>[\d-]+)"))
def decide(office: Office, who: str, day: str) -> None:
    office.act(who, "decide_extension", "2026-04-25", granted=True, new_due_on=day)


@when(parsers.re(r"办公室将办结时限改为(?P<day>[\d-]+)"))
def move_due_date(office: Office, day: str) -> None:
    office.act("办公室", "arrange", "2026-04-20", due_on=day)


@when(parsers.re("办公室结项，党校办意见为(?P<ours>是|否)，校领导意见为(?P<theirs>是|否|尚无)"))
def close(office: Office, ours: str, theirs: str) -> None:
    if theirs != "尚无":
        office.must("校领导", "sign_closing", "2026-05-04", agrees=theirs == "是", opinion="见报告")
    office.act("办公室", "close", "2026-05-04", office_agrees=ours == "是")


@when(parsers.re("办公室归档，材料(?P<text>齐全|缺办结报告)"))
def archive(office: Office, text: str) -> None:
    contents = [name for name in BOOK.ledger.archive if text == "齐全" or name != "completion_report"]
    office.act("办公室", "archive", "2026-06-01", contents=contents)


@then("准予办理")
def allowed(office: Office) -> None:
    assert (office.refused, office.faults) == (None, "")


@then(parsers.re(r"不予办理，依据(?P<provision>\S+)"))
def forbidden(office: Office, provision: str) -> None:
    assert office.refused is not None
    assert provision in office.refused


@then(parsers.re("指出“(?P<label>.+)”只能取六类之一"))
def told_so(office: Office, label: str) -> None:
    assert label in office.faults
    assert all(name in office.faults for name in BOOK.vocabulary.enumerations["category"])


@then(parsers.re("事项的状态为“(?P<label>.+)”"))
def state_is(office: Office, label: str) -> None:
    assert BOOK.ledger.states[office.known.matter.state] == label


@then(parsers.re(r"现办结时限为(?P<day>[\d-]+)"))
def due_is(office: Office, day: str) -> None:
    assert str(office.known.matter.due_on) == day


@then(parsers.re("该次办理(?P<counts>不计为督办|计为督办)"))
def counts(office: Office, counts: str) -> None:
    kind = BOOK.ledger.actions[office.known.matter.records[-1].action].counts_as
    counted = {kind for count in BOOK.vocabulary.counts.values() for kind in count.kinds}
    assert (kind in counted) is (counts == "计为督办")
