"""Plain values and stored bytes as JSON answers."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import Response

from rules.answering import Value, written

V = TypeVar("V", bound=Value)


def as_json(body: Any, status: int = 200, **headers: str) -> Response:
    """``body`` serialised, or passed on as it is where it is bytes already."""
    return Response(body if isinstance(body, bytes) else written(body), status, headers, mimetype="application/json")


def view_of(kind: type[V], value: Any, **own: Any) -> V:
    """A value as it is answered: what is not told here, it has under the same name."""
    return kind(**{name: getattr(value, name) for name in kind.__struct_fields__ if name not in own}, **own)
