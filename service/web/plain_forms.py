"""Forms of what is written down beside matters and cases: one block of a schema, every fault at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, request
from marshmallow import ValidationError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from models.schemas.errors import CaseFileError, flatten
from models.schemas.fields import Block
from models.store.database import writing
from service.usecases.send_once import send_once
from service.web.acts import carried_out
from service.web.fields import Filled, Options, posted, shown
from service.web.pages import page, sent_form


def form_page(
    block: Block,
    *,
    title: str,
    back: str,
    about: str = "",
    options: Mapping[str, Options] | None = None,
    said: str = "",
    errors: Mapping[str, list[str]] | None = None,
    status: int = 200,
) -> Response:
    """The form of a block; at first with what the link to it names, then with what was filled in."""
    form: MultiDict[str, str] = MultiDict(request.form if request.method == "POST" else request.args)
    filled = Filled(form, options or {}, errors or {}, request.form.get("more", ""))
    fields = [shown(name, given, filled) for name, given in block.fields.items()]
    others = [one for path, told in (errors or {}).items() if path not in block.fields for one in told]
    return page("form.html", status, title=title, back=back, about=about, fields=fields, said=said, others=others)


def form_once(
    block: Block,
    write: Callable[[Session, dict[str, Any]], str],
    read: Callable[[], dict[str, Any]] | None = None,
    **values: Any,
) -> Response:
    """The form of a block; where it was filled in, what ``write`` makes of what ``read`` reads, once, and on to where it tells."""

    def again(**told: Any) -> Response:
        return form_page(block, **values, **told)

    def do() -> str:
        said = read() if read is not None else filled_in(block)
        with writing(current_app.extensions["database"]) as session:
            return send_once(session, sent_form(), lambda: write(session, said), now=datetime.now(UTC))

    return again() if request.method == "GET" else carried_out(do, again)


def posted_block(block: Block) -> dict[str, Any]:
    """What was filled in, as the schema reads it."""
    found = {name: posted(name, given, request.form) for name, given in block.fields.items()}
    return {name: value for name, value in found.items() if value is not None}


def filled_in(block: Block) -> dict[str, Any]:
    """What was filled in, read by the schema. Raises CaseFileError with every fault."""
    try:
        loaded: dict[str, Any] = block.deserialize(posted_block(block))
    except ValidationError as error:
        raise CaseFileError(list(flatten(error.messages))) from None
    return loaded
