"""What is answered, as marshmallow schemas: the documentation of the interface, against which the tests hold the answers.

Answers are built by the reasoning as plain values and serialised as they are; nothing is dropped or renamed here.
"""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from models.schemas.matter_view import FoundBySearch, RecordReference, SpeaksAgainst
from rules.loading import load_rulebook

_BOOK = load_rulebook()
_WORDS = _BOOK.vocabulary.enumerations
_MEASURES = list(_BOOK.ladder)
_STATUSES = list(_WORDS["status"])


class _Exact(Schema):
    class Meta:
        unknown = RAISE


def _one_of(label: str, values: Any, **options: Any) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(list(values)), metadata={"title": label}, **options)


def _text(label: str, **options: Any) -> fields.String:
    return fields.String(required=True, metadata={"title": label}, **options)


def _texts(label: str) -> fields.List[Any]:
    return fields.List(fields.String(), required=True, metadata={"title": label})


def _day(label: str, **options: Any) -> fields.String:
    return fields.String(required=True, metadata={"title": label, "format": "date"}, **options)


def _range(label: str, *, required: bool = True) -> fields.List[Any]:
    measure = fields.String(validate=validate.OneOf(_MEASURES))
    about = {"title": label, "description": "下限、上限；null 为不产生区间"}
    return fields.List(measure, required=required, allow_none=True, validate=validate.Length(equal=2), metadata=about)


def _several(schema: type[Schema], label: str, **options: Any) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), metadata={"title": label}, **{"required": True, **options})


class Cited(_Exact):
    """A provision with its words."""

    provision = _text("条款")
    citation = _text("条款的中文写法")
    text = _text("条款原文")


class Because(_Exact):
    element = _text("要素")
    label = _text("要素名称")
    status = fields.Raw(required=True, metadata={"title": "认定或者计数", "type": ["string", "integer"]})
    evidence = fields.List(fields.Raw(), required=True, metadata={"title": "证据"})


class ReadingUsed(_Exact):
    reading = _text("解释编号")
    used = _text("所采用的取值")
    text = _text("所采用的解释")


class Step(Cited):
    step = _text("步骤")
    label = _text("步骤名称")
    basis = _one_of("依据", ["law", "policy", "reading", "superior"])
    status = _text("结果")
    because = _several(Because, "所依据的要素")
    also = _several(Cited, "另见")
    modality = fields.String(validate=validate.OneOf(["shall", "may"]), metadata={"title": "应当或者可以"})
    readings = _several(ReadingUsed, "所采用的解释", required=False)


class Slot(Cited):
    slot = _text("事项")
    question = _text("留给人决定的问题")
    options = _texts("可选项，不预先选定")
    reason_required = fields.Boolean(required=True, metadata={"title": "须写明理由", "enum": [True]})


class Due(_Exact):
    from_ = _one_of("起算", ["decision", "receipt"], data_key="from")
    assumed_from = _day("假定的起算日")
    months = fields.Integer(metadata={"title": "月数"})
    workdays = fields.Integer(metadata={"title": "工作日数"})
    nominal = _day("名义期满日", allow_none=True)
    actual = _day("实际期满日", allow_none=True)
    warning = fields.String(metadata={"title": "日历提示"})


class PeriodRow(_Exact):
    measure = _text("方式")
    label = _text("方式名称")
    months = fields.Integer(required=True, allow_none=True, metadata={"title": "月数"})
    effect = _text("影响")
    basis = _text("出处")
    mark = _one_of("核对标记", ["V", "S", "M"])
    confirmed = fields.Boolean(required=True, metadata={"title": "是否已经学校确认"})
    nominal = _day("期满日", allow_none=True)


class Duty(Cited):
    duty = _text("职责")
    who = _text("责任人")
    what = _text("内容")
    source = _one_of("来源", ["law", "superior", "policy", "unconfirmed"])
    due = fields.Nested(Due, required=True, allow_none=True, metadata={"title": "期限"})
    periods = _several(PeriodRow, "影响期表中可能适用的行", required=False)


class Exemption(_Exact):
    state = _one_of("状态", _WORDS["exemption"])
    grounds = _texts("条款")


