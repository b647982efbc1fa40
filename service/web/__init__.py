"""Pages, served whole from this machine."""

from __future__ import annotations

from flask import Flask

from service.web import cases, docs, errors, log_in, matters, single_sign_on, work


def register(app: Flask) -> None:
    """All pages."""
    for room in (log_in, single_sign_on, docs, work, matters, cases):
        app.register_blueprint(room.blueprint)
    errors.register(app)
