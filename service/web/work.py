"""My work: what waits for whoever asks, by their roles; and who they are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from flask import Blueprint, Response, current_app, g
from sqlalchemy.orm import Session

from models.case import sight
from models.store.database import reading
from service import config
from service.access import access
from service.auth import own_units
from service.request_context import context
from service.routes import Routes
from service.usecases.exchange.patrol import ToLookAt, patrol
from service.usecases.people.principals import Principal
from service.web.lights import to_do_light
from service.web.pages import page

routes = Routes(Blueprint("work", __name__, template_folder="templates"))
_MOST, _CASES = 100, 50
_ENDED = ("closed", "withdrawn", "not_approved")
_OFFICE = "督查督办工作办公室办理"


@routes.get("/", "documentation:read", None)
def home() -> Response:
    """To-dos of the ledger, and the cases that may be seen."""
    principal: Principal = g.principal
    today = context().today
    with reading(current_app.extensions["database"]) as session:
        found = list(islice(_waiting(session, principal), _MOST + 1))
        running = [state for state in context().book.proceedings.states if state not in _ENDED]
        seen = sight.page(
            session,
            principal.sight("case:read"),
            every=context().book.proceedings.states,
            behind=None,
            limit=_CASES,
            states=running,
        )
        rows = [row for row, _ in seen] if principal.relations("case:list") else []
    own_cases = [held.case_id for held in principal.roles if held.case_id is not None]
    return page(
        "home.html",
        today=today,
        groups=_by_hand(found[:_MOST]),
        more=len(found) > _MOST,
        rows=rows,
        own_cases=own_cases,
        lists=bool(principal.relations("ledger:list")),
        states=context().book.proceedings.states,
    )


def _by_hand(found: list[ToLookAt]) -> list[tuple[str, list[tuple[ToLookAt, str, str]]]]:
    """What the Office has in hand, then what units have, the most overdue first; each with the light that it has."""
    found = sorted(found, key=lambda one: (one.days is None, one.days or 0))
    hands = ((_OFFICE, [one for one in found if one.unit is None]), ("单位办理", [one for one in found if one.unit]))
    return [(label, [(one, *to_do_light(one, context().book)) for one in rows]) for label, rows in hands if rows]


def _waiting(session: Session, principal: Principal) -> Iterator[ToLookAt]:
    if not principal.relations("ledger:list"):
        return
    today, own = context().today, own_units()
    for unit in sorted(own) if own is not None else [None]:
        yield from patrol(
            session,
            context().books,
            today=today,
            unit=unit,
            thresholds=config.thresholds(),
            sight=principal.sight("case:read"),
        )


@routes.get("/me", "documentation:read", None)
def me() -> Response:
    """Who I am, with which roles, and what these allow."""
    principal: Principal = g.principal
    allowed = [found.label for name, found in access().permissions.items() if principal.relations(name)]
    return page("me.html", allowed=allowed)
