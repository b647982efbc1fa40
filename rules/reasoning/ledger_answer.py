"""What the ledger tells beside a recommendation: the records of a matter, and what they hold against a person and for the person."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from rules.answering import Day, Value, about


class RecordReference(Value, frozen=True):
    """A record that a finding can cite. Receipts of 0.1.0 do not tell who entered it, and when."""

    record: Annotated[str, about("记录")]
    on: Annotated[Day, about("日期")]
    action: Annotated[str, about("办理")]
    label: Annotated[str, about("办理名称")]
    provision: Annotated[str, about("所依据的条款")]
    by: Annotated[str, about("办理人")]
    entered_by: Annotated[str | UnsetType, about("录入人；旧回执没有")] = UNSET
    entered_on: Annotated[Day | UnsetType, about("录入日期；旧回执没有")] = UNSET
    late: Annotated[bool | UnsetType, about("是否补录：录入晚于办理日期；旧回执没有")] = UNSET
    late_reason: Annotated[str | UnsetType | None, about("补录理由")] = UNSET


class FoundBySearch(Value, frozen=True):
    search: Annotated[str, about("检索")]
    label: Annotated[str, about("检索所得")]
    records: Annotated[tuple[str, ...], about("记录")]


class SpeaksFor(FoundBySearch, frozen=True):
    rules: Annotated[tuple[str, ...], about("所对应的不利规则")]


class SpeaksAgainst(Value, frozen=True):
    element: Annotated[str, about("要素")]
    label: Annotated[str, about("要素名称")]
    records: Annotated[tuple[str, ...], about("记录")]


class PostHeld(Value, frozen=True):
    name: Annotated[str, about("姓名")]
    unit: Annotated[str, about("单位")]
    post: Annotated[str, about("职务")]
    rank: Annotated[str, about("职级")]
    managed_by: Annotated[str, about("干部管理")]
    as_of: Annotated[Day, about("哪一天")]


class MatterCase(Value, frozen=True):
    """The ``matter`` block of a case file, and the records that it rests on."""

    matter: Annotated[dict[str, Any], about("案卷的 matter 部分")]
    records: Annotated[tuple[RecordReference, ...], about("所依据的记录")]
    speaks_for: Annotated[tuple[SpeaksFor, ...], about("对当事人有利的记录")]
    speaks_against: Annotated[tuple[SpeaksAgainst, ...], about("不利要素的记录")]
    people: Annotated[tuple[PostHeld, ...], about("办结时限之日在承办单位任职的人员，责任由人认定")]


class LedgerAct(Value, frozen=True, kw_only=True):
    """An act of the Office, the record that shows it, and whether it was counted."""

    record: Annotated[str, about("记录")]
    on: Annotated[Day, about("日期")]
    label: Annotated[str, about("办理名称")]
    entered_by: Annotated[str | UnsetType, about("录入人；旧回执没有")] = UNSET
    entered_on: Annotated[Day | UnsetType, about("录入日期；旧回执没有")] = UNSET
    late: Annotated[bool | UnsetType, about("是否补录：录入晚于办理日期；旧回执没有")] = UNSET
    late_reason: Annotated[str | UnsetType | None, about("补录理由")] = UNSET
    counted: Annotated[bool, about("是否计次")]
    why: Annotated[str, about("理由")]


class BesideRule(Value, frozen=True, kw_only=True):
    """What the ledger holds against a person and for the person, at one adverse rule."""

    rule: Annotated[str, about("不利规则")]
    citation: Annotated[str, about("条款")]
    against: Annotated[tuple[SpeaksAgainst, ...], about("不利要素的记录")]
    for_: Annotated[tuple[FoundBySearch, ...], about("有利的记录")]
    searched: Annotated[tuple[str, ...], about("为当事人检索过什么")]
    no_search: Annotated[str | None, about("没有可检索内容的理由")]


class FromLedger(Value, frozen=True):
    """The part of a recommendation that comes from the ledger."""

    matter_id: Annotated[str, Meta(extra_json_schema={"format": "uuid"})]
    number: Annotated[str | None, about("立项编号")]
    version: Annotated[int, about("推算时事项的版本")]
    acts: Annotated[tuple[LedgerAct, ...], about("办公室的办理及其是否计次")]
    persons: Annotated[dict[str, tuple[BesideRule, ...]], about("逐人逐条并列的不利与有利记录")]
    records: Annotated[tuple[RecordReference, ...], about("所依据的记录")]
