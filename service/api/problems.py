"""Every error as RFC 9457 problem details: a stable type, a Chinese detail, all field errors at once."""

from __future__ import annotations

import logging

import orjson
from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from models.schemas.errors import CaseFileError
from models.schemas.reading import Unreadable

_KNOWN = {
    400: ("bad-request", "请求有误"),
    401: ("unauthenticated", "需要有效的访问令牌（Authorization: Bearer …）"),
    403: ("forbidden", "没有此项权限"),
    404: ("not-found", "没有找到"),
    405: ("method-not-allowed", "不支持这种请求方法"),
    413: ("too-large", "请求内容过大"),
    415: ("unsupported-media-type", "请求内容应为 application/json"),
}


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CaseFileError, _case_file)
    app.register_error_handler(Unreadable, lambda error: problem(400, "unreadable", str(error)))
    app.register_error_handler(Exception, _unexpected)


def problem(status: int, slug: str, detail: str, errors: dict[str, list[str]] | None = None) -> Response:
    body = {"type": f"urn:wenze:problem:{slug}", "title": slug, "status": status, "detail": detail}
    if errors is not None:
        body["errors"] = errors
    return Response(orjson.dumps(body), status, mimetype="application/problem+json")


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    slug, detail = _KNOWN.get(status, ("error", "请求不能处理"))
    said = error.description if status == 400 and error.description and not error.description.isascii() else detail
    response = problem(status, slug, said)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _case_file(error: CaseFileError) -> Response:
    return problem(422, "invalid-case-file", f"案卷有 {len(error.errors)} 处错误", error.by_path())


def _unexpected(error: Exception) -> Response:
    logging.getLogger("wenze").error("unexpected error: %s", type(error).__name__)
    return problem(500, "internal", "系统内部错误，本次请求没有产生结果")
