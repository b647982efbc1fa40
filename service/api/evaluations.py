"""Recommendations made from a matter of the ledger, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, g
from flask_smorest import Blueprint

from models.domain.matter import Record
from models.schemas.matter_view import EvaluationView
from models.store.database import reading, writing
from service.api.answers import as_json
from service.api.asked import asks
from service.api.entries import body_of, json_body
from service.api.openapi import Operations, answers
from service.api.recommendations import STORE
from service.request_context import context
from service.routes import Shows
from service.usecases.evaluate_matter import Evaluated, evaluate_matter, evaluations_of, keep_evaluation

blueprint = Blueprint("evaluations", __name__, description="由台账请求处理建议")
routes = Operations(blueprint)
_BODY = body_of("CaseWithoutMatter", description="案卷，不含 matter：该部分由台账的记录生成")


@routes.post("/matters/<matter_id>/recommendations", "ledger:evaluate", Shows("试算处理建议"))
@blueprint.doc(requestBody=_BODY)
@asks(STORE)
@blueprint.doc(operationId="evaluateMatter", summary="就台账中的事项请求处理建议")
@answers(blueprint, 401, 403, 404, 413, 415, 422, 507)
@blueprint.alt_response(200, schema="MatterRecommendation", description="只推算，没有保存")
@blueprint.response(201, "StoredRecommendation", description="已存为回执")
def evaluate(matter_id: str) -> Response:
    store = STORE.asked()
    question = json_body()
    if not store:
        with reading(current_app.extensions["database"]) as session:
            return as_json(evaluate_matter(session, context().books, matter_id, question)[1])
    with writing(current_app.extensions["database"]) as session:
        receipt_id, body = keep_evaluation(
            session, context().books, matter_id, question, actor=g.actor, now=datetime.now(UTC)
        )
    return as_json(body, 201, Location=f"/api/v1/recommendations/{receipt_id}")


@routes.get("/matters/<matter_id>/recommendations", "ledger:evaluate", Shows("查阅历次处理建议"))
@blueprint.doc(operationId="listEvaluations", summary="事项的历次处理建议，以及此后台账的变化")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, EvaluationView(many=True), description="历次处理建议")
def every(matter_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        return as_json([_row(found) for found in evaluations_of(session, context().books, matter_id)])


def since_then(records: Iterable[Record]) -> list[dict[str, Any]]:
    """The records that a matter got after an evaluation."""
    actions = context().book.ledger.actions
    return [{"number": record.number, "label": actions[record.action].label, "on": record.on,
              "by": record.actor.name, "entered_by": record.entered_by, "entered_on": record.entered_on}
             for record in records]  # fmt: skip


def _row(found: Evaluated) -> dict[str, Any]:
    since = since_then(found.since)
    return {"id": found.receipt_id, "version": found.version, "at": found.at.isoformat(), "by": found.by,
            "current": not since, "since": since}  # fmt: skip
