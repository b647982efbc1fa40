"""Whether a record still has the shape that its action requires: what is read is checked before it is folded.

Only the kinds of values are held, not the lengths and rules of an entry: these may have been narrower or wider when it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.schemas.fields import Block, Choice, Day, Flag, Items, StrictField, Text


def shaped(details: Mapping[str, Any], fields: Mapping[str, StrictField]) -> bool:
    """Whether details have every field that is required, and in each known one a value of its kind."""
    return all(
        _holds(field, details[name]) if name in details else not field.required for name, field in fields.items()
    )


def lacking(details: Mapping[str, Any], fields: Mapping[str, StrictField]) -> bool:
    """Whether details lack a field that is required."""
    return any(field.required and name not in details for name, field in fields.items())


def _holds(field: StrictField, value: Any) -> bool:
    if value is None:
        return bool(field.allow_none)
    match field:
        case Text():
            return isinstance(value, str)
        case Choice():
            return isinstance(value, str) and value in field.chinese
        case Day():
            return isinstance(value, date)
        case Flag():
            return isinstance(value, bool)
        case Items():
            return isinstance(value, tuple) and all(_holds(field.item, one) for one in value)
        case Block():
            return isinstance(value, Mapping) and shaped(value, field.fields)
    return True
