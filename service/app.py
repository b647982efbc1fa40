"""The web application: configuration in, a WSGI application out."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import UnicodeConverter

from models.store.database import connect
from rules.book.rulebook import Rulebook
from service import api, auth, config, logs, request_context, web
from service.api import trail
from service.api.asked import ONCE
from service.books import books
from service.routes import Route, declared, hold_to

_MAX_BODY = 1 << 20
_MOST_PARTS = 20
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}\Z")
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_HTTPS_ONLY = "max-age=31536000"
_NOTHING = "default-src 'none'; frame-ancestors 'none'"


@lru_cache(8)
def routes(book: Rulebook) -> Mapping[str, Route]:
    """Every route, by its endpoint."""
    return declared(book, *api.ROOMS, *web.ROOMS)


def create_app(url: str, *, demonstration: bool = False) -> Flask:
    """The application over the database at ``url``. It opens no connection, so that server processes may be forked with it.

    demonstration: whether every page says that its data are invented.
    """
    app = Flask(__name__, static_folder=None)
    app.config["DEMONSTRATION"] = demonstration
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = _MAX_BODY
    app.config["MAX_FORM_PARTS"] = _MOST_PARTS
    app.extensions["database"] = connect(url)
    logs.configure()
    book = books().usual
    for edition in books().editions:
        books().ready(edition)
    app.url_map.converters |= {"default": _Written, "string": _Written}
    app.before_request(_identify)
    request_context.register(app)
    auth.protect(app)
    app.before_request(_written)
    api.register(app, book)
    web.register(app, book)
    app.after_request(_finish)
    if config.behind_tls():
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
        app.after_request(_https_only)
    trail.register(app)
    hold_to(app, routes(book))
    return app


class _Written(UnicodeConverter):
    """A part of an address that the database can be asked for; what holds a NUL is no address of ours."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.regex = self.regex.replace("[^/", "[^/\x00")


def _written() -> None:
    """The same of the query. What comes in a form or as JSON, the fields of its schema hold to that."""
    if any("\x00" in text for pair in request.args.items(multi=True) for text in pair):
        raise BadRequest(ONCE)


def _identify() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _REQUEST_ID.match(given) else uuid.uuid4().hex
    g.started = time.perf_counter()


def _https_only(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = _HTTPS_ONLY
    return response


def _finish(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _NOTHING)
    logs.event(
        "request",
        request_id=g.get("request_id"),
        method=request.method if request.method in ("GET", "HEAD", "POST", "OPTIONS") else "other",
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        ms=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        token=g.get("token_id"),
    )
    return response
