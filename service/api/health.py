"""Whether the service can answer: the engine is ready, the database is there and its schema current."""

from __future__ import annotations

from flask import current_app
from werkzeug.exceptions import ServiceUnavailable

from models.schemas.interface import Health
from models.store.database import is_current
from service.api.openapi import answers, gives, interface
from service.request_context import context
from service.routes import OPEN

routes = interface("health", "运行状态", prefix="")


@routes.get("/healthz", OPEN, None)
@answers("health", gives(Health, "可以使用"), query=None)
def healthz() -> Health:
    """运行状态（不需要令牌）"""
    books = context().books
    books.ready(books.usual)
    if not is_current(current_app.extensions["database"]):
        raise ServiceUnavailable
    return Health("ok")
