"""The HTTP interface: parse, call one use case, answer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial

from flask import Flask

from models.domain.cases.duties import Duty as CaseDuty
from models.domain.inspections import Duty as InspectionDuty
from models.domain.organisation import Post
from models.schemas.interface import Health, ProvisionRow, RulebookRow
from rules.rulebook import Rulebook
from service.access import Role
from service.api import (
    access_table,
    attachments,
    audit,
    calendar,
    case_papers,
    cases,
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
from service.api.openapi import Documented, filled_in
from service.routes import Routes
from service.usecases.case_duties import PersonDuties
from service.usecases.case_history import Happened
from service.usecases.import_report import RowReport
from service.usecases.organisation import UnitOnDay

PREFIX = "/api/v1"
_DOCUMENTED: tuple[Routes, ...] = (
    recommendations.routes,
    rulebooks.routes,
    me.routes,
    access_table.routes,
    ledger.routes,
    evaluations.routes,
    attachments.routes,
    cases.routes,
    case_papers.routes,
    office.routes,
    documents.routes,
    exchange.routes,
    organisation.routes,
    imports.routes,
    export.routes,
    audit.routes,
)
ROOMS = (*_DOCUMENTED, openapi.routes, health.routes, calendar.routes)
SERVED: Mapping[str, type] = {
    "AccessView": access_table.AccessView,
    "RoleView": Role,
    "Me": me.Me,
    "RulebookRow": RulebookRow,
    "ProvisionRow": ProvisionRow,
    "Health": Health,
    "UnitView": UnitOnDay,
    "PostView": Post,
    "ImportView": imports.ImportView,
    "ImportRow": RowReport,
    "HistoryLine": Happened,
    "DutyView": InspectionDuty,
    "CaseDuty": CaseDuty,
    "PersonDutiesView": PersonDuties,
}
"""Component → the type of what is answered."""


def register(app: Flask, book: Rulebook) -> None:
    """All routes of the interface, its document, and its errors."""
    for room in _DOCUMENTED:
        app.register_blueprint(room.blueprint_of(book), url_prefix=PREFIX)
    app.register_blueprint(health.routes.blueprint_of(book))
    app.register_blueprint(openapi.routes.blueprint_of(book), url_prefix=PREFIX)
    app.register_blueprint(
        calendar.routes.blueprint_of(book)
    )  # for calendar programs, outside the interface's document
    app.extensions["documented"] = partial(described, book)
    problems.register(app)


@lru_cache(8)
def described(book: Rulebook) -> str:
    """The document of the interface. Made beside the application that serves, when first asked for: it takes as long as a start."""
    app = Flask(__name__)
    app.config |= {"API_TITLE": "督查督办与问责辅助决策", "API_VERSION": "v1", "OPENAPI_VERSION": "3.1.0"}
    api = Documented(app, SERVED, book)
    for room in _DOCUMENTED:
        api.register_blueprint(room.blueprint_of(book), url_prefix=PREFIX)
    api.register_blueprint(health.routes.blueprint_of(book))
    return app.json.dumps(filled_in(api.spec.to_dict(), book), indent=2, sort_keys=False)
