"""What is answered about an accountability case, as marshmallow schemas; the tests hold the answers against them."""

from __future__ import annotations

from marshmallow import fields

from models.schemas.described import Exact, a_day, a_flag, a_number, a_text, one_from, several, some_texts
from models.schemas.matter_view import SinceThen


class CaseRecordView(Exact):
    number = a_number("序号")
    action = a_text("办理")
    label = a_text("办理名称")
    provision = a_text("所依据的条款")
    on = a_day("办理日期")
    by = a_text("办理人")
    as_ = fields.String(required=True, data_key="as", metadata={"x-of": "case_actor"})
    details = fields.Dict(required=True, metadata={"title": "内容"})
    entered_by = a_text("录入人")
    entered_on = a_day("录入日期")


class FindingView(Exact):
    """A finding as it stands; ``was`` are the findings that it replaced, the last first."""

    element = a_text("要素")
    label = a_text("要素名称")
    value = a_text("认定")
    evidence = fields.List(fields.Raw(), required=True, metadata={"title": "证据"})
    by = some_texts("认定人")
    on = a_day("认定日期")
    record = a_number("记录")
    reason = a_text("更改的理由", nullable=True)
    was = fields.List(fields.Dict(), required=True, metadata={"title": "此前的认定"})


class PointView(Exact):
    id = a_text("编号")
    kind = a_text("种类")
    step = a_text("针对的条款或者要素")
    text = a_text("申辩意见")
    accepting = fields.Dict(required=True, metadata={"title": "如被采纳的认定"})
    withdrawn = fields.Boolean(required=True)
    reasonable = a_flag("是否合理", nullable=True)
    adopted = a_flag("是否采纳", nullable=True)
    answer = a_text("答复的理由", nullable=True)


class CasePersonView(Exact):
    id = a_text("编号")
    name = a_text("姓名")
    post = a_text("职务")
    unit = a_text("单位")
    findings = several(FindingView, "认定")
    points = several(PointView, "申辩意见")
    signature = a_text("签署", nullable=True)
    evaluations = some_texts("历次处理建议的回执")
    decision = fields.Dict(required=True, allow_none=True, metadata={"title": "现行的决定"})
    decision_number = a_text("决定书文号", nullable=True)
    appeals = fields.List(fields.Dict(), required=True, metadata={"title": "申诉"})
    owed = some_texts("待回转的后果")
    remaining = some_texts("尚待办理")


class CaseView(Exact):
    """A case as its records leave it."""

    id = fields.UUID(required=True)
    state = one_from("状态", "case_state")
    version = a_number("版本")
    title = a_text("标题")
    matters = some_texts("所涉事项")
    situations = some_texts("发现的问责情形")
    team = fields.List(fields.Dict(), required=True, metadata={"title": "调查组"})
    recused = fields.Dict(required=True, metadata={"title": "回避人员及事由"})
    persons = several(CasePersonView, "调查对象")
    repeated = a_flag("重复提交，此次未再办理")
    records = several(CaseRecordView, "记录")


class CaseLine(Exact):
    position = a_number("位置")
    id = fields.UUID(required=True)
    title = a_text("标题")
    state = one_from("状态", "case_state")
    version = a_number("版本")


class PointBasis(Exact):
    """The recommendation that a point is weighed on, and what came after it and is not counted."""

    receipt_id = fields.UUID(required=True, metadata={"title": "处理建议的回执"})
    matter_id = fields.UUID(required=True, metadata={"title": "所依的事项"})
    version = a_number("推算时事项的记录数")
    since = several(SinceThen, "此后事项新增的记录")
    findings = fields.List(fields.Integer(), required=True, metadata={"title": "此后另有的认定，案件记录的序号"})


class PointEffect(Exact):
    """What accepting a point of the defence would change of the recommendation; empty where nothing."""

    person = a_text("调查对象")
    point = a_text("申辩意见")
    known = a_flag("能否推算：已请求过处理建议，并写明了采纳后的认定")
    changes = fields.Dict(required=True, metadata={"title": "会改变的结果：现值和采纳后的值"})
    basis = fields.Nested(
        PointBasis, required=True, allow_none=True, metadata={"title": "所依的处理建议；尚未请求的，没有"}
    )


class CheckedView(Exact):
    """A duty of procedure as it was graded; remedy is null where nothing is to be made up."""

    duty = a_text("职责")
    label = a_text("职责名称")
    person = a_text("调查对象；全案的职责没有", nullable=True)
    provision = a_text("条款")
    citation = a_text("条款的出处")
    grade = one_from("结论", "grade")
    grade_label = a_text("结论名称")
    records = fields.List(fields.Integer(), required=True, metadata={"title": "所依据的记录的序号"})
    remedy = a_text("补正办法；不可补正的，如何处理", nullable=True)
