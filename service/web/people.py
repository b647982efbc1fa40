"""The registry of persons at the pages: the box in which somebody is sought for a form, and outsiders, who are entered once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from werkzeug.datastructures import MultiDict

from models.schemas.errors import CaseFileError
from models.store.database import reading, writing
from service.request_context import context
from service.routes import Routes, Writes
from service.usecases.people.registry import OUTSIDER, register_outsider, shown
from service.usecases.send_once import send_once
from service.web.choosing import find
from service.web.fields import Filled, people
from service.web.pages import page, sent_form
from service.web.plain_forms import filled_in, form_page

routes = Routes(Blueprint("people-pages", __name__, template_folder="templates"))
_LONGEST = 200
"""No field has a longer path."""


@routes.get("/people/found", "persons:find", None)
def found_now() -> Response:
    """What the box of a form shows while something is written in it: those already chosen, and whom it may mean now."""
    path = request.args.get("path", "")[:_LONGEST]
    given: MultiDict[str, str] = MultiDict(request.args)
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
