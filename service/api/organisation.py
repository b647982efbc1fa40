"""The organisation of a day: units with their other names, and who held which post."""

from __future__ import annotations

from datetime import datetime

from flask import Response, current_app
from flask_smorest import Blueprint

from models.schemas.import_view import PostView, UnitView
from models.store.database import reading
from service.api.answers import as_json
from service.api.asked import asked, day, parameter, text
from service.api.openapi import answers
from service.routes import Routes
from service.usecases.act_on_matter import LOCAL
from service.usecases.organisation import posts_on, units_on

blueprint = Blueprint("organisation", __name__, description="单位和人员任职")
routes = Routes(blueprint)
_ON = parameter("on", "哪一天的；默认今天", type="string", format="date")
_UNIT = parameter("unit", "只列一个单位（可以用别名）", type="string", minLength=1, maxLength=200, pattern=r"\S")


@routes.get("/units", "ledger:list", None)
@blueprint.doc(operationId="listUnits", summary="某一天的单位", parameters=[_ON])
@answers(blueprint, 401, 403)
@blueprint.response(200, UnitView(many=True), description="单位")
def list_units() -> Response:
    on = day(asked("on"), "on", datetime.now(LOCAL).date())
    with reading(current_app.extensions["database"]) as session:
        return as_json(units_on(session, on))


@routes.get("/posts", "office:read", None)
@blueprint.doc(operationId="listPosts", summary="某一天的任职", parameters=[_UNIT, _ON])
@answers(blueprint, 401, 403)
@blueprint.response(200, PostView(many=True), description="任职")
def list_posts() -> Response:
    given = asked("unit", "on")
    on, unit = day(given, "on", datetime.now(LOCAL).date()), text(given, "unit")
    with reading(current_app.extensions["database"]) as session:
        return as_json(posts_on(session, on, unit))
