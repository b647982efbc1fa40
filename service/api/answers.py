"""Plain values and stored bytes as JSON answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from flask import Response

from rules.answering import Value, written
from rules.book.contract.people import PersonRef

V = TypeVar("V", bound=Value)


def as_json(body: Any, status: int = 200, **headers: str) -> Response:
    """``body`` serialised, or passed on as it is where it is bytes already."""
    return Response(body if isinstance(body, bytes) else written(body), status, headers, mimetype="application/json")


def view_of(kind: type[V], value: Any, **own: Any) -> V:
    """A value as it is answered: what is not told here, it has under the same name."""
    return kind(**{name: told(getattr(value, name)) for name in kind.__struct_fields__ if name not in own}, **own)


def told(value: Any) -> Any:
    """A value as it is answered: persons by name, and what is about one person with the id in the registry."""
    if isinstance(value, PersonRef):
        return value.name
    if is_dataclass(value) and not isinstance(value, type):
        found = {one.name: getattr(value, one.name) for one in fields(value)}
        about = {"person_id": named.id} if isinstance(named := found.get("name"), PersonRef) else {}
        return {name: told(part) for name, part in found.items()} | about
    if isinstance(value, Mapping):
        return {str(name): told(part) for name, part in value.items()}
    return type(value)(map(told, value)) if isinstance(value, tuple | list) else value
