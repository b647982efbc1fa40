"""Plain values and stored bytes as JSON answers."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response


def as_json(body: Any, status: int = 200, **headers: str) -> Response:
    """``body`` serialised, or passed on as it is where it is bytes already."""
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return Response(raw, status, headers, mimetype="application/json")
