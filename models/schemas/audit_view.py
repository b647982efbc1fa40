"""What is answered of the audit trail, as marshmallow schemas; the tests hold the answers against them."""

from __future__ import annotations

from marshmallow import fields

from models.schemas.described import Exact, a_moment, a_number, a_text, one_of, several
from models.store.audit_hashes import RECORDS


def _outcome() -> fields.String:
    known = ["done", "repeated", "tried", "read"]
    return one_of("结果", known)


class VouchedRecord(Exact):
    """A row that an event wrote, and the hash that the event vouches for."""

    kind = one_of("种类", RECORDS)
    owner_id = a_text("事项、案件等的标识")
    number = a_number("记录等的序号")
    hash = a_text("散列值")


class AuditEventView(Exact):
    """An event; it holds identifiers, never texts of a case."""

    number = a_number("序号")
    at = a_moment("时间")
    actor = a_text("何人")
    actor_kind = a_text("令牌 token、账号 account、命令行 command")
    actor_id = a_text("令牌或者账号的标识", nullable=True)
    action = a_text("接口或者命令")
    label = a_text("名称")
    outcome = _outcome()
    subject_kind = a_text("对象的种类", nullable=True)
    subject_id = a_text("对象的标识", nullable=True)
    facts = fields.Dict(required=True, metadata={"title": "有关的标识"})
    records = several(VouchedRecord, "所写的记录")
    algorithm = a_text("散列算法")
    previous = a_text("前一条的散列值")
    hash = a_text("散列值")


class AuditPage(Exact):
    """next: what to give as ``after`` for the next page; null on the last one."""

    events = several(AuditEventView, "审计记录")
    next = a_number("下一页的 after", nullable=True)
