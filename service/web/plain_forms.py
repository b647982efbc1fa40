"""Forms of what is written down beside matters and cases: one block of a schema, every fault at its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from models.schemas.errors import CaseFileError, flatten
from models.schemas.fields import Block
from service.web.fields import Filled, Options, posted, shown
from service.web.pages import page


def form_page(
    block: Block, *, title: str, back: str, about: str = "", options: Mapping[str, Options] | None = None, said: str = "",
    errors: Mapping[str, list[str]] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    """The form of a block; at first with what the link to it names, then with what was filled in."""
    form: MultiDict[str, str] = MultiDict(request.form if request.method == "POST" else request.args)
    filled = Filled(form, options or {}, errors or {}, request.form.get("more", ""))
    fields = [shown(name, given, filled) for name, given in block.fields.items()]
    others = [one for path, told in (errors or {}).items() if path not in block.fields for one in told]
    return page("form.html", status, title=title, back=back, about=about, fields=fields, said=said, others=others)


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
