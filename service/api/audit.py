"""The audit trail as it is read: page by page, and as the timeline of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from sqlalchemy.orm import Session

from models.audit import events as audit
from models.audit.events import AuditEvent, Hashed
from models.audit.hashes import RECORDS
from rules.answering import Moment, Value, about
from service.api.answers import view_of
from service.api.asked import LAST_POSITION, whole
from service.api.openapi import answers, asks, gives, interface
from service.request_context import context
from service.routes import Shows, label
from service.usecases.cases.history import Happened, case_history

routes = interface("audit", "审计记录")
_AFTER = whole("after", "从这一序号之后", 0, LAST_POSITION, 0, default=0)
_PAGE = whole("limit", "每页条数", 1, 500, 100, default=100)


class VouchedRecord(Value, frozen=True):
    """A row that an event wrote, and the hash that the event vouches for."""

    kind: Annotated[str, about("种类", *RECORDS)]
    owner_id: Annotated[str, about("事项、案件等的标识")]
    number: Annotated[int, about("记录等的序号")]
    hash: Annotated[str, about("散列值")]


class AuditEventView(Value, frozen=True):
    """An event; it holds identifiers, never texts of a case."""

    number: Annotated[int, about("序号")]
    at: Annotated[Moment, about("时间")]
    actor: Annotated[str, about("何人")]
    actor_kind: Annotated[str, about("令牌 token、账号 account、命令行 command")]
    actor_id: Annotated[str | None, about("令牌或者账号的标识")]
    action: Annotated[str, about("接口或者命令")]
    outcome: Annotated[str, about("结果", "done", "repeated", "tried", "read")]
    subject_kind: Annotated[str | None, about("对象的种类")]
    subject_id: Annotated[str | None, about("对象的标识")]
    algorithm: Annotated[str, about("散列算法")]
    previous: Annotated[str, about("前一条的散列值")]
    hash: Annotated[str, about("散列值")]
    label: Annotated[str, about("名称")]
    facts: Annotated[dict[str, Any], about("有关的标识")]
    records: Annotated[tuple[VouchedRecord, ...], about("所写的记录")]


class AuditPage(Value, frozen=True):
    """next: what to give as ``after`` for the next page; null on the last one."""

    events: Annotated[tuple[AuditEventView, ...], about("审计记录")]
    next: Annotated[int | None, about("下一页的 after")]


@routes.get("/audit", "audit:read", Shows("查阅审计记录"))
@asks(_AFTER, _PAGE)
@answers("listAudit", gives(AuditPage, "审计记录"))
def every(session: Session, after: int, limit: int) -> AuditPage:
    """审计记录，按序号；本次查阅也记入"""
    found = audit.with_records(session, after=after, limit=limit + 1)
    rows = found[:limit]
    events = tuple(_event(row, records) for row, records in rows)
    return AuditPage(events, rows[-1][0].number if len(found) > limit else None)


@routes.get("/cases/<case_id>/history", "case:read", Shows("查阅案件经过"))
@answers("caseHistory", gives([Happened], "按时间先后"))
def history(session: Session, case_id: str) -> Sequence[Happened]:
    """一个案件的经过：全部记录，以及何人何时查阅"""
    return case_history(session, context().books, case_id, label)


def _event(row: AuditEvent, records: Sequence[Hashed]) -> AuditEventView:
    vouched = tuple(VouchedRecord(*record) for record in records)
    return view_of(AuditEventView, row, label=label(row.action), facts=orjson.loads(row.facts), records=vouched)
