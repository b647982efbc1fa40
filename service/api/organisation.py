"""The organisation of a day: units with their other names, and who held which post."""

from __future__ import annotations

from datetime import datetime

from flask import Response, current_app
from flask_smorest import Blueprint

from models.store.database import reading
from service.api.answers import as_json
from service.api.asked import asks, day, text
from service.api.openapi import Operations, answers, many
from service.usecases.act_on_matter import LOCAL
from service.usecases.organisation import posts_on, units_on

blueprint = Blueprint("organisation", __name__, description="单位和人员任职")
routes = Operations(blueprint)
_ON = day("on", "哪一天的；默认今天", lambda: datetime.now(LOCAL).date())
_UNIT = text("unit", "只列一个单位（可以用别名）", lambda: None, blank=False)


@routes.get("/units", "ledger:list", None)
@asks(_ON)
@blueprint.doc(operationId="listUnits", summary="某一天的单位")
@answers(blueprint, 401, 403)
@blueprint.response(200, many("UnitView"), description="单位")
def list_units() -> Response:
    on = _ON.asked()
    with reading(current_app.extensions["database"]) as session:
        return as_json(units_on(session, on))


@routes.get("/posts", "office:read", None)
@asks(_UNIT, _ON)
@blueprint.doc(operationId="listPosts", summary="某一天的任职")
@answers(blueprint, 401, 403)
@blueprint.response(200, many("PostView"), description="任职")
def list_posts() -> Response:
    on, unit = _ON.asked(), _UNIT.asked()
    with reading(current_app.extensions["database"]) as session:
        return as_json(posts_on(session, on, unit))
