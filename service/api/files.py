"""Files as answers: their media types, how they are documented, and packages that are not held in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import IO, Any

from flask import Response

from service.api.openapi import DeclaredAnswer

_KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "zip": "application/zip",
}
BINARY = {"type": "string", "format": "binary"}
_PIECE = 1 << 16


def as_file(*kinds: str, shape: Mapping[str, Any] | None = None) -> DeclaredAnswer:
    """The answer in each format. shape: of JSON."""
    return DeclaredAnswer("文件", {_KINDS[kind]: shape if kind == "json" else BINARY for kind in kinds})


def file_answer(raw: bytes | Iterator[bytes], name: str, kind: str) -> Response:
    """A file to be saved; JSON as it is."""
    headers = {} if kind == "json" else {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(raw, 200, headers, mimetype=_KINDS[kind])


def package_answer(name: str, write: Callable[[IO[bytes]], None], kind: str = "zip") -> Response:
    """What ``write`` puts into a file, sent piece by piece and gone afterwards."""
    with ExitStack() as open_files:
        out = open_files.enter_context(tempfile.TemporaryFile())
        write(out)
        size = out.tell()
        out.seek(0)
        answer = file_answer(_pieces(out), name, kind)
        answer.content_length = size
        answer.call_on_close(open_files.pop_all().close)
    return answer


def _pieces(out: IO[bytes]) -> Iterator[bytes]:
    """A file from its beginning, closed after its last piece."""
    with out:
        while piece := out.read(_PIECE):
            yield piece
