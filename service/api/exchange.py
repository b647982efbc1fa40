"""What waits and what went out: the daily round as a list, and the parcels of a matter."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import Any

import orjson
from flask import Response, current_app, g, request
from flask_smorest import Blueprint
from werkzeug.exceptions import BadRequest, NotFound

from models.schemas.exchange_view import DeliveryView, TodoList
from models.store.database import reading
from service.api.answers import as_json
from service.api.asked import whole
from service.api.openapi import answers
from service.api.own import unit_asked
from service.config import thresholds
from service.request_context import context
from service.routes import Routes
from service.usecases.deliveries import deliveries_of
from service.usecases.patrol import patrol
from service.usecases.todo_lists import row

blueprint = Blueprint("exchange", __name__, description="待办和下发")
routes = Routes(blueprint)
_LIMIT, _MOST, _MOST_SKIPPED = 200, 1000, 100_000
_HIDDEN = ("matter_id", "matter_number", "title")


def _query(name: str, about: str, **schema: Any) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "description": about, "schema": schema}


_QUERY = [
    _query("unit", "只看一个单位", type="string", minLength=1, maxLength=200),
    _query("skip", "略过前若干项", type="integer", minimum=0, maximum=_MOST_SKIPPED, default=0),
    _query("limit", "至多多少项", type="integer", minimum=1, maximum=_MOST, default=_LIMIT),
]


@routes.get("/todo", "ledger:list", None)
@blueprint.doc(
    operationId="listTodo", summary="待办：到期、逾期、未答复、应督查的事项，按今天（北京时间）", parameters=_QUERY
)
@answers(blueprint, 401, 403)
@blueprint.response(200, TodoList, description="待办")
def list_todo() -> Response:
    _only("unit", "skip", "limit")
    skip, limit = whole(request.args, "skip", 0, 0, _MOST_SKIPPED), whole(request.args, "limit", _LIMIT, 1, _MOST)
    unit = request.args.get("unit")
    if unit is not None and not 0 < len(unit) <= 200:
        raise BadRequest("unit 应为1至200个字")
    today = context().today
    with reading(current_app.extensions["database"]) as session:
        named = unit_asked(session)
        sight = g.principal.sight("case:read")
        round_ = patrol(session, today=today, unit=named, thresholds=thresholds(), sight=sight, most=skip + limit)
        found = list(islice(round_, skip, skip + limit + 1))
    return as_json({"today": today, "findings": [row(one) for one in found[:limit]], "more": len(found) > limit})


@routes.get("/matters/<matter_id>/deliveries", "ledger:read", None)
@blueprint.doc(operationId="listDeliveries", summary="一个事项经 OA 下发的附件，送达与否")
@answers(blueprint, 401, 403, 404)
@blueprint.response(200, DeliveryView(many=True), description="下发")
def list_deliveries(matter_id: str) -> Response:
    if "\x00" in matter_id:
        raise NotFound
    with reading(current_app.extensions["database"]) as session:
        found = [asdict(delivery) for delivery in deliveries_of(session, matter_id)]
    rows = [{name: value for name, value in one.items() if name not in _HIDDEN} for one in found]
    return as_json(orjson.dumps(rows, option=orjson.OPT_UTC_Z))


def _only(*names: str) -> None:
    asked = request.args
    if any(len(asked.getlist(name)) > 1 or "\x00" in asked[name] for name in asked):
        raise BadRequest("查询参数只能各出现一次，不能含控制字符")
    if set(asked) - set(names):
        raise BadRequest(f"查询参数只有 {'、'.join(names)}")
