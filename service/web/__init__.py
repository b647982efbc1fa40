"""Pages, served whole from this machine."""

from __future__ import annotations

from flask import Flask

from service.web import (
    admin,
    admin_tables,
    adopting,
    audit_pages,
    cases,
    committee,
    docs,
    errors,
    imports,
    inspections,
    log_in,
    matters,
    office,
    own,
    recommendations,
    regulation,
    single_sign_on,
    work,
)


def register(app: Flask) -> None:
    """All pages."""
    for room in (
        log_in,
        single_sign_on,
        docs,
        work,
        matters,
        cases,
        recommendations,
        committee,
        own,
        regulation,
        office,
        inspections,
        imports,
        admin,
        admin_tables,
        adopting,
        audit_pages,
    ):
        app.register_blueprint(room.blueprint)
    errors.register(app)
