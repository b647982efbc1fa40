"""Who may call what: one declared table, default deny. Nothing but the health check and the log-in page is open."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from flask import Flask, Response, current_app, g, redirect, request
from werkzeug.exceptions import Forbidden, Unauthorized

from models.store.database import reading
from rules.loading import load_rulebook
from service.usecases.api_tokens import Holder, holder

OPEN = frozenset({"health.healthz", "web.login_page", "web.log_in", "web.style", "calendar.feed"})
"""Without a bearer token; the calendar feed's address is its credential, and it asks for that itself."""
PERMISSION_OF = {
    "recommendations.evaluate": "recommendation:evaluate",
    "recommendations.read": "recommendation:read",
    "ledger.open_one": "ledger:write",
    **{f"ledger.act_{action}": "ledger:write" for action in load_rulebook().ledger.actions},
    "ledger.read_one": "ledger:read",
    "ledger.read_case": "ledger:read",
    "ledger.list_matters": "ledger:read",
    "cases.open_one": "case:write",
    **{f"cases.act_{action}": "case:write" for action in load_rulebook().proceedings.actions},
    "cases.read_one": "case:read",
    "cases.points": "case:read",
    "cases.duties": "case:read",
    "cases.checkup": "case:read",
    "cases.list_cases": "case:read",
    "case-papers.every": "case:read",
    "case-papers.one": "case:read",
    "case-papers.package": "case:read",
    "evaluations.evaluate": "recommendation:evaluate",
    "evaluations.every": "recommendation:read",
    "attachments.send": "ledger:write",
    "attachments.every": "ledger:read",
    "attachments.one": "ledger:read",
    "attachments.send_to_case": "case:write",
    "attachments.every_of_case": "case:read",
    "attachments.one_of_case": "case:read",
    "office.inspect": "ledger:write",
    "office.report": "ledger:write",
    "office.list_inspections": "ledger:read",
    "office.list_duties": "ledger:read",
    "office.bar": "ledger:write",
    "office.list_bars": "ledger:read",
    "documents.registration": "ledger:read",
    "documents.urging": "ledger:read",
    "documents.status": "ledger:read",
    "documents.bulletin_of": "ledger:read",
    "documents.report_of": "ledger:read",
    "documents.assessment_of": "ledger:read",
    "documents.archive_package": "ledger:read",
    "exchange.list_todo": "ledger:read",
    "exchange.list_deliveries": "ledger:read",
    "organisation.list_units": "ledger:read",
    "organisation.list_posts": "ledger:read",
    "export.everything": "ledger:read",
    "imports.units": "ledger:write",
    "imports.people": "ledger:write",
    "imports.status_table": "ledger:write",
    "imports.ledger": "ledger:write",
    "rulebooks.list_rulebooks": "rulebook:read",
    "rulebooks.list_periods": "rulebook:read",
    "rulebooks.list_provisions": "rulebook:read",
    "rulebooks.read_provision": "rulebook:read",
    "api-docs.openapi_json": "documentation:read",
    "web.docs_page": "documentation:read",
    "web.docs_asset": "documentation:read",
    "web.log_out": "documentation:read",
}
COOKIE = "wenze_docs"
_BY_COOKIE = frozenset({"api-docs.openapi_json", "web.docs_page", "web.docs_asset", "web.log_out"})
REMEMBERED_SECONDS = 2.0
"""How long a token that was found valid is not looked up again, and so outlives its revocation at most."""


class Remembered:
    """The holders found in the last moments, so that a busy client does not cost a query a request."""

    def __init__(self, seconds: float = REMEMBERED_SECONDS) -> None:
        self.seconds = seconds
        self.found: dict[str, tuple[float, Holder]] = {}

    def get(self, secret: str, clock: float) -> Holder | None:
        until, known = self.found.get(secret, (0.0, None))
        return known if clock < until else None

    def put(self, secret: str, known: Holder, clock: float) -> None:
        if len(self.found) >= 1000:
            self.found.clear()
        self.found[secret] = (clock + self.seconds, known)


def protect(app: Flask) -> None:
    """Check every request before it is handled; an endpoint that the table does not name is refused."""
    app.extensions["tokens"] = Remembered()
    app.before_request(_check)


def _check() -> Response | None:
    endpoint = request.endpoint
    if endpoint in OPEN:
        return None
    found = _holder(_secret(endpoint))
    if found is None:
        if endpoint == "web.docs_page" and request.accept_mimetypes.accept_html:
            return redirect("/login", 303)  # type: ignore[return-value]
        raise Unauthorized
    g.actor, g.token_id = found.name, found.id
    if endpoint is not None and PERMISSION_OF.get(endpoint) not in found.permissions:
        raise Forbidden
    return None


def _secret(endpoint: str | None) -> str | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return secret.strip()
    return request.cookies.get(COOKIE) if endpoint in _BY_COOKIE else None


def _holder(secret: str | None) -> Holder | None:
    if not secret:
        return None
    remembered: Remembered = current_app.extensions["tokens"]
    clock = time.monotonic()
    known = remembered.get(secret, clock)
    if known is None:
        known = look_up(secret)
        if known is not None:
            remembered.put(secret, known, clock)
    return known


def look_up(secret: str) -> Holder | None:
    """Whose token this is, asked of the database."""
    with reading(current_app.extensions["database"]) as session:
        return holder(session, secret, now=datetime.now(UTC))
