"""The registry of persons at the pages: the box in which somebody is sought for a form, and outsiders, who are entered once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from models.people import merges, persons
from models.schemas.errors import CaseFileError
from models.schemas.fields import Block, Text
from models.store.database import reading, writing
from service.request_context import context
from service.routes import Routes, Shows, Writes
from service.usecases.administration.merge_persons import decide, propose
from service.usecases.people.registry import (
    CHANGES,
    OUTSIDER,
    PERSON,
    NotInRegistry,
    change_person,
    entry_of_person,
    found,
    register_outsider,
    register_person,
    shown,
    tell_apart,
)
from service.usecases.send_once import send_once
from service.web.choosing import find
from service.web.fields import Filled, people
from service.web.pages import page, see_other, sent_form
from service.web.plain_forms import filled_in, form_once, form_page

_MERGE = Block("合并", dict, {
    "into": Text("并入哪一人（工号；撤销的不填）", 50), "reason": Text("理由", 500, required=True),
})  # fmt: skip
routes = Routes(Blueprint("people-pages", __name__, template_folder="templates"))
_LONGEST, _MOST = 200, 50
"""No field has a longer path; so many are listed."""


@routes.get("/people/found", "persons:find", None)
def found_now() -> Response:
    """What the box of a form shows while something is written in it: those already chosen, and whom it may mean now."""
    path = request.args.get("path", "")[:_LONGEST]
    given: MultiDict[str, str] = MultiDict([*request.args.items(multi=True), ("find", path)])
    one = people(path, Filled(given, find=find), many=request.args.get("many") == "true")
    return page("people/found.html", one=one)


@routes.form("/people/outsiders/new", "persons:register", Writes("登记校外人员"))
def outsider() -> Response:
    """Somebody who is not of the school, entered once; from then on found by the box of every form."""
    title, about = "登记校外人员", "本校人员由人事部门的人员表导入。登记之后，回到原来的表单按姓名查找、选定。"

    def again(**told: Any) -> Response:
        return form_page(OUTSIDER, title=title, back="/", about=about, **told)

    if request.method == "GET":
        return again()
    try:
        said = filled_in(OUTSIDER)
        with writing(current_app.extensions["database"]) as session:

            def make() -> str:
                return str(register_outsider(session, **said, by=g.actor, now=datetime.now(UTC)).id)

            made = send_once(session, sent_form(), make, now=datetime.now(UTC))
    except CaseFileError as error:
        return again(errors=error.by_path(), said="没有登记", status=422)
    with reading(current_app.extensions["database"]) as session:
        person = shown(session, {made}, context().today)[made]
    return page(
        "told.html", title="已经登记", said=f"{person.words}。回到原来的表单，按姓名或者编号查找、选定。", back="/"
    )


@routes.get("/people", "persons:manage", None)
def every() -> Response:
    """Whom one looks for, and the merges that wait for another person."""
    asked = request.args.get("q", "")[:_LONGEST]
    with reading(current_app.extensions["database"]) as session:
        rows = found(session, asked, context().today, limit=_MOST)
        waiting = merges.pending(session)
        who = {id for row in waiting for id in (row.person_id, row.into_id, row.proposed_by)}
        names = {row.id: f"{row.name}（{row.number}）" for row in persons.rows(session, who)}
    return page("people/list.html", asked=asked, rows=rows, waiting=waiting, names=names)


@routes.form("/people/new", "persons:manage", Writes("登记人员"))
def new() -> Response:
    """Somebody new: of the school under the staff number, from outside under one of the system's own."""

    def write(session: Session, said: dict[str, Any]) -> str:
        return f"/people/{register_person(session, said, by=g.actor, now=datetime.now(UTC)).id}"

    return form_once(PERSON, write, title="登记人员", back="/people")


@routes.get("/people/<person_id>", "persons:manage", Shows("查阅人员登记"))
def one(person_id: str) -> Response:
    """All that the registry says of somebody."""
    with reading(current_app.extensions["database"]) as session:
        try:
            entry = entry_of_person(session, person_id)
        except NotInRegistry:
            raise NotFound from None
    return page("people/entry.html", entry=entry, row=entry.row)


@routes.form("/people/<person_id>/change", "persons:manage", Writes("改正人员登记"))
def change(person_id: str) -> Response:
    """Another name, telephone or mail; what is left empty stays."""

    def write(session: Session, said: dict[str, Any]) -> str:
        change_person(session, person_id, said, today=context().today)
        return f"/people/{person_id}"

    about = "没有填的不变；更名的，原来的姓名留作曾用名。"
    return form_once(CHANGES, write, title="改正人员登记", about=about, back=f"/people/{person_id}")


@routes.post("/people/<person_id>/apart", "persons:manage", Writes("核实同名的是两个人"))
def apart(person_id: str) -> Response:
    """Say that an entry is of another person than those of the same name, as somebody else than who entered it."""
    try:
        with writing(current_app.extensions["database"]) as session:
            tell_apart(session, person_id, by=g.actor)
    except NotInRegistry:
        raise NotFound from None
    except CaseFileError as error:
        said = "；".join(fault.message for fault in error.errors)
        return page("told.html", 409, title="没有办理", said=said, back=f"/people/{person_id}")
    return see_other(f"/people/{person_id}")


@routes.form("/people/<person_id>/merge", "persons:manage", Writes("提出合并人员登记"))
def merge(person_id: str) -> Response:
    """Propose that an entry is another one's person, or, where it was made so, that it is not."""

    def write(session: Session, said: dict[str, Any]) -> str:
        row = entry_of_person(session, person_id).row
        into = row.merged_into or said.get("into", "")
        proposer, now = g.principal.person, datetime.now(UTC)
        propose(session, row.id, into, said["reason"], undoes=row.merged_into is not None, by=proposer, now=now)
        return "/people"

    about = "由另一人确认之后生效：两个登记从此算作一人；已经并入的，改为撤销。双方都有有效账号的，请先停用其中一个。"
    return form_once(_MERGE, write, title="提出合并或者撤销合并", about=about, back=f"/people/{person_id}")


@routes.post("/people/merges/<merge_id>", "persons:manage", Writes("确认合并人员登记"))
def decided(merge_id: str) -> Response:
    """Confirm what another proposed, or have it not be."""
    confirms = request.form.get("confirms") == "true"
    try:
        with writing(current_app.extensions["database"]) as session:
            decide(session, context().books, merge_id, confirms=confirms, by=g.principal.person, now=datetime.now(UTC))
    except CaseFileError as error:
        said = "；".join(fault.message for fault in error.errors)
        return page("told.html", 409, title="没有办理", said=said, back="/people")
    return see_other("/people")
