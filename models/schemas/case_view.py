"""What is answered about an accountability case, as marshmallow schemas; the tests hold the answers against them."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from models.schemas.case_entries import ACTOR_KINDS
from models.schemas.matter_view import SinceThen
from rules.loading import load_rulebook

_STATES = list(load_rulebook().proceedings.states)
_GRADES = list(load_rulebook().checkup.grades)


class _Exact(Schema):
    class Meta:
        unknown = RAISE


def _text(label: str, *, nullable: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=nullable, metadata={"title": label})


def _day(label: str, *, nullable: bool = True) -> fields.String:
    return fields.String(required=True, allow_none=nullable, metadata={"title": label, "format": "date"})


class CaseRecordView(_Exact):
    number = fields.Integer(required=True, metadata={"title": "序号"})
    action = _text("办理")
    label = _text("办理名称")
    provision = _text("所依据的条款")
    on = _day("办理日期", nullable=False)
    by = _text("办理人")
    as_ = fields.String(required=True, data_key="as", validate=validate.OneOf(list(ACTOR_KINDS)))
    details = fields.Dict(required=True, metadata={"title": "内容"})
    entered_by = _text("录入人")
    entered_on = _day("录入日期", nullable=False)


class FindingView(_Exact):
    """A finding as it stands; ``was`` are the findings that it replaced, the last first."""

    element = _text("要素")
    label = _text("要素名称")
    value = _text("认定")
    evidence = fields.List(fields.Raw(), required=True, metadata={"title": "证据"})
    by = fields.List(fields.String(), required=True, metadata={"title": "认定人"})
    on = _day("认定日期", nullable=False)
    record = fields.Integer(required=True, metadata={"title": "记录"})
    reason = _text("更改的理由", nullable=True)
    was = fields.List(fields.Dict(), required=True, metadata={"title": "此前的认定"})


class PointView(_Exact):
    id = _text("编号")
    kind = _text("种类")
    step = _text("针对的条款或者要素")
    text = _text("申辩意见")
    accepting = fields.Dict(required=True, metadata={"title": "如被采纳的认定"})
    withdrawn = fields.Boolean(required=True)
    reasonable = fields.Boolean(required=True, allow_none=True, metadata={"title": "是否合理"})
    adopted = fields.Boolean(required=True, allow_none=True, metadata={"title": "是否采纳"})
    answer = _text("答复的理由", nullable=True)


class CasePersonView(_Exact):
    id = _text("编号")
    name = _text("姓名")
    post = _text("职务")
    unit = _text("单位")
    findings = fields.List(fields.Nested(FindingView), required=True, metadata={"title": "认定"})
    points = fields.List(fields.Nested(PointView), required=True, metadata={"title": "申辩意见"})
    signature = _text("签署", nullable=True)
    evaluations = fields.List(fields.String(), required=True, metadata={"title": "历次处理建议的回执"})
    decision = fields.Dict(required=True, allow_none=True, metadata={"title": "现行的决定"})
    decision_number = _text("决定书文号", nullable=True)
    appeals = fields.List(fields.Dict(), required=True, metadata={"title": "申诉"})
    owed = fields.List(fields.String(), required=True, metadata={"title": "待回转的后果"})
    remaining = fields.List(fields.String(), required=True, metadata={"title": "尚待办理"})


class CaseView(_Exact):
    """A case as its records leave it."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(_STATES), metadata={"title": "状态"})
    version = fields.Integer(required=True, metadata={"title": "版本"})
    title = _text("标题")
    matters = fields.List(fields.String(), required=True, metadata={"title": "所涉事项"})
    situations = fields.List(fields.String(), required=True, metadata={"title": "发现的问责情形"})
    team = fields.List(fields.Dict(), required=True, metadata={"title": "调查组"})
    recused = fields.Dict(required=True, metadata={"title": "回避人员及事由"})
    persons = fields.List(fields.Nested(CasePersonView), required=True, metadata={"title": "调查对象"})
    repeated = fields.Boolean(required=True, metadata={"title": "重复提交，此次未再办理"})
    records = fields.List(fields.Nested(CaseRecordView), required=True, metadata={"title": "记录"})


class CaseLine(_Exact):
    position = fields.Integer(required=True, metadata={"title": "位置"})
    id = fields.UUID(required=True)
    title = _text("标题")
    state = fields.String(required=True, validate=validate.OneOf(_STATES), metadata={"title": "状态"})
    version = fields.Integer(required=True, metadata={"title": "版本"})


class PointBasis(_Exact):
    """The recommendation that a point is weighed on, and what came after it and is not counted."""

    receipt_id = fields.UUID(required=True, metadata={"title": "处理建议的回执"})
    matter_id = fields.UUID(required=True, metadata={"title": "所依的事项"})
    version = fields.Integer(required=True, metadata={"title": "推算时事项的记录数"})
    since = fields.List(fields.Nested(SinceThen), required=True, metadata={"title": "此后事项新增的记录"})
    findings = fields.List(fields.Integer(), required=True, metadata={"title": "此后另有的认定，案件记录的序号"})


class PointEffect(_Exact):
    """What accepting a point of the defence would change of the recommendation; empty where nothing."""

    person = _text("调查对象")
    point = _text("申辩意见")
    known = fields.Boolean(required=True, metadata={"title": "能否推算：已请求过处理建议，并写明了采纳后的认定"})
    changes = fields.Dict(required=True, metadata={"title": "会改变的结果：现值和采纳后的值"})
    basis = fields.Nested(
        PointBasis, required=True, allow_none=True, metadata={"title": "所依的处理建议；尚未请求的，没有"}
    )


class CaseDuty(_Exact):
    """Something to be done after the decision; a day that cannot be computed is null, with a warning."""

    id = _text("职责")
    provision = _text("条款")
    who = _text("由谁")
    what = _text("做什么")
    source = fields.String(
        required=True, validate=validate.OneOf(["law", "superior", "policy", "unconfirmed"]), metadata={"title": "来源"}
    )
    state = fields.String(
        required=True,
        validate=validate.OneOf(["done", "open", "overdue", "not_due", "unknown"]),
        metadata={"title": "状态"},
    )
    nominal = _day("名义期满")
    actual = _day("实际期满")
    done_on = _day("办理日期")
    late = fields.Boolean(required=True, allow_none=True, metadata={"title": "是否逾期办理"})
    soft = fields.Boolean(required=True, metadata={"title": "仅为工作提醒"})
    lapsed = fields.Boolean(required=True, metadata={"title": "权利期满未行使"})
    reading = _text("解释", nullable=True)
    warning = _text("提示", nullable=True)


class PersonDutiesView(_Exact):
    person = _text("调查对象")
    duties = fields.List(fields.Nested(CaseDuty), required=True, metadata={"title": "决定之后的职责"})
    late_appeals = fields.List(fields.String(), required=True, metadata={"title": "逾期提出的申诉，由人处理"})


class CheckedView(_Exact):
    """A duty of procedure as it was graded; remedy is null where nothing is to be made up."""

    duty = _text("职责")
    label = _text("职责名称")
    person = _text("调查对象；全案的职责没有", nullable=True)
    provision = _text("条款")
    citation = _text("条款的出处")
    grade = fields.String(required=True, validate=validate.OneOf(_GRADES), metadata={"title": "结论"})
    grade_label = _text("结论名称")
    records = fields.List(fields.Integer(), required=True, metadata={"title": "所依据的记录的序号"})
    remedy = _text("补正办法；不可补正的，如何处理", nullable=True)
