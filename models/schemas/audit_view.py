"""What is answered of the audit trail, as marshmallow schemas; the tests hold the answers against them."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from models.store.audit_hashes import RECORDS


class _Exact(Schema):
    class Meta:
        unknown = RAISE


def _text(label: str, *, nullable: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=nullable, metadata={"title": label})


def _moment(label: str) -> fields.String:
    return fields.String(required=True, metadata={"title": label, "format": "date-time"})


def _outcome() -> fields.String:
    known = ["done", "repeated", "tried", "read"]
    return fields.String(required=True, validate=validate.OneOf(known), metadata={"title": "结果"})


class VouchedRecord(_Exact):
    """A row that an event wrote, and the hash that the event vouches for."""

    kind = fields.String(required=True, validate=validate.OneOf(list(RECORDS)), metadata={"title": "种类"})
    owner_id = _text("事项、案件等的标识")
    number = fields.Integer(required=True, metadata={"title": "记录等的序号"})
    hash = _text("散列值")


class AuditEventView(_Exact):
    """An event; it holds identifiers, never texts of a case."""

    number = fields.Integer(required=True, metadata={"title": "序号"})
    at = _moment("时间")
    actor = _text("何人")
    actor_kind = fields.String(required=True, metadata={"title": "令牌 token、账号 account、命令行 command"})
    actor_id = _text("令牌或者账号的标识", nullable=True)
    action = _text("接口或者命令")
    label = _text("名称")
    outcome = _outcome()
    subject_kind = _text("对象的种类", nullable=True)
    subject_id = _text("对象的标识", nullable=True)
    facts = fields.Dict(required=True, metadata={"title": "有关的标识"})
    records = fields.List(fields.Nested(VouchedRecord), required=True, metadata={"title": "所写的记录"})
    algorithm = _text("散列算法")
    previous = _text("前一条的散列值")
    hash = _text("散列值")


class AuditPage(_Exact):
    """next: what to give as ``after`` for the next page; null on the last one."""

    events = fields.List(fields.Nested(AuditEventView), required=True, metadata={"title": "审计记录"})
    next = fields.Integer(required=True, allow_none=True, metadata={"title": "下一页的 after"})


class HistoryLine(_Exact):
    """What was written in a case, or who looked at it. event: null for a record that no event vouches for."""

    at = _moment("时间")
    event = fields.Integer(required=True, allow_none=True, metadata={"title": "审计记录的序号"})
    kind = fields.String(
        required=True, validate=validate.OneOf(["record", "read", "other"]), metadata={"title": "种类"}
    )
    record = fields.Integer(required=True, allow_none=True, metadata={"title": "案件记录的序号"})
    label = _text("名称")
    by = _text("何人录入或者查阅")
    outcome = _outcome()
