"""The ledger: matters opened, acted on, listed; the case that a matter makes."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Response, current_app, g
from sqlalchemy.orm import Session

from models.matter import matters
from models.schemas.entries import matter_entries
from models.schemas.matter_view import MatterLine, MatterView, RecordView
from models.store.database import writing
from rules.book.rulebook import Rulebook
from rules.reasoning.ledger_answer import MatterCase
from service.api.answers import as_json, told, view_of
from service.api.asked import KEY, LAST_POSITION, day, none, state_of, text, whole
from service.api.entries import about, action_route, json_body, request_key
from service.api.exchange import unit_asked
from service.api.openapi import Operations, answers, asks, gives, interface, takes
from service.auth import entry_of
from service.request_context import context
from service.routes import Writes
from service.usecases.entry import Entry
from service.usecases.matters.act_on_matter import (
    MatterOutcome,
    act_on_matter,
    open_matter,
    read_matter,
    shown_number,
)
from service.usecases.people.entered_by import matter_as_told
from service.usecases.recommending.matter_case import matter_case, who_held_posts

routes = interface("ledger", "督查督办台账")
_FIRST = "propose"
_STATE = state_of("台账", "matter_state", lambda: context().book.ledger.states)
_UNIT = text("unit", "牵头单位（可以用别名）")
_DUE_BEFORE = day("due_before", "办结时限在此日之前", none)
_AFTER = whole("after", "上一页最后的位置", 0, LAST_POSITION, 0)
_PAGE = whole("limit", "每页件数", 0, 200, 50, default=50)
_OPENED = gives(MatterView, "已提出立项意见", 201)


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
    made, actions = Operations(routes.blueprint), matter_entries(book).actions
    told = {"headers": (KEY,), "body": takes(f"Entry.{_FIRST}"), "fails": (409,)}
    opening = answers("openMatter", _OPENED, summary=about(actions[_FIRST], book), **told)(open_one)
    made.post("/matters", "ledger:open", Writes("提出事项"))(opening)
    for action in actions.values():
        if action.sources:
            action_route(made, "matter", action, book, _act, gives(MatterView, "已办理"))
    return made


@routes.get("/matters/<matter_id>", "ledger:read", None)
@answers("readMatter", gives(MatterView, "事项"))
def read_one(session: Session, matter_id: str) -> Response:
    """一个事项及其全部记录"""
    return _answer(matter_as_told(session, g.principal, read_matter(session, context().books, matter_id)))


@routes.get("/matters/<matter_id>/case", "ledger:read", None)
@answers("readMatterCase", gives("MatterCase", "案卷的 matter 部分"))
def read_case(session: Session, matter_id: str) -> MatterCase:
    """由台账记录生成的案卷 matter 部分，以及所依据的记录"""
    found = matter_as_told(session, g.principal, read_matter(session, context().books, matter_id))
    return matter_case(found.matter, found.number or found.id, context().books, who_held_posts(session, found.matter))


@routes.get("/matters", "ledger:list", None)
@asks(_STATE, _UNIT, _DUE_BEFORE, _AFTER, _PAGE)
@answers("listMatters", gives([MatterLine], "事项"))
def list_matters(
    session: Session, state: str | None, unit: str | None, due_before: date | None, after: int, limit: int
) -> list[MatterLine]:
    """事项一览，按提出先后"""
    named = unit_asked(session, unit)
    rows = matters.page(session, state=state, unit=named, due_before=due_before, after=after, limit=limit)
    return [
        view_of(MatterLine, row, number=shown_number(row), damaged=row.is_torn(context().book.ledger.states))
        for row in rows
    ]


def _entry(action: str) -> Entry:
    key = request_key()
    return entry_of(action, matter_entries(context().book).load(action, json_body()), key)


def _answer(outcome: MatterOutcome, status: int = 200, **headers: str) -> Response:
    matter, actions = outcome.matter, context().book.ledger.actions
    records = tuple(
        view_of(
            RecordView,
            record,
            label=actions[record.action].label,
            provision=actions[record.action].provision,
            by=record.actor.name,
            as_=record.actor.kind,
            unit=record.actor.unit,
            vouched=record.hand.vouched,
            papers=told(record.hand.papers),
        )
        for record in matter.records
    )
    leader = told(matter.project_leader)
    own = {"id": outcome.id, "number": outcome.number, "repeated": outcome.repeated}
    body = view_of(MatterView, matter, **own, project_leader=leader, records=records)
    return as_json(body, status, ETag=f'"{matter.version}"', **headers)
