"""What the ledger answers, as marshmallow schemas; the tests hold the answers against them."""

from __future__ import annotations

from marshmallow import fields, validate

from models.schemas.described import Exact, a_day, a_flag, a_moment, a_number, a_text, one_from, several, some_texts


class RecordView(Exact):
    number = a_number("序号")
    action = a_text("办理")
    label = a_text("办理名称")
    provision = a_text("所依据的条款")
    on = a_day("办理日期")
    by = a_text("办理人")
    as_ = fields.String(required=True, data_key="as", validate=validate.OneOf(["office", "unit", "leader"]))
    unit = a_text("所在单位", nullable=True)
    details = fields.Dict(required=True, metadata={"title": "内容"})
    entered_by = a_text("录入人；对本人写录入人的角色")
    entered_on = a_day("录入日期")
    late = a_flag("是否补录：督办、催办在下一个工作日之后录入")


class MatterView(Exact):
    """A matter as its records leave it."""

    id = fields.UUID(required=True)
    number = a_text("立项编号", nullable=True)
    state = one_from("状态", "matter_state")
    version = a_number("版本")
    title = a_text("工作任务")
    category = one_from("事项来源", "category")
    basis = a_text("立项依据")
    lead_unit = a_text("牵头单位", nullable=True)
    co_units = some_texts("协办单位")
    set_due_on = a_day("原办结时限", nullable=True)
    due_on = a_day("现办结时限", nullable=True)
    project_leader = fields.Dict(required=True, allow_none=True, metadata={"title": "项目负责人"})
    repeated = a_flag("重复提交，此次未再办理")
    records = several(RecordView, "记录")


class MatterLine(Exact):
    """A matter in a list."""

    position = a_number("位置")
    id = fields.UUID(required=True)
    number = a_text("立项编号", nullable=True)
    title = a_text("工作任务")
    category = one_from("事项来源", "category")
    lead_unit = a_text("牵头单位", nullable=True)
    state = one_from("状态", "matter_state")
    due_on = a_day("办结时限", nullable=True)
    version = a_number("版本")
    damaged = fields.Boolean(metadata={"title": "登记行损坏，各项不足为据；完好的没有这一项"})


class AttachmentView(Exact):
    """A file attached to a matter or a case, without its bytes."""

    id = fields.UUID(required=True)
    file_name = a_text("文件名")
    media_type = a_text("类型")
    size = a_number("字节数")
    sha256 = a_text("散列值")
    uploaded_at = a_moment("上传时间")
    uploaded_by = a_text("上传人")


class SinceThen(Exact):
    number = a_number("序号")
    label = a_text("办理名称")
    on = a_day("办理日期")
    by = a_text("办理人")
    entered_by = a_text("录入人")
    entered_on = a_day("录入日期")


class EvaluationView(Exact):
    """An evaluation of a matter, and what the ledger has got since."""

    id = fields.UUID(required=True, metadata={"title": "回执编号"})
    version = a_number("推算时事项的版本")
    at = a_moment("时间")
    by = a_text("推算人")
    current = a_flag("此后台账没有新的记录")
    since = several(SinceThen, "此后新增的记录")
