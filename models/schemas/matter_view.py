"""What the ledger answers, as marshmallow schemas; the tests hold the answers against them."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from rules.loading import load_rulebook

_BOOK = load_rulebook()
_STATES = list(_BOOK.ledger.states)
_CATEGORIES = list(_BOOK.vocabulary.enumerations["category"])


class _Exact(Schema):
    class Meta:
        unknown = RAISE


def _day(label: str, *, nullable: bool = True) -> fields.String:
    return fields.String(required=True, allow_none=nullable, metadata={"title": label, "format": "date"})


def _text(label: str, *, nullable: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=nullable, metadata={"title": label})


class RecordView(_Exact):
    number = fields.Integer(required=True, metadata={"title": "序号"})
    action = _text("办理")
    label = _text("办理名称")
    provision = _text("所依据的条款")
    on = _day("办理日期", nullable=False)
    by = _text("办理人")
    as_ = fields.String(required=True, data_key="as", validate=validate.OneOf(["office", "unit", "leader"]))
    unit = _text("所在单位", nullable=True)
    details = fields.Dict(required=True, metadata={"title": "内容"})
    entered_by = _text("录入人；对本人写录入人的角色")
    entered_on = _day("录入日期", nullable=False)
    late = fields.Boolean(required=True, metadata={"title": "是否补录：督办、催办在下一个工作日之后录入"})


class MatterView(_Exact):
    """A matter as its records leave it."""

    id = fields.UUID(required=True)
    number = _text("立项编号", nullable=True)
    state = fields.String(required=True, validate=validate.OneOf(_STATES), metadata={"title": "状态"})
    version = fields.Integer(required=True, metadata={"title": "版本"})
    title = _text("工作任务")
    category = fields.String(required=True, validate=validate.OneOf(_CATEGORIES), metadata={"title": "事项来源"})
    basis = _text("立项依据")
    lead_unit = _text("牵头单位", nullable=True)
    co_units = fields.List(fields.String(), required=True, metadata={"title": "协办单位"})
    set_due_on = _day("原办结时限")
    due_on = _day("现办结时限")
    project_leader = fields.Dict(required=True, allow_none=True, metadata={"title": "项目负责人"})
    repeated = fields.Boolean(required=True, metadata={"title": "重复提交，此次未再办理"})
    records = fields.List(fields.Nested(RecordView), required=True, metadata={"title": "记录"})


class MatterLine(_Exact):
    """A matter in a list."""

    position = fields.Integer(required=True, metadata={"title": "位置"})
    id = fields.UUID(required=True)
    number = _text("立项编号", nullable=True)
    title = _text("工作任务")
    category = fields.String(required=True, validate=validate.OneOf(_CATEGORIES), metadata={"title": "事项来源"})
    lead_unit = _text("牵头单位", nullable=True)
    state = fields.String(required=True, validate=validate.OneOf(_STATES), metadata={"title": "状态"})
    due_on = _day("办结时限")
    version = fields.Integer(required=True, metadata={"title": "版本"})
    damaged = fields.Boolean(metadata={"title": "登记行损坏，各项不足为据；完好的没有这一项"})


class AttachmentView(_Exact):
    """A file attached to a matter or a case, without its bytes."""

    id = fields.UUID(required=True)
    file_name = _text("文件名")
    media_type = _text("类型")
    size = fields.Integer(required=True, metadata={"title": "字节数"})
    sha256 = _text("散列值")
    uploaded_at = fields.String(required=True, metadata={"title": "上传时间", "format": "date-time"})
    uploaded_by = _text("上传人")


class SinceThen(_Exact):
    number = fields.Integer(required=True, metadata={"title": "序号"})
    label = _text("办理名称")
    on = _day("办理日期", nullable=False)
    by = _text("办理人")
    entered_by = _text("录入人")
    entered_on = _day("录入日期", nullable=False)


class EvaluationView(_Exact):
    """An evaluation of a matter, and what the ledger has got since."""

    id = fields.UUID(required=True, metadata={"title": "回执编号"})
    version = fields.Integer(required=True, metadata={"title": "推算时事项的版本"})
    at = fields.String(required=True, metadata={"title": "时间", "format": "date-time"})
    by = _text("推算人")
    current = fields.Boolean(required=True, metadata={"title": "此后台账没有新的记录"})
    since = fields.List(fields.Nested(SinceThen), required=True, metadata={"title": "此后新增的记录"})
