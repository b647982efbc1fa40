"""The administrators' tables: who may do what, the tokens, the years of the calendar, what is still to be confirmed."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app
from werkzeug.exceptions import NotFound

from models.office import periods
from models.office.period import standing
from models.schemas.periods import STARTS
from models.store.database import reading, writing
from rules.book.rulebook import MARKS
from rules.reasoning.calendar import LOCAL, shipped_years
from service.access import access
from service.documents.administration.access_table import parts
from service.request_context import context
from service.routes import Routes, Writes
from service.usecases.adopting.calendar_years import calendar_in_use, imported_years
from service.usecases.adopting.influence_periods import book_in_use
from service.usecases.people.api_tokens import TokenUnknown, list_tokens, revoke_token
from service.web.pages import page, see_other

routes = Routes(Blueprint("admin-table-pages", __name__, template_folder="templates"))
_STATES = {"valid": ("green", "有效"), "expired": ("grey", "已过期"), "revoked": ("grey", "已撤销")}


@routes.get("/admin/access", "access:read", None)
def access_table() -> Response:
    """The declared table of permission, role and relation."""
    return page("admin/access.html", parts=list(parts(access(), context().book.actors)))


@routes.get("/admin/tokens", "accounts:read", None)
def tokens() -> Response:
    """Every token, never its secret."""
    with reading(current_app.extensions["database"]) as session:
        rows = list_tokens(session, now=datetime.now(UTC))
    return page("admin/tokens.html", rows=rows, states=_STATES, local=LOCAL)


@routes.post("/admin/tokens/<token_id>/revoke", "accounts:manage", Writes("撤销令牌", privileged=True))
def revoke(token_id: str) -> Response:
    """End a token."""
    with writing(current_app.extensions["database"]) as session:
        try:
            revoke_token(session, token_id, now=datetime.now(UTC))
        except TokenUnknown:
            raise NotFound from None
    return see_other("/admin/tokens")


@routes.get("/admin/calendar", "adoption:record", None)
def calendar() -> Response:
    """The years whose holidays are known, and the influence periods with every confirmation and withdrawal."""
    known = calendar_in_use()
    tables = {row["year"]: row for row in (*shipped_years(), *imported_years())}
    years = [(year, year not in known.unconfirmed, tables[year]) for year in sorted(known.years)]
    with reading(current_app.extensions["database"]) as session:
        rows, acts = book_in_use(session, context().books).periods, periods.every(session)
    stands = standing(acts)
    return page(
        "admin/calendar.html", years=years, rows=rows, stands=stands, acts=acts, marks=MARKS, starts=STARTS, local=LOCAL
    )
