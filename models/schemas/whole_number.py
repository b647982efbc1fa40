"""A whole number within bounds, and nothing that merely looks like it."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError

from models.schemas.fields import StrictField


class WholeNumber(StrictField):
    """An integer from 0 to ``most``."""

    def __init__(self, label: str, most: int, **options: Any) -> None:
        super().__init__(label, schema={"type": "integer", "minimum": 0, "maximum": most}, **options)
        self.most = most

    def allowed(self) -> str:
        return f"应为0至{self.most}的整数"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if type(value) is not int:
            raise self.refuse(value)
        if not 0 <= value <= self.most:
            raise ValidationError(f"“{self.label}”{self.allowed()}，现为{value}")
        return value
