"""Recommendations made from a matter of the ledger, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Response, current_app, g
from sqlalchemy.orm import Session

from models.records.record import Record
from models.schemas.matter_view import EvaluationView, SinceThen
from models.store.database import reading, writing
from service.api.answers import view_of
from service.api.entries import json_body
from service.api.openapi import answers, asks, gives, interface, takes
from service.api.recommendations import CASE, MADE, STORE, in_case, stored, tried
from service.request_context import context
from service.routes import Shows
from service.usecases.recommending.evaluate_matter import (
    MatterEvaluation,
    evaluate_matter,
    evaluations_of,
    keep_evaluation,
)

routes = interface("evaluations", "由台账请求处理建议")
_BODY = takes("CaseWithoutMatter", description="案卷，不含 matter：该部分由台账的记录生成")


@routes.post("/matters/<matter_id>/recommendations", "ledger:evaluate", Shows("试算处理建议"))
@asks(STORE, CASE)
@answers("evaluateMatter", gives("MatterRecommendation", "只推算，没有保存"), MADE, body=_BODY)
def evaluate(matter_id: str, store: bool, case: str | None) -> Response:
    """就台账中的事项请求处理建议"""
    question = json_body()
    belongs = in_case(case, matter_id)
    if belongs is None and not store:
        with reading(current_app.extensions["database"]) as session:
            answer = evaluate_matter(session, context().books, matter_id, question)[1]
        return tried(answer)
    with writing(current_app.extensions["database"]) as session:
        made = keep_evaluation(
            session, context().books, matter_id, question, actor=g.actor, now=datetime.now(UTC), belongs=belongs
        )
    return stored(*made)


@routes.get("/matters/<matter_id>/recommendations", "ledger:evaluate", Shows("查阅历次处理建议"))
@answers("listEvaluations", gives([EvaluationView], "历次处理建议"))
def every(session: Session, matter_id: str) -> list[EvaluationView]:
    """事项的历次处理建议，以及此后台账的变化"""
    return [_row(found) for found in evaluations_of(session, context().books, matter_id)]


def since_then(records: Iterable[Record]) -> tuple[SinceThen, ...]:
    """The records that a matter got after an evaluation."""
    actions = context().book.ledger.actions
    return tuple(
        view_of(SinceThen, record, label=actions[record.action].label, by=record.actor.name) for record in records
    )


def _row(found: MatterEvaluation) -> EvaluationView:
    since = since_then(found.since)
    return EvaluationView(found.receipt_id, found.version, found.at.isoformat(), found.by, not since, since)
