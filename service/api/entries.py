"""What every entry over HTTP has in common: the route of its action, the version that its sender has seen, its body."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest, PreconditionRequired, UnsupportedMediaType

from models.schemas.reading import read_json
from rules.book.actions import Action
from rules.book.rulebook import Rulebook
from service.api.asked import KEY, MATCH
from service.api.openapi import DeclaredAnswer, Operations, answers, takes
from service.routes import Writes

CarryOut = Callable[[str, str, int], Response]

_KEY_FORM = re.compile("[A-Za-z0-9-]{1,64}")


def action_route(
    routes: Operations, what: str, action: Action, book: Rulebook, carry_out: CarryOut, *given: DeclaredAnswer
) -> None:
    """The route of one action on a ``matter`` or a ``case``; each has its own, so that each has its own description.

    carry_out: does it, for the action, the id and the version that the sender has seen; given: what is answered.
    """
    name = action.id

    def act(**ids: str) -> Response:
        return carry_out(name, ids[f"{what}_id"], expected_version())

    shown = "".join(part.capitalize() for part in name.split("_"))
    permission, entry = ("ledger:write", "Entry") if what == "matter" else ("case:write", "CaseEntry")
    told = {
        "summary": about(action, book),
        "headers": (MATCH, KEY),
        "body": takes(f"{entry}.{name}"),
        "fails": (409, 412, 428),
    }
    operation = answers(f"{what}{shown}", *given, **told)(act)
    routes.post(f"/{what}s/<{what}_id>/actions/{name}", permission, Writes(action.label), endpoint=f"act_{name}")(
        operation
    )


def about(action: Action, book: Rulebook) -> str:
    """What an action is called, with the provision that it rests on."""
    return f"{action.label}（{book.provisions[action.provision].citation}）"


def json_body() -> Any:
    """The body, read strictly. Raises UnsupportedMediaType, Unreadable."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    return read_json(request.get_data())


def request_key() -> str | None:
    """The Idempotency-Key. Raises BadRequest."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and _KEY_FORM.fullmatch(key) is None:
        raise BadRequest("Idempotency-Key 应为1至64个字母、数字或者 -")
    return key


def expected_version() -> int:
    """The version of If-Match. Raises PreconditionRequired, BadRequest."""
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionRequired
    digits = given.strip().strip('"')
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise BadRequest('If-Match 应为所见的版本，如 "3"')
    return int(digits)
