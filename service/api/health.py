"""Whether the service can answer: the engine is ready, the database is there and its schema current."""

from __future__ import annotations

from flask import Response, current_app
from flask_smorest import Blueprint
from werkzeug.exceptions import ServiceUnavailable

from models.schemas.interface import Health
from models.store.database import is_current
from service.api.answers import as_json
from service.api.openapi import Operations, answers
from service.request_context import context
from service.routes import OPEN

blueprint = Blueprint("health", __name__, description="运行状态")
routes = Operations(blueprint)


@routes.get("/healthz", OPEN, None)
@blueprint.doc(security=[], operationId="health", summary="运行状态（不需要令牌）")
@answers(blueprint)
@blueprint.response(200, "Health", description="可以使用")
def healthz() -> Response:
    books = context().books
    books.ready(books.usual)
    if not is_current(current_app.extensions["database"]):
        raise ServiceUnavailable
    return as_json(Health("ok"))
