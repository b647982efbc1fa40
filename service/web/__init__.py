"""Pages, served whole from this machine."""

from __future__ import annotations

from flask import Flask

from service.web import docs, log_in


def register(app: Flask) -> None:
    """All pages."""
    for room in (log_in, docs):
        app.register_blueprint(room.blueprint)
