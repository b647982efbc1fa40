"""The HTTP interface: parse, call one use case, answer."""

from __future__ import annotations

from flask import Flask

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
    organisation,
    problems,
    recommendations,
    rulebooks,
)
from service.api.openapi import Documented

PREFIX = "/api/v1"


def register(app: Flask) -> None:
    """All routes of the interface, its document, and its errors."""
    app.config |= {
        "API_TITLE": "督查督办与问责辅助决策",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": PREFIX,
        "OPENAPI_JSON_PATH": "openapi.json",
    }
    api = Documented(app)
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
        office,
        documents,
        exchange,
        organisation,
        imports,
        export,
        audit,
    ):
        api.register_blueprint(room.blueprint, url_prefix=PREFIX)
    api.register_blueprint(health.blueprint)
    app.register_blueprint(calendar.blueprint)  # for calendar programs, outside the interface's document
    problems.register(app)
