"""Pages: the log-in page and the interface's documentation, served whole from this machine."""

from __future__ import annotations

from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, make_response, redirect, render_template, request, send_from_directory
from werkzeug.exceptions import NotFound

from service.auth import COOKIE, look_up

blueprint = Blueprint("web", __name__, template_folder="templates")
_OWN = Path(__file__).parent / "static"
_SWAGGER = Path(flask_swagger_ui.__file__).parent / "dist"
_ASSETS = {"docs.js": _OWN, "swagger-ui.css": _SWAGGER, "swagger-ui-bundle.js": _SWAGGER}
_SESSION_SECONDS = 12 * 3600
_MAX_SECRET = 200
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def _page(body: str, status: int = 200, policy: str = _CSP) -> Response:
    response = make_response(body, status)
    response.headers["Content-Security-Policy"] = policy
    return response


@blueprint.get("/login")
def login_page() -> Response:
    return _page(render_template("login.html", error=None))


@blueprint.post("/login")
def log_in() -> Response:
    """A token opens the documentation, and nothing else: the interface itself asks for the bearer header."""
    secret = request.form.get("token", "").strip()
    if not 0 < len(secret) <= _MAX_SECRET or look_up(secret) is None:
        return _page(render_template("login.html", error="令牌无效、已过期或者已撤销"), 401)
    response = redirect("/api/docs", 303)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=_SESSION_SECONDS,
        path="/api",
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )
    return response  # type: ignore[return-value]


@blueprint.get("/login/style.css")
def style() -> Response:
    return send_from_directory(_OWN, "style.css")


@blueprint.get("/api/docs")
def docs_page() -> Response:
    # the documentation's script sets sizes on elements; it may set styles, and nothing else
    return _page(
        render_template("docs.html"), policy=_CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    )


@blueprint.get("/api/docs/assets/<name>")
def docs_asset(name: str) -> Response:
    if name not in _ASSETS:
        raise NotFound
    return send_from_directory(_ASSETS[name], name)


@blueprint.post("/api/logout")
def log_out() -> Response:
    response = redirect("/login", 303)
    response.delete_cookie(COOKIE, path="/api", httponly=True, samesite="Strict", secure=request.is_secure)
    return response  # type: ignore[return-value]
