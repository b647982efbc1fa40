"""The calendar feed. Calendar programs send no headers, so the address itself is the credential, and every doubt is a 404."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, g
from werkzeug.exceptions import NotFound

from models.store.database import reading
from rules.reasoning.calendar import LOCAL
from service.documents.ledger.calendar_feed import as_calendar
from service.request_context import context
from service.routes import OPEN, Routes
from service.usecases.exchange.calendar_feed import calendar_entries
from service.usecases.people.api_tokens import CALENDAR, holder

routes = Routes(Blueprint("calendar", __name__))


@routes.get("/calendar/<secret>.ics", OPEN, None)
def feed(secret: str) -> Response:
    """The days of a token's unit, or of all. The log has the route and the token's id, never the address."""
    now = datetime.now(UTC)
    with reading(current_app.extensions["database"]) as session:
        found = holder(session, secret, now=now)
        if found is None or CALENDAR not in found.permissions:
            raise NotFound
        g.token_id = found.id
        entries = calendar_entries(session, context().books, unit=found.unit, today=now.astimezone(LOCAL).date())
    name = f"督查督办（{found.unit}）" if found.unit else "督查督办"
    return Response(as_calendar(entries, name), content_type="text/calendar; charset=utf-8")
