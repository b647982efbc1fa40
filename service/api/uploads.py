"""A file in a request: its size is bounded before anything of it is read."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from models.schemas.errors import CaseFileError, FieldError

_AROUND = 64 << 10
"""Bytes that a form needs beside the file itself."""
_IN_MEMORY = 1 << 20
"""Bytes of the form that the parser may hold at a time; a file beyond that goes to a temporary file of its own."""
FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary", "title": "文件"}},
                "required": ["file"],
                "additionalProperties": False,
            }
        }
    },
}
"""The request body that ``uploaded`` reads, as OpenAPI."""


def uploaded(most_bytes: int) -> tuple[str, bytes]:
    """Name and bytes of the one file of the form, in the field ``file``.

    Raises RequestEntityTooLarge before reading a longer body; UnsupportedMediaType; CaseFileError where there is no file.
    """
    request.max_content_length = most_bytes + _AROUND
    request.max_form_memory_size = _IN_MEMORY
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType("请求内容应为 multipart/form-data，文件在字段 file 中")
    try:
        return _the_file()
    finally:
        request.close()


def _the_file() -> tuple[str, bytes]:
    files = request.files.getlist("file")
    others = (set(request.files) | set(request.form)) - {"file"}
    if others:
        raise CaseFileError([FieldError(name, "不认识的字段；只有“file”") for name in sorted(others)])
    if len(files) != 1 or not files[0].filename:
        raise CaseFileError([FieldError("file", "应有一个文件，并带有文件名")])
    return files[0].filename, files[0].read()
