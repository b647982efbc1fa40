"""The ledger: matters opened, acted on, listed; the case that a matter makes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from flask import Response, current_app, g, request
from flask_smorest import Blueprint
from werkzeug.exceptions import BadRequest

from models.domain.matter import Record
from models.schemas.ledger import ENTRIES, OPENING, load_entry
from models.schemas.matter_view import MatterLine, MatterView
from models.store import matters
from models.store.database import reading, writing
from rules.loading import load_rulebook
from service.api.answers import as_json
from service.api.entries import KEY, about, action_route, body_of, json_body, plain, request_key
from service.api.openapi import answers
from service.api.own import unit_asked
from service.auth import check_actor
from service.routes import Routes, Writes
from service.usecases.act_on_matter import (
    Entry,
    Outcome,
    act_on_matter,
    late_in,
    open_matter,
    read_matter,
    shown_number,
)
from service.usecases.entered_by import matter_as_told
from service.usecases.matter_case import matter_case, who_held_posts

blueprint = Blueprint("ledger", __name__, description="督查督办台账")
routes = Routes(blueprint)
_FIRST, _ACTIONS = "propose", load_rulebook().ledger.actions
_LIMIT, _MOST = 50, 200


def _query(name: str, about: str, **schema: Any) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "description": about, "schema": schema}


_QUERY = [
    _query("state", "状态", type="string", enum=list(load_rulebook().ledger.states)),
    _query("unit", "牵头单位（可以用别名）", type="string", minLength=1, maxLength=200),
    _query("due_before", "办结时限在此日之前", type="string", format="date"),
    _query("after", "上一页最后的位置", type="integer", minimum=0, maximum=2**31 - 1),
    _query("limit", "每页件数", type="integer", minimum=0, maximum=_MOST, default=_LIMIT),
]


@routes.post("/matters", "ledger:open", Writes("提出事项"))
@blueprint.doc(
    operationId="openMatter", summary=about(_ACTIONS[_FIRST]), parameters=[KEY], requestBody=body_of(f"Entry.{_FIRST}")
)
@answers(blueprint, 401, 403, 409, 413, 415, 422, 507)
@blueprint.response(201, MatterView, description="已提出立项意见")
def open_one() -> Response:
    entry = _entry(_FIRST)
    with writing(current_app.extensions["database"]) as session:
        outcome = open_matter(session, entry, now=datetime.now(UTC))
    return _answer(outcome, 201, Location=f"/api/v1/matters/{outcome.id}")


def _act(action: str, matter_id: str, expected: int) -> Response:
    entry = _entry(action)
    with writing(current_app.extensions["database"]) as session:
        outcome = act_on_matter(session, matter_id, entry, expected=expected, now=datetime.now(UTC))
        told = matter_as_told(session, g.principal, outcome)
    return _answer(told)


for _action in ENTRIES:
    if _action not in OPENING:
        action_route(routes, "matter", _ACTIONS[_action], MatterView, _act)


@routes.get("/matters/<matter_id>", "ledger:read", None)
@blueprint.doc(operationId="readMatter", summary="一个事项及其全部记录")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, MatterView, description="事项")
def read_one(matter_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        return _answer(matter_as_told(session, g.principal, read_matter(session, plain(matter_id))))


@routes.get("/matters/<matter_id>/case", "ledger:read", None)
@blueprint.doc(operationId="readMatterCase", summary="由台账记录生成的案卷 matter 部分，以及所依据的记录")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, "MatterCase", description="案卷的 matter 部分")
def read_case(matter_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        found = matter_as_told(session, g.principal, read_matter(session, plain(matter_id)))
        told = matter_case(found.matter, found.number or found.id, who_held_posts(session, found.matter))
    return as_json(told)


@routes.get("/matters", "ledger:list", None)
@blueprint.doc(operationId="listMatters", summary="事项一览，按提出先后", parameters=_QUERY)
@answers(blueprint, 401, 403)
@blueprint.response(200, MatterLine(many=True), description="事项")
def list_matters() -> Response:
    asked = request.args
    if any(len(asked.getlist(name)) > 1 or "\x00" in asked[name] for name in asked):
        raise BadRequest("查询参数只能各出现一次，不能含控制字符")
    if set(asked) - {"state", "unit", "due_before", "after", "limit"}:
        raise BadRequest("查询参数只有 state、unit、due_before、after、limit")
    if asked.get("state") not in {None, *load_rulebook().ledger.states}:
        raise BadRequest("state 不是台账的状态")
    with reading(current_app.extensions["database"]) as session:
        named = unit_asked(session)
        rows = matters.page(
            session, state=asked.get("state"), unit=named, due_before=_day("due_before"),
            after=_whole("after", 0, 2**31 - 1), limit=_whole("limit", _LIMIT, _MOST),
        )  # fmt: skip
    return as_json([_row(row) for row in rows])


def _entry(action: str) -> Entry:
    key = request_key()
    entry = Entry(action, **load_entry(action, json_body()), entered_by=g.actor, request_key=key)
    check_actor(entry.actor)
    return entry


def _day(name: str) -> date | None:
    given = request.args.get(name)
    try:
        return None if given is None else date.fromisoformat(given)
    except ValueError:
        raise BadRequest(f"{name} 应为日期，格式 YYYY-MM-DD") from None


def _whole(name: str, default: int, most: int) -> int:
    given = request.args.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and len(given) <= 10 and int(given) <= most):
        raise BadRequest(f"{name} 应为0至{most}的整数")
    return int(given)


def _row(row: matters.MatterRow) -> dict[str, Any]:
    return {"position": row.position, "id": row.id, "number": shown_number(row), "title": row.title,
            "category": row.category, "lead_unit": row.lead_unit, "state": row.state,
            "due_on": row.due_on.isoformat() if row.due_on else None, "version": row.version} | ({"damaged": True} if row.torn else {})  # fmt: skip


def _answer(outcome: Outcome, status: int = 200, **headers: str) -> Response:
    matter, late = outcome.matter, late_in(outcome.matter)
    body = {
        "id": outcome.id, "number": outcome.number, "state": matter.state, "version": matter.version,
        "title": matter.title, "category": matter.category, "basis": matter.basis, "lead_unit": matter.lead_unit,
        "co_units": matter.co_units, "set_due_on": matter.set_due_on, "due_on": matter.due_on,
        "project_leader": asdict(matter.project_leader) if matter.project_leader else None, "repeated": outcome.repeated,
        "records": [_record(record, record.number in late) for record in matter.records],
    }  # fmt: skip
    return as_json(body, status, ETag=f'"{matter.version}"', **headers)


def _record(record: Record, late: bool) -> dict[str, Any]:
    """A record as it is answered, with the provision that its action rests on."""
    action = load_rulebook().ledger.actions[record.action]
    return {"number": record.number, "action": record.action, "label": action.label, "provision": action.provision,
            "on": record.on, "by": record.actor.name, "as": record.actor.kind, "unit": record.actor.unit,
            "details": record.details, "entered_by": record.entered_by, "entered_on": record.entered_on, "late": late}  # fmt: skip
