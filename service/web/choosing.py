"""Choosing persons in a form: the registry asked for those whom it names, and for those whom what was written may mean."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from flask import current_app, g, request
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import Forbidden

from models.schemas.errors import flatten
from models.store.database import reading, writing
from service.request_context import context
from service.usecases.people.registry import OUTSIDER, FoundPerson, found, register_outsider, shown
from service.web.fields import FoundPeople, Options, without

_MOST, _BOXES = 10, 50
"""So many are shown of those whom one word may mean, and so many are sought at once."""


def find(given: Collection[str], sought: Collection[str]) -> FoundPeople:
    """Those of the registry whom a form names; what is no id or number of somebody is sought."""
    if not given and not sought:
        return FoundPeople()
    own = g.principal.person
    if not sought and own is not None and set(given) == {own.id}:  # most forms name nobody but whoever fills them in
        return FoundPeople(((str(own.id), f"{own.name}（本人）"),))
    today = context().today
    with reading(current_app.extensions["database"]) as session:
        exact = shown(session, {*given, *(sought if request.method == "POST" else ())}, today)
        known = {exact[one].id: exact[one] for one in (*given, *sought) if one in exact}
        others = [one for one in (*given, *sought) if one not in exact][:_BOXES]
        meant = {one: _words(found(session, one, today, limit=_MOST)) for one in others}
    return FoundPeople(_words(known.values()), meant)


def _words(rows: Collection[FoundPerson]) -> Options:
    return tuple((row.id, row.words) for row in rows)


def outsider_entered(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """Enter somebody from outside where a box asks for that, and choose them there; what is wrong with it, by the path of the box.

    Raises Forbidden for whoever may not.
    """
    path = form.get("outsider") or form.get("outsiders")
    if path is None:
        return {}
    if not g.principal.relations("persons:register"):
        raise Forbidden
    said = {name: form.get(f"{path}:{name}", "").strip() for name in OUTSIDER.fields}
    try:
        asked = OUTSIDER.deserialize({name: value for name, value in said.items() if value})
    except ValidationError as error:
        return {path: [fault.message for fault in flatten(error.messages)]}
    with writing(current_app.extensions["database"]) as session:
        made = register_outsider(session, **asked, by=g.actor, now=datetime.now(UTC))
    form.setlist(path, [*(form.getlist(path) if "outsiders" in form else ()), str(made.id)])
    form[f"{path}:find"] = without(form, path) if "outsiders" in form else ""
    return {}


def only_choosing() -> bool:
    """Whether the form was sent to find or enter somebody, and is to come back as it is."""
    return any(name in request.form for name in ("find", "outsider", "outsiders"))
