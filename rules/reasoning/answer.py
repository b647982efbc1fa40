"""A recommendation, for each person on their own, as it is served, stored in a receipt and read back.

A range is (lowest, highest) of the ladder, None where there is none. Source: the case-file contract, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from rules.answering import (
    Citation,
    Cited,
    Day,
    Measure,
    Provision,
    ReadingUsed,
    RulebookUsed,
    Slot,
    Status,
    Value,
    Words,
    about,
)
from rules.reasoning.ledger_answer import FromLedger

Range = Annotated[tuple[Measure, Measure], Meta(extra_json_schema={"description": "下限、上限；null 为不产生区间"})]


class Because(Value, frozen=True):
    """An element that a step rests on. status: as found, or the number counted; evidence: as the case file gives it."""

    element: Annotated[str, about("要素")]
    label: Annotated[str, about("要素名称")]
    status: Annotated[str | int, about("认定或者计数")]
    evidence: Annotated[tuple[Any, ...], about("证据")]


class Step(Value, frozen=True):
    """A step of the reasoning. modality: of a rule."""

    step: Annotated[str, about("步骤")]
    label: Annotated[str, about("步骤名称")]
    provision: Provision
    citation: Citation
    text: Words
    basis: Annotated[str, about("依据", "law", "policy", "reading", "superior")]
    status: Annotated[str, about("结果")]
    because: Annotated[tuple[Because, ...], about("所依据的要素")]
    also: Annotated[tuple[Cited, ...], about("另见")]
    modality: Annotated[str, about("应当或者可以", "shall", "may")] = ""
    readings: Annotated[tuple[ReadingUsed, ...], about("所采用的解释")] = ()


class Due(Value, frozen=True, kw_only=True):
    """A period in months or working days; the day that it starts on is only assumed, and None is a day that is not guessed."""

    from_: Annotated[str, about("起算", "decision", "receipt")]
    assumed_from: Annotated[Day, about("假定的起算日")]
    months: Annotated[int | UnsetType, about("月数")] = UNSET
    workdays: Annotated[int | UnsetType, about("工作日数")] = UNSET
    nominal: Annotated[Day | None, about("名义期满日")]
    actual: Annotated[Day | None, about("实际期满日")]
    warning: Annotated[str, about("日历提示")] = ""


class PeriodRow(Value, frozen=True):
    measure: Annotated[str, about("方式")]
    label: Annotated[str, about("方式名称")]
    months: Annotated[int | None, about("月数")]
    effect: Annotated[str, about("影响")]
    basis: Annotated[str, about("出处")]
    mark: Annotated[str, about("核对标记", "V", "S", "M")]
    confirmed: Annotated[bool, about("是否已经学校确认")]
    nominal: Annotated[Day | None, about("期满日")]


class AnsweredDuty(Value, frozen=True):
    """What is to be done after a decision, by whom and by when."""

    duty: Annotated[str, about("职责")]
    provision: Provision
    citation: Citation
    text: Words
    who: Annotated[str, about("责任人")]
    what: Annotated[str, about("内容")]
    source: Annotated[str, about("来源", "law", "superior", "policy", "unconfirmed")]
    due: Annotated[Due | None, about("期限")]
    periods: Annotated[tuple[PeriodRow, ...] | UnsetType, about("影响期表中可能适用的行")] = UNSET


class Exemption(Value, frozen=True):
    state: Annotated[str, about("状态", of="exemption")]
    grounds: Annotated[tuple[str, ...], about("条款")]


class AnsweredResult(Value, frozen=True):
    """The values that a change is measured by; of what a change alters, only the altered ones are present."""

    outcome: Annotated[str | UnsetType, about("结论", of="outcome")] = UNSET
    exemption: Annotated[Exemption | UnsetType, about("不予、免予问责")] = UNSET
    discipline_track: Annotated[str | UnsetType, Meta(extra_json_schema={"x-of": "discipline_track"})] = UNSET
    base: Annotated[Range | UnsetType | None, about("基本区间")] = UNSET
    range_mandatory: Annotated[Range | UnsetType | None, about("应当的区间")] = UNSET
    range_if_discretion: Annotated[Range | UnsetType | None, about("行使裁量时的区间")] = UNSET
    mitigation: Annotated[tuple[str, ...] | UnsetType, about("从轻减轻情形")] = UNSET
    aggravation: Annotated[tuple[str, ...] | UnsetType, about("从重加重情形")] = UNSET

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Name and value of those that are present."""
        found = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return ((name, value) for name, value in found if value is not UNSET)

    def differing(self, before: AnsweredResult) -> AnsweredResult:
        """Those of the values that are not as before."""
        return AnsweredResult(**{name: value for name, value in self if value != getattr(before, name)})

    def __bool__(self) -> bool:
        return any(True for _ in self)


class Flip(Value, frozen=True, kw_only=True):
    """A single change that alters the result."""

    kind: Annotated[str, about("种类", "finding", "person", "matter", "reading")]
    fact: Annotated[str, about("所变化的事实或者解释")]
    from_: Annotated[Any, about("现在")]
    to: Annotated[Any, about("变为")]
    new: Annotated[AnsweredResult, about("新的结果")]


