"""What the interface answers of the exchange with OA and of the daily round, as marshmallow schemas."""

from __future__ import annotations

from marshmallow import fields, validate

from models.schemas.described import Exact, a_day, a_flag, a_moment, a_number, a_text, several


class DeliveryView(Exact):
    """A form on its way to OA."""

    number = a_number("编号")
    record = a_number("记录序号")
    form = fields.String(required=True, validate=validate.OneOf(["registration_form", "urging_notice"]))
    form_name = a_text("附件名称")
    state = fields.String(required=True, validate=validate.OneOf(["waiting", "delivered", "given_up"]))
    tries = a_number("已试次数")
    created_at = a_moment("下发时间")
    next_try_at = a_moment("下次发送时间", nullable=True)
    delivered_at = a_moment("送达时间", nullable=True)
    message_id = a_text("OA 流程编号", nullable=True)
    error = a_text("没有送达的原因", nullable=True)


class TodoFinding(Exact):
    """Something that waits for somebody. unit: null for the Office."""

    kind = fields.String(required=True, metadata={"x-of": "finding"})
    label = a_text("提示")
    unit = a_text("由谁办理，null 为督查督办工作办公室", nullable=True)
    matter_id = fields.UUID(required=True, allow_none=True, metadata={"title": "事项"})
    number = a_text("立项编号", nullable=True)
    title = a_text("工作任务")
    lead_unit = a_text("牵头单位", nullable=True)
    what = a_text("阶段目标，或者没有送达的原因")
    due_on = a_day("时限", nullable=True)
    days = a_number("距时限的天数，已过的为负数", nullable=True)


class TodoList(Exact):
    """The findings of a day. more: there are further ones behind these."""

    today = a_day("按哪一天")
    findings = several(TodoFinding, "待办")
    more = a_flag("其后还有")
