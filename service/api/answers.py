"""Plain values and stored bytes as JSON answers."""

from __future__ import annotations

from typing import Any

from flask import Response

from rules.answering import written


def as_json(body: Any, status: int = 200, **headers: str) -> Response:
    """``body`` serialised, or passed on as it is where it is bytes already."""
    return Response(body if isinstance(body, bytes) else written(body), status, headers, mimetype="application/json")