class Result(_Exact):
    """The values that a change alters; only the altered ones are present."""

    outcome = fields.String(validate=validate.OneOf(list(_WORDS["outcome"])), metadata={"title": "结论"})
    exemption = fields.Nested(Exemption, metadata={"title": "不予、免予问责"})
    mitigation = fields.List(fields.String(), metadata={"title": "从轻减轻情形"})
    aggravation = fields.List(fields.String(), metadata={"title": "从重加重情形"})
    discipline_track = fields.String(validate=validate.OneOf(list(_WORDS["discipline_track"])))
    base = _range("基本区间", required=False)
    range_mandatory = _range("应当的区间", required=False)
    range_if_discretion = _range("行使裁量时的区间", required=False)


class Flip(_Exact):
    kind = _one_of("种类", ["finding", "person", "matter", "reading"])
    fact = _text("所变化的事实或者解释")
    from_ = fields.Raw(required=True, allow_none=True, data_key="from", metadata={"title": "现在"})
    to = fields.Raw(required=True, metadata={"title": "变为"})
    new = fields.Nested(Result, required=True, metadata={"title": "新的结果"})


class OtherReading(_Exact):
    reading = _text("解释编号")
    question = _text("问题")
    used = _text("采用的取值")
    other = _text("另一取值")
    text = _text("另一解释")
    differs = fields.Nested(Result, required=True, metadata={"title": "不同之处"})


class ActRecord(_Exact):
    date = _day("日期")
    kind = _one_of("种类", _WORDS["act_kind"])
    by = _text("行为人")
    counted = fields.Boolean(required=True, metadata={"title": "是否计次"})
    why = _text("理由")


class SupervisionCount(_Exact):
    records = _several(ActRecord, "逐次记录")
    office_acts = fields.Integer(required=True, metadata={"title": "督办、催办次数"})
    formal_only = fields.Integer(required=True, metadata={"title": "只计督办次数"})


class Gates(_Exact):
    scope = _one_of("事项", _STATUSES)
    failure = _one_of("未按要求完成", _STATUSES)
    window = _one_of("一年内", _STATUSES)
    subject = _one_of("对象", _STATUSES)


class Person(_Exact):
    outcome = _one_of("结论", _WORDS["outcome"])
    gates = fields.Nested(Gates, required=True)
    situations = fields.Dict(
        keys=fields.String(), values=fields.String(validate=validate.OneOf(_STATUSES)), required=True
    )
    exemption = fields.Nested(Exemption, required=True)
    mitigation = _texts("从轻减轻情形")
    aggravation = _texts("从重加重情形")
    base = _range("基本区间")
    range_mandatory = _range("应当的区间")
    range_if_discretion = _range("行使裁量时的区间")
    discipline_track = _one_of("纪律处分衔接", _WORDS["discipline_track"])
    flags = _texts("提示")
    conditional = _range("如不适宜担任现职查明，应当的区间")
    supervision_count = fields.Nested(SupervisionCount, required=True)
    readings = _several(OtherReading, "换一种解释")
    open_facts = _texts("未查明的事实")
    citations = _texts("所引条款")
    steps = _several(Step, "推理过程")
    discretion = _several(Slot, "留给人决定的事项")
    duties = _several(Duty, "决定之后的职责")
    flips = _several(Flip, "会改变结果的单独变化")


class RulebookUsed(_Exact):
    id = _text("规则库")
    in_force_from = _day("施行日期")
    sha256 = _text("散列值")
    policy = _text("策略表")
    readings = fields.Dict(keys=fields.String(), values=fields.String(), required=True, metadata={"title": "解释"})


class EngineUsed(_Exact):
    name = _text("引擎")
    version = _text("版本")


class Recommendation(_Exact):
    """A recommendation, for each person on their own."""

    case = _text("案件")
    rulebook = fields.Nested(RulebookUsed, required=True)
    engine = fields.Nested(EngineUsed, required=True)
    persons = fields.Dict(keys=fields.String(), values=fields.Nested(Person), required=True)
    notice = _text("声明")


