"""Whether a record still has the shape that its action requires."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.schemas.fields import StrictField


def lacking(details: Mapping[str, Any], fields: Mapping[str, StrictField]) -> bool:
    """Whether details lack a field that is required."""
    return any(field.required and name not in details for name, field in fields.items())
