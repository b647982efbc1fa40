"""Pages, served whole from this machine."""

from __future__ import annotations

from flask import Flask

from rules.book.rulebook import Rulebook
from service.documents.writing.hand_words import checked_remarks, entered_words
from service.routes import Routes
from service.web import (
    admin,
    admin_tables,
    adopting,
    audit_pages,
    cases,
    committee,
    confirmations,
    docs,
    imports,
    inspections,
    log_in,
    matters,
    office,
    own,
    own_account,
    people,
    proving,
    recommendations,
    regulation,
    second_factor,
    single_sign_on,
    work,
)
from service.web.pages import errors_as_pages

ROOMS: tuple[Routes, ...] = (
    log_in.routes,
    second_factor.routes,
    single_sign_on.routes,
    docs.routes,
    work.routes,
    own_account.routes,
    people.routes,
    matters.routes,
    cases.routes,
    recommendations.routes,
    committee.routes,
    own.routes,
    confirmations.routes,
    regulation.routes,
    office.routes,
    inspections.routes,
    imports.routes,
    admin.routes,
    admin_tables.routes,
    adopting.routes,
    audit_pages.routes,
)


def register(app: Flask, book: Rulebook) -> None:
    """All pages."""
    proving.register(app)
    for room in ROOMS:
        app.register_blueprint(room.blueprint_of(book))
    app.context_processor(single_sign_on.ways)
    app.jinja_env.globals |= {
        "static": docs.address,
        "entered_words": entered_words,
        "checked_remarks": checked_remarks,
    }
    errors_as_pages(app)
