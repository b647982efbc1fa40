"""Everything as one file. It is made whole before it is sent, so that a slow client holds up no writer."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, current_app
from flask_smorest import Blueprint

from models.store.database import snapshot
from service.api.asked import asks, word
from service.api.files import file_response, package_answer
from service.api.openapi import Operations, answers
from service.auth import may_read_receipt
from service.request_context import context
from service.routes import Shows
from service.usecases.export import FORMATS, write_export

blueprint = Blueprint("export", __name__, description="整体导出")
routes = Operations(blueprint)
_FORMAT = word("format", "jsonl 每行一个对象，可以再读入；xlsx 每类一张表", FORMATS)


@routes.get("/export", "office:read", Shows("整体导出"))
@asks(_FORMAT)
@blueprint.doc(
    operationId="exportEverything",
    summary="导出单位、任职、事项、记录、附件目录、督查，以及可以查阅的处理建议",
    responses=file_response(*FORMATS),
)
@answers(blueprint, 401, 403)
def everything() -> Response:
    kind, now = _FORMAT.asked(), datetime.now(UTC)
    with snapshot(current_app.extensions["database"]) as session:
        return package_answer(
            "wenze",
            lambda out: write_export(session, context().books, kind, out, now=now, may_read=may_read_receipt),
            kind,
        )
