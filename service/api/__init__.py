"""The HTTP interface: parse, call one use case, answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache, partial

from flask import Flask

from models.case.duties import CaseDuty
from models.office.inspection import DueInspection
from models.people.organisation import Post
from rules.book.rulebook import Rulebook
from service.access import Role
from service.api import (
    access_table,
    attachments,
    audit,
    calendar,
    case_papers,
    cases,
    confirmations,
    documents,
    evaluations,
    exchange,
    export,
    health,
    imports,
    ledger,
    me,
    office,
    openapi,
    organisation,
    problems,
    recommendations,
    rulebooks,
)
from service.usecases.cases.duties import PersonDuties
from service.usecases.cases.history import Happened
from service.usecases.exchange.import_report import RowReport
from service.usecases.people.organisation import UnitOnDay
from service.usecases.people.registry import FoundPerson

_DOCUMENTED = tuple(
    room.routes
    for room in (
        recommendations,
        rulebooks,
        me,
        access_table,
        ledger,
        evaluations,
        attachments,
        cases,
        case_papers,
        confirmations,
        office,
        documents,
        exchange,
        organisation,
        imports,
        export,
        audit,
        health,
    )
)
ROOMS = (*_DOCUMENTED, openapi.routes, calendar.routes)  # the calendar is for calendar programs, outside the document
NAMED: Mapping[str, type] = {
    "RoleView": Role,
    "UnitView": UnitOnDay,
    "PersonView": FoundPerson,
    "PostView": Post,
    "ImportRow": RowReport,
    "HistoryLine": Happened,
    "DutyView": DueInspection,
    "CaseDuty": CaseDuty,
    "PersonDutiesView": PersonDuties,
}
"""Component → the type of what is answered, where it is not called as that."""


def register(app: Flask, book: Rulebook) -> None:
    """All routes of the interface, its document, and its errors."""
    for room in _DOCUMENTED:
        app.register_blueprint(room.blueprint_of(book), url_prefix=room.prefix or None)
    app.register_blueprint(openapi.routes.blueprint_of(book), url_prefix="/api/v1")
    app.register_blueprint(calendar.routes.blueprint_of(book))
    app.extensions["documented"] = partial(described, book)
    problems.register(app)


@lru_cache(8)
def described(book: Rulebook) -> str:
    """The document of the interface, made when first asked for: it takes as long as a start."""
    return json.dumps(openapi.document(_DOCUMENTED, NAMED, book), indent=2)
