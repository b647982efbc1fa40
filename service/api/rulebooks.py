"""The regulation as the system holds it."""

from __future__ import annotations

import msgspec
from flask import Response, current_app
from flask_smorest import Blueprint
from werkzeug.exceptions import NotFound

from models.schemas.interface import ProvisionRow, RulebookRow
from models.schemas.periods import PeriodView
from models.store.database import reading
from rules.rulebook import Provision, Rulebook
from service.api.answers import as_json
from service.api.openapi import Operations, answers, many
from service.request_context import context
from service.usecases.influence_periods import book_in_use, shown_period

blueprint = Blueprint("rulebooks", __name__, description="规章")
routes = Operations(blueprint)


@routes.get("/rulebooks", "rulebook:read", None)
@blueprint.doc(operationId="listRulebooks", summary="规则库一览，每一版一行")
@answers(blueprint, 401, 403)
@blueprint.response(200, many("RulebookRow"), description="规则库")
def list_rulebooks() -> Response:
    return as_json([
        RulebookRow(book.id, book.title, book.number, book.in_force_from, book.sha256, book.policy_id)
        for book in context().books.editions
    ])  # fmt: skip


@routes.get("/periods", "rulebook:read", None)
@blueprint.doc(operationId="listPeriods", summary="影响期表：各行、出处、是否已经确认")
@answers(blueprint, 401, 403)
@blueprint.response(200, PeriodView(many=True), description="影响期表")
def list_periods() -> Response:
    with reading(current_app.extensions["database"]) as session:
        return as_json([shown_period(row) for row in book_in_use(session, context().books).periods])


@routes.get("/rulebooks/<book_id>/provisions", "rulebook:read", None)
@blueprint.doc(operationId="listProvisions", summary="全部条款，按原文顺序")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, many("ProvisionRow"), description="条款")
def list_provisions(book_id: str) -> Response:
    return as_json([_provision(provision) for provision in _book(book_id).provisions.values()])


@routes.get("/rulebooks/<book_id>/provisions/<provision_id>", "rulebook:read", None)
@blueprint.doc(operationId="readProvision", summary="一条条款")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, "ProvisionRow", description="条款")
def read_provision(book_id: str, provision_id: str) -> Response:
    provision = _book(book_id).provisions.get(provision_id)
    if provision is None:
        raise NotFound
    return as_json(_provision(provision))


def _book(book_id: str) -> Rulebook:
    book = context().book
    if book_id != book.id:
        raise NotFound
    return book


def _provision(provision: Provision) -> ProvisionRow:
    return msgspec.convert(provision, ProvisionRow, from_attributes=True)