class LedgerAct(_Exact):
    """An act of the Office, the record that shows it, and whether it was counted."""

    record = _text("记录")
    on = _day("日期")
    label = _text("办理名称")
    counted = fields.Boolean(required=True, metadata={"title": "是否计次"})
    why = _text("理由")
    entered_by = fields.String(metadata={"title": "录入人；旧回执没有"})
    entered_on = fields.String(metadata={"title": "录入日期；旧回执没有", "format": "date"})
    late = fields.Boolean(metadata={"title": "是否补录：在下一个工作日之后录入；旧回执没有"})
    late_reason = fields.String(allow_none=True, metadata={"title": "补录理由"})


class BesideRule(_Exact):
    """What the ledger holds against a person and for the person, at one adverse rule."""

    rule = _text("不利规则")
    citation = _text("条款")
    against = fields.List(fields.Nested(SpeaksAgainst), required=True, metadata={"title": "不利要素的记录"})
    for_ = fields.List(fields.Nested(FoundBySearch), required=True, data_key="for", metadata={"title": "有利的记录"})
    searched = fields.List(fields.String(), required=True, metadata={"title": "为当事人检索过什么"})
    no_search = fields.String(required=True, allow_none=True, metadata={"title": "没有可检索内容的理由"})


class FromLedger(_Exact):
    """The part of a recommendation that comes from the ledger."""

    matter_id = fields.UUID(required=True)
    number = fields.String(required=True, allow_none=True, metadata={"title": "立项编号"})
    version = fields.Integer(required=True, metadata={"title": "推算时事项的版本"})
    acts = fields.List(fields.Nested(LedgerAct), required=True, metadata={"title": "办公室的办理及其是否计次"})
    persons = fields.Dict(
        keys=fields.String(), values=fields.List(fields.Nested(BesideRule)), required=True,
        metadata={"title": "逐人逐条并列的不利与有利记录"},
    )  # fmt: skip
    records = fields.List(fields.Nested(RecordReference), required=True, metadata={"title": "所依据的记录"})


class MatterRecommendation(Recommendation):
    """A recommendation made from a matter of the ledger."""

    ledger = fields.Nested(FromLedger, required=True)


class StoredRecommendation(Recommendation):
    """A recommendation kept as a receipt; ``ledger`` where it was made from a matter of the ledger."""

    id = fields.UUID(required=True, metadata={"title": "回执编号"})
    ledger = fields.Nested(FromLedger, required=False)


class RulebookRow(_Exact):
    id = _text("规则库")
    title = _text("名称")
    number = _text("文号")
    in_force_from = _day("施行日期")
    sha256 = _text("散列值")
    policy = _text("策略表")


class ProvisionRow(Cited):
    """A provision as it is served; ``id`` is its address, the same as ``provision``."""

    id = _text("条款")
    kind = _text("性质")
    modality = _one_of("应当、可以或者说明", ["shall", "may", "declaratory"])
    bearer = _text("义务人")
    treatment = _text("处理方式")
    note = _text("说明")

    class Meta:
        unknown = RAISE
        exclude = ("provision",)


class Health(_Exact):
    status = _one_of("状态", ["ok"])


class Refusal(Cited):
    guard = _text("限制")
    reason = _text("理由")
    policy = fields.Boolean(metadata={"title": "本校的管理要求，不是规章的规定；条款仅供参照"})


class Problem(_Exact):
    """RFC 9457 problem details."""

    type = fields.String(required=True, metadata={"title": "种类", "format": "uri"})
    title = _text("名称")
    status = fields.Integer(required=True, metadata={"title": "状态码"})
    detail = _text("说明")
    request_id = _text("请求编号")
    errors = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), metadata={"title": "按字段路径列出的错误"}
    )
    provisions = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), metadata={"title": "禁止该值的条款，按字段路径"}
    )
    refusals = _several(Refusal, "不允许的理由和条款", required=False)
    version = fields.Integer(metadata={"title": "事项现在的版本"})
    since = fields.List(fields.Dict(), metadata={"title": "其间的新记录"})
    rows = fields.List(fields.Dict(), metadata={"title": "导入的表逐行的结果"})
