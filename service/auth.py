"""Who may call what: one declared table, default deny. Nothing but the health check is open."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, current_app, g, request
from werkzeug.exceptions import Forbidden, Unauthorized

from models.store.database import reading
from service.usecases.api_tokens import holder

OPEN = frozenset({"api.healthz"})
PERMISSION_OF = {
    "api.recommend_case": "recommendation:evaluate",
    "api.read_recommendation": "recommendation:read",
    "api.list_rulebooks": "rulebook:read",
    "api.list_provisions": "rulebook:read",
    "api.read_provision": "rulebook:read",
}


def protect(app: Flask) -> None:
    """Check every request before it is handled; an endpoint that the table does not name is refused."""
    app.before_request(_check)


def _check() -> None:
    endpoint = request.endpoint
    if endpoint in OPEN:
        return
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    with reading(current_app.extensions["database"]) as session:
        found = holder(session, secret.strip(), now=datetime.now(UTC)) if scheme.lower() == "bearer" else None
    if found is None:
        raise Unauthorized
    g.actor = found.name
    if endpoint is not None and PERMISSION_OF.get(endpoint) not in found.permissions:
        raise Forbidden
