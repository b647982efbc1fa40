"""Everything as one file. It is made whole before it is sent, so that a slow client holds up no writer."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, current_app

from models.store.database import snapshot
from service.api.asked import word
from service.api.files import as_file, package_answer
from service.api.openapi import answers, asks, interface
from service.auth import may_read_receipt
from service.request_context import context
from service.routes import Shows
from service.usecases.exchange.export import FORMATS, write_export

routes = interface("export", "整体导出")
_FORMAT = word("format", "jsonl 每行一个对象，可以再读入；xlsx 每类一张表", FORMATS)


@routes.get("/export", "office:read", Shows("整体导出"))
@asks(_FORMAT)
@answers("exportEverything", as_file(*FORMATS))
def everything(format: str) -> Response:
    """导出单位、任职、事项、记录、附件目录、督查，以及可以查阅的处理建议"""
    now = datetime.now(UTC)
    with snapshot(current_app.extensions["database"]) as session:
        return package_answer(
            "wenze",
            lambda out: write_export(session, context().books, format, out, now=now, may_read=may_read_receipt),
            format,
        )
