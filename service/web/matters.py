"""The ledger's pages: the list with its filters, a matter with its timeline, every action on it, opening one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from werkzeug.exceptions import NotFound

from models.matter import matters
from models.matter.waiting import waiting
from models.people import units
from models.schemas.entries import matter_entries
from models.store import attachments
from models.store.database import reading, writing
from rules.reasoning.calendar import LOCAL
from service import config
from service.auth import own_units
from service.documents.writing.record_words import in_words
from service.request_context import context
from service.routes import Routes, Writes
from service.usecases.confirming import open_to
from service.usecases.matters.act_on_matter import (
    MatterOutcome,
    act_on_matter,
    open_matter,
    read_matter,
    shown_number,
)
from service.usecases.people.entered_by import matter_as_told
from service.web.acts import acting_kinds, entered, entry_form, expected
from service.web.fields import Options
from service.web.lights import light
from service.web.pages import number, page
from service.web.timeline import LEFT, WIDTH, timeline
from service.web.uploads import received

routes = Routes(Blueprint("matter-pages", __name__, template_folder="templates"))
_MOST = 50


@routes.get("/matters", "ledger:list", None)
def every() -> Response:
    """The matters that the filters leave, a page at a time."""
    book, own = context().book, own_units()
    asked = {name: request.args.get(name, "") for name in ("state", "unit", "due_before", "after")}
    with reading(current_app.extensions["database"]) as session:
        known = [row.name for row in units.every(session) if own is None or row.name in own]
        unit = asked["unit"] if asked["unit"] in known else next(iter(sorted(own)), "") if own else None
        rows = (
            []
            if own is not None and not own
            else matters.page(
                session,
                state=asked["state"] if asked["state"] in book.ledger.states else None,
                unit=unit or None,
                due_before=_day(asked["due_before"]),
                after=number(asked["after"]),
                limit=_MOST + 1,
            )
        )
        today = datetime.now(LOCAL).date()
        lines = [
            {
                "id": row.id,
                "number": shown_number(row),
                "title": row.title,
                "unit": row.lead_unit,
                "due_on": row.due_on,
                "state": book.ledger.states.get(row.state, row.state),
                "light": ("red", "登记行损坏，须核对")
                if row.is_torn(book.ledger.states)
                else light(row.state, row.due_on, today),
            }
            for row in rows[:_MOST]
        ]
    more = rows[_MOST - 1].position if len(rows) > _MOST else None
    return page("matters.html", lines=lines, states=book.ledger.states, units=known, asked=asked, more=more)


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


@routes.get("/matters/<matter_id>", "ledger:read", None)
def one(matter_id: str) -> Response:
    """A matter: what it is, what waits, what was done, its files and documents, and what may be done next."""
    book, today = context().book, datetime.now(LOCAL).date()
    with reading(current_app.extensions["database"]) as session:
        found = matter_as_told(session, g.principal, read_matter(session, context().books, matter_id))
        files = [
            (row.id, row.file_name, row.size, row.uploaded_at) for row in attachments.of(session, "matter", matter_id)
        ]
    matter, names = found.matter, {row[0]: row[1] for row in files}
    words = {record.number: in_words(record, names, book) for record in matter.records}
    waits = [
        (book.ledger.reminders[one.kind].label, one.unit, one.due_on, one.what)
        for one in waiting(matter, today, config.thresholds(), book.ledger)
    ]
    return page(
        "matter.html",
        found=found,
        words=words,
        matter=matter,
        book=book,
        files=files,
        waits=waits,
        actions=_possible(found),
        questions=open_to(matter, book.ledger.actions, g.principal.person),
        line=timeline(matter, book.ledger, today),
        line_left=LEFT,
        line_width=WIDTH,
        light=light(matter.state, matter.due_on, today),
    )


def _possible(found: MatterOutcome) -> list[tuple[str, str, str]]:
    """The actions that the state allows and that are for whoever asks: id, name, provision."""
    book = context().book
    return [
        (action.id, action.label, book.provisions[action.provision].citation)
        for action in matter_entries(book).actions.values()
        if found.matter.state in action.sources and acting_kinds(g.principal, action.actors)
    ]


@routes.form("/matters/<matter_id>/act/<action>", "ledger:write", Writes("办理事项"))
def act(matter_id: str, action: str) -> Response:
    """The form of an action on a matter, and the action."""
    book, entries = context().book, matter_entries(context().book)
    if action not in entries.blocks or action in entries.opening:
        raise NotFound
    rule, schema = book.ledger.actions[action], entries.blocks[action]
    with reading(current_app.extensions["database"]) as session:
        found = read_matter(session, context().books, matter_id)
        files = tuple((row.id, row.file_name) for row in attachments.of(session, "matter", matter_id))

    def do() -> str:
        entry = entered(action, schema, entries.load)
        with writing(current_app.extensions["database"]) as session:
            act_on_matter(session, context().books, matter_id, entry, expected=expected(), now=datetime.now(UTC))
        return f"/matters/{matter_id}"

    about, options = (
        f"{found.number or ''} {found.matter.title}",
        {"attachments": files, "papers": files, **unit_words()},
    )
    shown: dict[str, Any] = {
        "about": about,
        "back": f"/matters/{matter_id}",
        "options": options,
        "version": found.matter.version,
    }
    return entry_form(rule, schema, book, do, kinds=rule.actors, **shown)


@routes.post("/matters/<matter_id>/files", "ledger:write", Writes("上传附件"), uploads=True)
def send_file(matter_id: str) -> Response:
    """Attach a file to a matter."""
    return received("matter", matter_id, f"/matters/{matter_id}")


@routes.form("/matters/new/<action>", "ledger:open", Writes("提出事项"))
def new(action: str) -> Response:
    """The form of a new matter, and the new matter."""
    book, entries = context().book, matter_entries(context().book)
    if action not in entries.opening:
        raise NotFound
    rule, schema = book.ledger.actions[action], entries.blocks[action]

    def do() -> str:
        entry = entered(action, schema, entries.load)
        with writing(current_app.extensions["database"]) as session:
            made = open_matter(session, context().books, entry, now=datetime.now(UTC))
        return f"/matters/{made.id}"

    shown: dict[str, Any] = {"about": "新的事项", "back": "/matters", "options": unit_words()}
    return entry_form(rule, schema, book, do, kinds=rule.actors, **shown)


def unit_words() -> dict[str, Options]:
    """The school's units, where it has a list of them."""
    with reading(current_app.extensions["database"]) as session:
        names = tuple((row.name, row.name) for row in units.every(session))
    return {"lead_unit": names, "co_units": names, "unit": names} if names else {}
