"""The documentation of the interface, and the files that the pages need."""

from __future__ import annotations

from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, send_from_directory
from werkzeug.exceptions import NotFound

from rules.packaged import packaged
from service.web.pages import CSP, page

blueprint = Blueprint("docs", __name__)
_OWN = packaged("service/web/static")
_SWAGGER = Path(flask_swagger_ui.__file__).parent / "dist"
_ASSETS = {"docs.js": _OWN, "swagger-ui.css": _SWAGGER, "swagger-ui-bundle.js": _SWAGGER}


@blueprint.get("/login/style.css")
def style() -> Response:
    return send_from_directory(_OWN, "style.css")


@blueprint.get("/static/<path:name>")
def asset(name: str) -> Response:
    """A file that a page of ours needs."""
    return send_from_directory(_OWN, name)


@blueprint.get("/api/docs")
def docs_page() -> Response:
    # the documentation's script sets sizes on elements; it may set styles, and nothing else
    return page("docs.html", policy=CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"))


@blueprint.get("/api/docs/assets/<name>")
def docs_asset(name: str) -> Response:
    if name not in _ASSETS:
        raise NotFound
    return send_from_directory(_ASSETS[name], name)
