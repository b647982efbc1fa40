"""Everything as one file. It is made whole before it is sent, so that a slow client holds up no writer."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import IO

from flask import Response, current_app
from flask_smorest import Blueprint

from models.store.database import snapshot
from service.api.asked import asks, word
from service.api.openapi import answers
from service.auth import may_read_receipt
from service.routes import Routes, Shows
from service.usecases.export import FORMATS, write_export

blueprint = Blueprint("export", __name__, description="整体导出")
routes = Routes(blueprint)
_TYPES = {
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PIECE = 1 << 16
_FILE = {"schema": {"type": "string", "format": "binary"}}
_FORMAT = word("format", "jsonl 每行一个对象，可以再读入；xlsx 每类一张表", FORMATS)


@routes.get("/export", "office:read", Shows("整体导出"))
@asks(_FORMAT)
@blueprint.doc(
    operationId="exportEverything",
    summary="导出单位、任职、事项、记录、附件目录、督查，以及可以查阅的处理建议",
    responses={"200": {"description": "文件", "content": dict.fromkeys(_TYPES.values(), _FILE)}},
)
@answers(blueprint, 401, 403)
def everything() -> Response:
    kind, now = _FORMAT.asked(), datetime.now(UTC)
    with ExitStack() as until_sent:
        out = until_sent.enter_context(tempfile.TemporaryFile())
        with snapshot(current_app.extensions["database"]) as session:
            write_export(session, kind, out, now=now, may_read=may_read_receipt)
        size = out.tell()
        out.seek(0)
        headers = {"Content-Disposition": f'attachment; filename="wenze.{kind}"', "Content-Length": str(size)}
        answer = Response(_pieces(out), 200, headers, mimetype=_TYPES[kind])
        answer.call_on_close(until_sent.pop_all().close)
    return answer


def _pieces(out: IO[bytes]) -> Iterator[bytes]:
    """The file piece by piece, closed after the last."""
    with out:
        while piece := out.read(_PIECE):
            yield piece
