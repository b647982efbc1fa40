"""The ledger: matters opened, acted on, listed; the case that a matter makes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, g
from flask_smorest import Blueprint

from models.domain.matter import Record
from models.schemas.entries import matter_entries
from models.schemas.matter_view import MatterLine, MatterView
from models.store import matters
from models.store.database import reading, writing
from rules.rulebook import Rulebook
from service.api.answers import as_json
from service.api.asked import LAST_POSITION, asks, day, state_of, text, whole
from service.api.entries import KEY, about, action_route, body_of, json_body, request_key
from service.api.openapi import Operations, answers
from service.api.own import unit_asked
from service.auth import check_actor
from service.request_context import context
from service.routes import Writes
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
routes = Operations(blueprint)
_FIRST = "propose"


_STATE = state_of("台账", "matter_state", lambda: context().book.ledger.states)
_UNIT = text("unit", "牵头单位（可以用别名）", lambda: None)
_DUE_BEFORE = day("due_before", "办结时限在此日之前", lambda: None)
_AFTER = whole("after", "上一页最后的位置", 0, LAST_POSITION, 0)
_PAGE = whole("limit", "每页件数", 0, 200, 50, default=50)


@answers(blueprint, 401, 403, 409, 413, 415, 422, 507)
@blueprint.response(201, MatterView, description="已提出立项意见")
def open_one() -> Response:
    entry = _entry(_FIRST)
    with writing(current_app.extensions["database"]) as session:
        outcome = open_matter(session, context().books, entry, now=datetime.now(UTC))
    return _answer(outcome, 201, Location=f"/api/v1/matters/{outcome.id}")


def _act(action: str, matter_id: str, expected: int) -> Response:
    entry = _entry(action)
    with writing(current_app.extensions["database"]) as session:
        outcome = act_on_matter(session, context().books, matter_id, entry, expected=expected, now=datetime.now(UTC))
        told = matter_as_told(session, g.principal, outcome)
    return _answer(told)


@routes.of_book
def _of_book(book: Rulebook) -> Operations:
    """The opening, and each action, called as the book calls it."""
    made, actions = Operations(blueprint), book.ledger.actions
    told = {"operationId": "openMatter", "summary": about(actions[_FIRST], book)}
    opening = blueprint.doc(**told, parameters=[KEY], requestBody=body_of(f"Entry.{_FIRST}"))(open_one)
    made.post("/matters", "ledger:open", Writes("提出事项"))(opening)
    for action in actions.values():
        if action.sources:
            action_route(made, "matter", action, book, MatterView, _act)
    return made


@routes.get("/matters/<matter_id>", "ledger:read", None)
@blueprint.doc(operationId="readMatter", summary="一个事项及其全部记录")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, MatterView, description="事项")
def read_one(matter_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        return _answer(matter_as_told(session, g.principal, read_matter(session, context().books, matter_id)))


@routes.get("/matters/<matter_id>/case", "ledger:read", None)
@blueprint.doc(operationId="readMatterCase", summary="由台账记录生成的案卷 matter 部分，以及所依据的记录")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, "MatterCase", description="案卷的 matter 部分")
def read_case(matter_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        found = matter_as_told(session, g.principal, read_matter(session, context().books, matter_id))
        told = matter_case(
            found.matter, found.number or found.id, context().books, who_held_posts(session, found.matter)
        )
    return as_json(told)


@routes.get("/matters", "ledger:list", None)
@asks(_STATE, _UNIT, _DUE_BEFORE, _AFTER, _PAGE)
@blueprint.doc(operationId="listMatters", summary="事项一览，按提出先后")
@answers(blueprint, 401, 403)
@blueprint.response(200, MatterLine(many=True), description="事项")
def list_matters() -> Response:
    state, unit, due_before = _STATE.asked(), _UNIT.asked(), _DUE_BEFORE.asked()
    after, limit = _AFTER.asked(), _PAGE.asked()
    with reading(current_app.extensions["database"]) as session:
        named = unit_asked(session, unit)
        rows = matters.page(session, state=state, unit=named, due_before=due_before, after=after, limit=limit)
    return as_json([_row(row) for row in rows])


def _entry(action: str) -> Entry:
    key = request_key()
    entry = Entry(
        action, **matter_entries(context().book).load(action, json_body()), entered_by=g.actor, request_key=key
    )
    check_actor(entry.actor)
    return entry


def _row(row: matters.MatterRow) -> dict[str, Any]:
    return {"position": row.position, "id": row.id, "number": shown_number(row), "title": row.title,
            "category": row.category, "lead_unit": row.lead_unit, "state": row.state,
            "due_on": row.due_on.isoformat() if row.due_on else None, "version": row.version} | ({"damaged": True} if row.is_torn(context().book.ledger.states) else {})  # fmt: skip


def _answer(outcome: Outcome, status: int = 200, **headers: str) -> Response:
    matter, late = outcome.matter, late_in(outcome.matter, context().books)
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
    action = context().book.ledger.actions[record.action]
    return {"number": record.number, "action": record.action, "label": action.label, "provision": action.provision,
            "on": record.on, "by": record.actor.name, "as": record.actor.kind, "unit": record.actor.unit,
            "details": record.details, "entered_by": record.entered_by, "entered_on": record.entered_on, "late": late}  # fmt: skip