class OtherReading(Value, frozen=True):
    reading: Annotated[str, about("解释编号")]
    question: Annotated[str, about("问题")]
    used: Annotated[str, about("采用的取值")]
    other: Annotated[str, about("另一取值")]
    text: Annotated[str, about("另一解释")]
    differs: Annotated[AnsweredResult, about("不同之处")]


class ActRecord(Value, frozen=True):
    """An act of the Office, and why it counts or not."""

    date: Annotated[Day, about("日期")]
    kind: Annotated[str, about("种类", of="act_kind")]
    by: Annotated[str, about("行为人")]
    counted: Annotated[bool, about("是否计次")]
    why: Annotated[str, about("理由")]
    entered_on: Annotated[Day | UnsetType, about("录入日期；案卷没有写明的，没有")] = UNSET


class SupervisionCount(Value, frozen=True):
    """The number of days on which the Office acted, by each way of counting."""

    office_acts: Annotated[int, about("督办、催办次数")]
    formal_only: Annotated[int, about("只计督办次数")]
    records: Annotated[tuple[ActRecord, ...], about("逐次记录")]


class AnsweredPerson(Value, frozen=True):
    """What is recommended about one person. gates, situations: rule → status; conditional: were the person found unfit for the post."""

    outcome: Annotated[str, about("结论", of="outcome")]
    gates: Annotated[dict[str, Status], Meta(extra_json_schema={"x-gates": True})]
    situations: dict[str, Status]
    exemption: Exemption
    mitigation: Annotated[tuple[str, ...], about("从轻减轻情形")]
    aggravation: Annotated[tuple[str, ...], about("从重加重情形")]
    base: Annotated[Range | None, about("基本区间")]
    range_mandatory: Annotated[Range | None, about("应当的区间")]
    range_if_discretion: Annotated[Range | None, about("行使裁量时的区间")]
    discipline_track: Annotated[str, about("纪律处分衔接", of="discipline_track")]
    flags: Annotated[tuple[str, ...], about("提示")]
    conditional: Annotated[Range | None, about("如不适宜担任现职查明，应当的区间")]
    supervision_count: SupervisionCount
    readings: Annotated[tuple[OtherReading, ...], about("换一种解释")]
    open_facts: Annotated[tuple[str, ...], about("未查明的事实")]
    citations: Annotated[tuple[str, ...], about("所引条款")]
    steps: Annotated[tuple[Step, ...], about("推理过程")]
    discretion: Annotated[tuple[Slot, ...], about("留给人决定的事项")]
    duties: Annotated[tuple[AnsweredDuty, ...], about("决定之后的职责")]
    flips: Annotated[tuple[Flip, ...], about("会改变结果的单独变化")]

    @property
    def established(self) -> frozenset[str]:
        """The provisions of the exempting, mitigating and aggravating items that are established."""
        grounds = self.exemption.grounds if self.holds("exemption") else ()
        return frozenset({*grounds, *self.mitigation, *self.aggravation})

    def holds(self, question: str) -> bool:
        """Whether items of a question of discretion are established."""
        match question:
            case "exemption":
                return self.exemption.state == "available"
            case "mitigation":
                return bool(self.mitigation)
            case "aggravation":
                return bool(self.aggravation)
        return False


class EngineUsed(Value, frozen=True):
    name: Annotated[str, about("引擎")]
    version: Annotated[str, about("版本")]


class ReceiptOfCase(Value, frozen=True):
    """The case to which a receipt belongs. notice: why, where it is no step of the case."""

    case: Annotated[str, about("案件标识", format="uuid")]
    number: Annotated[int, about("在该案处理建议回执中的编号，从1起", minimum=1)]
    notice: Annotated[str | UnsetType, about("不是案件的办理而存为该案回执的，说明原因")] = UNSET


class Recommendation(Value, frozen=True, kw_only=True):
    """id: of the receipt that it is kept as; of_case: the case that this belongs to; ledger: where it was made from a matter of the
    ledger; stored, stored_notice: that it is kept nowhere, where a service that keeps receipts was asked."""

    id: Annotated[str | UnsetType, about("回执编号", format="uuid")] = UNSET
    of_case: ReceiptOfCase | UnsetType = UNSET
    stored: Annotated[bool | UnsetType, about("没有存为回执", False)] = UNSET
    stored_notice: Annotated[str | UnsetType, about("没有存为回执的说明")] = UNSET
    case: Annotated[str, about("案件")]
    rulebook: RulebookUsed
    engine: EngineUsed
    persons: dict[str, AnsweredPerson]
    notice: Annotated[str, about("声明")]
    ledger: FromLedger | UnsetType = UNSET


def read(body: bytes) -> Recommendation:
    """A stored recommendation, of whatever release. Raises msgspec.DecodeError where it is none."""
    return msgspec.json.decode(body, type=Recommendation)
