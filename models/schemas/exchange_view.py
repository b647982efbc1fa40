"""What the interface answers of the exchange with OA and of the daily round, as marshmallow schemas."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from rules.loading import load_rulebook

_BOOK = load_rulebook()


class _Exact(Schema):
    class Meta:
        unknown = RAISE


def _text(label: str, *, nullable: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=nullable, metadata={"title": label})


def _number(label: str, *, nullable: bool = False) -> fields.Integer:
    return fields.Integer(required=True, allow_none=nullable, metadata={"title": label})


def _moment(label: str, *, nullable: bool = True) -> fields.String:
    return fields.String(required=True, allow_none=nullable, metadata={"title": label, "format": "date-time"})


class DeliveryView(_Exact):
    """A form on its way to OA."""

    number = _number("编号")
    record = _number("记录序号")
    form = fields.String(required=True, validate=validate.OneOf(["registration_form", "urging_notice"]))
    form_name = _text("附件名称")
    state = fields.String(required=True, validate=validate.OneOf(["waiting", "delivered", "given_up"]))
    tries = _number("已试次数")
    created_at = _moment("下发时间", nullable=False)
    next_try_at = _moment("下次发送时间")
    delivered_at = _moment("送达时间")
    message_id = _text("OA 流程编号", nullable=True)
    error = _text("没有送达的原因", nullable=True)


class TodoFinding(_Exact):
    """Something that waits for somebody. unit: null for the Office."""

    kind = fields.String(required=True, validate=validate.OneOf([*_BOOK.ledger.reminders, "matter_damaged"]))
    label = _text("提示")
    unit = _text("由谁办理，null 为督查督办工作办公室", nullable=True)
    matter_id = fields.UUID(required=True, allow_none=True, metadata={"title": "事项"})
    number = _text("立项编号", nullable=True)
    title = _text("工作任务")
    lead_unit = _text("牵头单位", nullable=True)
    what = fields.String(required=True, metadata={"title": "阶段目标，或者没有送达的原因"})
    due_on = fields.String(required=True, allow_none=True, metadata={"title": "时限", "format": "date"})
    days = _number("距时限的天数，已过的为负数", nullable=True)


class TodoList(_Exact):
    """The findings of a day. more: there are further ones behind these."""

    today = fields.String(required=True, metadata={"title": "按哪一天", "format": "date"})
    findings = fields.List(fields.Nested(TodoFinding), required=True, metadata={"title": "待办"})
    more = fields.Boolean(required=True, metadata={"title": "其后还有"})
