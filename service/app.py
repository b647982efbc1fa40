"""The web application: configuration in, a WSGI application out."""

from __future__ import annotations

import re
import uuid

from flask import Flask, Response, g, request

from models.store.database import connect
from service import api, auth
from service.api import problems
from service.usecases.recommend import recommender

_MAX_BODY = 1 << 20
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")


def create_app(url: str) -> Flask:
    """The application over the database at ``url``; call it in each server process, after the fork."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    app.extensions["database"] = connect(url)
    recommender()
    app.before_request(_identify)
    auth.protect(app)
    app.register_blueprint(api.blueprint)
    problems.register(app)
    app.after_request(_headers)
    return app


def _identify() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _REQUEST_ID.match(given) else uuid.uuid4().hex


def _headers(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
