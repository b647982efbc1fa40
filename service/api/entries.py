"""What every entry over HTTP has in common: its headers, the version that its sender has seen, its body."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema
from werkzeug.exceptions import BadRequest, PreconditionRequired, UnsupportedMediaType

from models.schemas.reading import read_json
from rules.actions import Action
from rules.rulebook import Rulebook
from service.api.openapi import answers
from service.routes import Routes, Writes

CarryOut = Callable[[str, str, int], Response]

_KEY_FORM = re.compile("[A-Za-z0-9-]{1,64}")


def _header(name: str, about: str, pattern: str, *, required: bool) -> dict[str, Any]:
    schema = {"type": "string", "pattern": pattern}
    return {"in": "header", "name": name, "required": required, "description": about, "schema": schema}


KEY = _header(
    "Idempotency-Key",
    "在一个事项、案件之内，同一键的同一请求只办理一次；同一键的其他请求（任何一处不同）答复 422，写明不同之处",
    "^[A-Za-z0-9-]{1,64}$",
    required=False,
)
MATCH = _header("If-Match", "所见的版本", '^"?[0-9]{1,9}"?$', required=True)


def body_of(component: str, **about: str) -> dict[str, Any]:
    """A JSON body of a documented component."""
    reference = {"$ref": f"#/components/schemas/{component}"}
    return {"required": True, **about, "content": {"application/json": {"schema": reference}}}


def action_route(
    routes: Routes, what: str, action: Action, book: Rulebook, view: type[Schema], carry_out: CarryOut
) -> None:
    """The route of one action on a ``matter`` or a ``case``; each has its own, so that each has its own description.

    carry_out: does it, for the action, the id and the version that the sender has seen.
    """
    name, blueprint = action.id, cast(Blueprint, routes.blueprint)

    def act(**ids: str) -> Response:
        return carry_out(name, ids[f"{what}_id"], expected_version())

    component = f"{'Entry' if what == 'matter' else 'CaseEntry'}.{name}"
    made = blueprint.response(200, view, description="已办理")(act)
    if what == "case":
        made = blueprint.alt_response(204, description="已办理；办理人不得查阅案件的，不附案件")(made)
    made = answers(blueprint, 401, 403, 404, 409, 412, 413, 415, 422, 428, 507)(made)
    shown = "".join(part.capitalize() for part in name.split("_"))
    told = {"summary": about(action, book), "parameters": [MATCH, KEY], "requestBody": body_of(component)}
    made = blueprint.doc(operationId=f"{what}{shown}", **told)(made)
    permission = "ledger:write" if what == "matter" else "case:write"
    routes.post(f"/{what}s/<{what}_id>/actions/{name}", permission, Writes(action.label), endpoint=f"act_{name}")(made)


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
