"""The audit trail as it is read: the newest events first, a page at a time, and its verification on demand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, g, request
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from models.audit import events as audit
from models.audit.events import AuditEvent, Hashed
from models.store.database import reading, snapshot
from rules.reasoning.calendar import LOCAL
from service import config
from service.audit import OUTCOMES
from service.exchange.anchor_file import Anchor, NoAnchor, kept_anchors
from service.request_context import context
from service.routes import Routes, Shows, label
from service.usecases.administration.verify_trail import verify_trail
from service.web.pages import number, page

routes = Routes(Blueprint("audit-pages", __name__, template_folder="templates"))
_MOST = 50
_KINDS: Mapping[str, str] = {
    "case": "案件", "matter": "事项", "receipt": "回执", "inspection": "督查", "account": "账号", "token": "令牌", "period": "影响期表",
    "person": "人员", "of_case": "案件的处理建议回执", "attachment": "附件", "decision": "决定文号", "evaluation": "由台账请求的处理建议",
    "numbering": "事项的编号", "rulebook": "回执所依的规则库", "proof": "回执的证明材料",
}  # fmt: skip
_ACTORS: Mapping[str, str] = {"account": "账号", "token": "令牌", "command": "命令行"}
_OF_CASES = ("case", "own", "committee")


@routes.get("/audit", "audit:read", Shows("查阅审计记录"))
def every() -> Response:
    """A page of events: the last ones, or those up to the number that is asked for. This look is an event too."""
    with reading(current_app.extensions["database"]) as session:
        newest, found = g.get("last_event") or _head(session)
        last = min(number(request.args.get("last", "")) or newest, newest)
        first = max(last - _MOST + 1, 1)
        rows = audit.with_records(session, after=first - 1, limit=_MOST)
    events = [_shown(row, records) for row, records in reversed(rows) if row.number <= last]
    return page("audit/events.html", events=events, number=newest, head=found, first=first, last=last, size=_MOST)


def _head(session: Session) -> tuple[int, str]:
    """The last event; of a trail whose head is gone, nothing. Verification tells of it."""
    try:
        return audit.head(session)
    except NoResultFound:
        return 0, ""


def _shown(row: AuditEvent, records: list[Hashed]) -> dict[str, Any]:
    facts: dict[str, Any] = orjson.loads(row.facts)
    return {
        "number": row.number,
        "at": f"{datetime.fromisoformat(row.at).astimezone(LOCAL):%Y-%m-%d %H:%M:%S}",
        "actor": row.actor,
        "actor_kind": _ACTORS.get(row.actor_kind, row.actor_kind),
        "called": _called(row.action, facts),
        "action": row.action,
        "outcome": OUTCOMES.get(row.outcome, row.outcome),
        "subject": _KINDS.get(row.subject_kind or "", row.subject_kind),
        "subject_id": row.subject_id,
        "facts": facts,
        "hash": row.hash,
        "records": [
            f"{_KINDS[kind]}的第{number}号记录" if kind in ("matter", "case") else _KINDS[kind]
            for kind, _, number, _ in records
        ],
    }


def _called(action: str, facts: Mapping[str, Any]) -> str:
    """What was done: for an entry into a matter or a case the name of its action, by the API, a page or a command."""
    book = context().book
    known = book.proceedings.actions if action.startswith(_OF_CASES) else book.ledger.actions
    entry = facts.get("action") or action.partition(" ")[2]
    return known[entry].label if entry in known else label(action)


@routes.post("/audit/verify", "audit:read", None)
def verify() -> Response:
    """The whole trail against its hashes, the rows that it vouches for, and the anchors outside; no file is read here."""
    path = config.audit_anchor()
    anchors: list[Anchor | NoAnchor] = kept_anchors(path) if path is not None else []
    with snapshot(current_app.extensions["database"]) as session:
        found = verify_trail(session, anchors)
    return page("audit/verdict.html", found=found, at=datetime.now(LOCAL))
