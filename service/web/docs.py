"""The documentation of the interface, and the files that the pages need."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
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
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASSETS = {"docs.js": _OWN, "swagger-ui.css": _SWAGGER, "swagger-ui-bundle.js": _SWAGGER}


@routes.get("/static/<mark>/<path:name>", OPEN, None)
def asset(mark: str, name: str) -> Response:
    """A file that a page of ours needs; a browser keeps it for good, since one with other bytes has another address.

    mark: of its bytes as whoever made the page had them; where they are others here, they are not kept.
    """
    answer = send_from_directory(_OWN, name)
    if mark == _marks().get(name):
        answer.headers["Cache-Control"] = _FOR_GOOD
    return answer


def address(name: str) -> str:
    """Where a file that a page of ours needs lies."""
    return f"/static/{_marks()[name]}/{name}"


@cache
def _marks() -> Mapping[str, str]:
    """File → the beginning of the hash of its bytes."""
    files = (one for one in _OWN.rglob("*") if one.is_file())
    return {one.relative_to(_OWN).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest()[:16] for one in files}


@routes.get("/api/docs", "documentation:read", None, by_docs_cookie=True)
def docs_page() -> Response:
    # the documentation's script sets sizes on elements; it may set styles, and nothing else
    return page("docs.html", policy=CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"))


@routes.get("/api/docs/assets/<name>", "documentation:read", None, by_docs_cookie=True)
def docs_asset(name: str) -> Response:
    if name not in _ASSETS:
        raise NotFound
    return send_from_directory(_ASSETS[name], name)
