"""The HTTP interface, /api/v1: parse, call one use case, answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, g, request
from sqlalchemy import text
from werkzeug.exceptions import BadRequest, NotFound, UnsupportedMediaType

from models.schemas.reading import read_json
from models.store import receipts
from models.store.database import reading, writing
from rules.loading import load_rulebook
from rules.rulebook import Provision, Rulebook
from service.usecases.recommend import recommend, recommender
from service.usecases.store_receipt import store_receipt

blueprint = Blueprint("api", __name__)


def _json(body: Any, status: int = 200, **headers: str) -> Response:
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return Response(raw, status, headers, mimetype="application/json")


@blueprint.get("/healthz")
def healthz() -> Response:
    recommender()
    with current_app.extensions["database"].connect() as connection:
        connection.execute(text("SELECT count(*) FROM tokens WHERE id = ''"))
    return _json({"status": "ok"})


@blueprint.post("/api/v1/recommendations")
def recommend_case() -> Response:
    store = _store_wanted()
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    data = read_json(request.get_data())
    answer = recommend(data, "POST /api/v1/recommendations")
    if not store:
        return _json(answer)
    with writing(current_app.extensions["database"]) as session:
        receipt_id, body = store_receipt(session, data, answer, actor=g.actor, now=datetime.now(UTC))
    return _json(body, 201, Location=f"/api/v1/recommendations/{receipt_id}")


def _store_wanted() -> bool:
    given = request.args.to_dict(flat=False)
    values = given.pop("store", ["true"])
    if given or len(values) != 1 or values[0] not in ("true", "false"):
        raise BadRequest("查询参数只有 store，只能取 true 或者 false")
    return values[0] == "true"


@blueprint.get("/api/v1/recommendations/<receipt_id>")
def read_recommendation(receipt_id: str) -> Response:
    if "\x00" in receipt_id:
        raise NotFound
    with reading(current_app.extensions["database"]) as session:
        body = receipts.answer(session, receipt_id)
    if body is None:
        raise NotFound
    return _json(body)


@blueprint.get("/api/v1/rulebooks")
def list_rulebooks() -> Response:
    book = load_rulebook()
    return _json([{"id": book.id, "title": book.title, "number": book.number,
                   "in_force_from": book.in_force_from.isoformat(), "sha256": book.sha256,
                   "policy": book.policy_id}])  # fmt: skip


@blueprint.get("/api/v1/rulebooks/<book_id>/provisions")
def list_provisions(book_id: str) -> Response:
    return _json([_provision(provision) for provision in _book(book_id).provisions.values()])


@blueprint.get("/api/v1/rulebooks/<book_id>/provisions/<provision_id>")
def read_provision(book_id: str, provision_id: str) -> Response:
    provision = _book(book_id).provisions.get(provision_id)
    if provision is None:
        raise NotFound
    return _json(_provision(provision))


def _book(book_id: str) -> Rulebook:
    book = load_rulebook()
    if book_id != book.id:
        raise NotFound
    return book


def _provision(provision: Provision) -> dict[str, Any]:
    names = ("id", "citation", "text", "kind", "modality", "bearer", "treatment", "note")
    return {name: getattr(provision, name) for name in names}
