"""The documentation of the interface, and the files that the pages need."""

from __future__ import annotations

from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, send_from_directory
from werkzeug.exceptions import NotFound

from rules.packaged import packaged
from service.routes import OPEN, Routes
from service.web.pages import CSP, page

routes = Routes(Blueprint("docs", __name__))
_OWN = packaged("service/web/static")
_SWAGGER = Path(flask_swagger_ui.__file__).parent / "dist"
_ASSETS = {"docs.js": _OWN, "swagger-ui.css": _SWAGGER, "swagger-ui-bundle.js": _SWAGGER}


@routes.get("/login/style.css", OPEN, None)
def style() -> Response:
    return send_from_directory(_OWN, "style.css")


@routes.get("/static/<path:name>", OPEN, None)
def asset(name: str) -> Response:
    """A file that a page of ours needs."""
    return send_from_directory(_OWN, name)


@routes.get("/api/docs", "documentation:read", None, by_docs_cookie=True)
def docs_page() -> Response:
    # the documentation's script sets sizes on elements; it may set styles, and nothing else
    return page("docs.html", policy=CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"))


@routes.get("/api/docs/assets/<name>", "documentation:read", None, by_docs_cookie=True)
def docs_asset(name: str) -> Response:
    if name not in _ASSETS:
        raise NotFound
    return send_from_directory(_ASSETS[name], name)
