"""What went wrong, as a page: the words are those of the interface's problem details."""

from __future__ import annotations

import orjson
from flask import Flask, Response, request

from service.web.pages import page

_TITLES = {401: "请先登录", 403: "没有此项权限", 404: "没有找到", 413: "内容过大", 429: "请稍后再试"}


def register(app: Flask) -> None:
    """Problem details become a page where a browser asked for one."""
    app.after_request(_as_page)


def _as_page(response: Response) -> Response:
    if response.mimetype != "application/problem+json" or request.path.startswith("/api/"):
        return response
    if not request.accept_mimetypes.accept_html:
        return response
    told = orjson.loads(response.get_data())
    title = _TITLES.get(response.status_code, "没有完成")
    shown = page("told.html", response.status_code, title=title, said=told["detail"], back="/")
    for name in ("Retry-After", "Allow"):
        if name in response.headers:
            shown.headers[name] = response.headers[name]
    return shown
