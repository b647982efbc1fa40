"""The audit trail as it is read: page by page, and as the timeline of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from flask import Response, current_app
from flask_smorest import Blueprint

from models.schemas.audit_view import AuditPage
from models.store import audit
from models.store.audit import AuditEvent, Hashed
from models.store.database import reading
from service.api.answers import as_json
from service.api.asked import LAST_POSITION, asks, whole
from service.api.openapi import Operations, answers, many
from service.request_context import context
from service.routes import Shows, label
from service.usecases.case_history import case_history

blueprint = Blueprint("audit", __name__, description="审计记录")
routes = Operations(blueprint)
_AFTER = whole("after", "从这一序号之后", 0, LAST_POSITION, 0, default=0)
_PAGE = whole("limit", "每页条数", 1, 500, 100, default=100)
_PLAIN = ("number", "at", "actor", "actor_kind", "actor_id", "action", "outcome", "subject_kind", "subject_id", "algorithm",
          "previous", "hash")  # fmt: skip


@routes.get("/audit", "audit:read", Shows("查阅审计记录"))
@asks(_AFTER, _PAGE)
@blueprint.doc(operationId="listAudit", summary="审计记录，按序号；本次查阅也记入")
@answers(blueprint, 401, 403)
@blueprint.response(200, AuditPage, description="审计记录")
def every() -> Response:
    after, limit = _AFTER.asked(), _PAGE.asked()
    with reading(current_app.extensions["database"]) as session:
        found = audit.page(session, after=after, limit=limit + 1)
        rows = found[:limit]
        records = audit.records_of(session, rows[0].number, rows[-1].number) if rows else {}
    events = [_event(row, records.get(row.number, ())) for row in rows]
    return as_json({"events": events, "next": rows[-1].number if len(found) > limit else None})


@routes.get("/cases/<case_id>/history", "case:read", Shows("查阅案件经过"))
@asks()
@blueprint.doc(operationId="caseHistory", summary="一个案件的经过：全部记录，以及何人何时查阅")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, many("HistoryLine"), description="按时间先后")
def history(case_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        return as_json(case_history(session, context().books, case_id, label))


def _event(row: AuditEvent, records: Sequence[Hashed]) -> dict[str, Any]:
    names = ("kind", "owner_id", "number", "hash")
    vouched = [dict(zip(names, record, strict=True)) for record in records]
    facts = orjson.loads(row.facts)
    return {name: getattr(row, name) for name in _PLAIN} | {
        "label": label(row.action),
        "facts": facts,
        "records": vouched,
    }
