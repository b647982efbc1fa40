"""What waits and what went out: the daily round as a list, and the parcels of a matter."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice

import orjson
from flask import Response, current_app, g
from flask_smorest import Blueprint

from models.schemas.exchange_view import DeliveryView, TodoList
from models.store.database import reading
from service.api.answers import as_json
from service.api.asked import asks, text, whole
from service.api.openapi import Operations, answers
from service.api.own import unit_asked
from service.config import thresholds
from service.request_context import context
from service.usecases.deliveries import deliveries_of
from service.usecases.patrol import patrol
from service.usecases.todo_lists import row

blueprint = Blueprint("exchange", __name__, description="待办和下发")
routes = Operations(blueprint)
_HIDDEN = ("matter_id", "matter_number", "title")


_UNIT = text("unit", "只看一个单位", lambda: None)
_SKIP = whole("skip", "略过前若干项", 0, 100_000, 0, default=0)
_PAGE = whole("limit", "至多多少项", 1, 1000, 200, default=200)


@routes.get("/todo", "ledger:list", None)
@asks(_UNIT, _SKIP, _PAGE)
@blueprint.doc(operationId="listTodo", summary="待办：到期、逾期、未答复、应督查的事项，按今天（北京时间）")
@answers(blueprint, 401, 403)
@blueprint.response(200, TodoList, description="待办")
def list_todo() -> Response:
    unit, skip, limit = _UNIT.asked(), _SKIP.asked(), _PAGE.asked()
    today = context().today
    with reading(current_app.extensions["database"]) as session:
        named = unit_asked(session, unit)
        sight = g.principal.sight("case:read")
        round_ = patrol(
            session, context().books, today=today, unit=named, thresholds=thresholds(), sight=sight, most=skip + limit
        )
        found = list(islice(round_, skip, skip + limit + 1))
    return as_json(
        {"today": today, "findings": [row(one, context().books) for one in found[:limit]], "more": len(found) > limit}
    )


@routes.get("/matters/<matter_id>/deliveries", "ledger:read", None)
@blueprint.doc(operationId="listDeliveries", summary="一个事项经 OA 下发的附件，送达与否")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, DeliveryView(many=True), description="下发")
def list_deliveries(matter_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        found = [asdict(delivery) for delivery in deliveries_of(session, context().books, matter_id)]
    rows = [{name: value for name, value in one.items() if name not in _HIDDEN} for one in found]
    return as_json(orjson.dumps(rows, option=orjson.OPT_UTC_Z))
