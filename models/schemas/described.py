"""The fields of what is answered, each with its title: for the views that are described by marshmallow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import RAISE, Schema, fields, validate


class Exact(Schema):
    """Every field is known; one that is not always there says so."""

    class Meta:
        unknown = RAISE


def a_text(title: str, *, nullable: bool = False, **told: str) -> fields.String:
    return fields.String(required=True, allow_none=nullable, metadata={"title": title, **told})


def a_day(title: str, *, nullable: bool = False) -> fields.String:
    return a_text(title, nullable=nullable, format="date")


def a_moment(title: str, *, nullable: bool = False) -> fields.String:
    return a_text(title, nullable=nullable, format="date-time")


def a_number(title: str, *, nullable: bool = False) -> fields.Integer:
    return fields.Integer(required=True, allow_none=nullable, metadata={"title": title})


def a_flag(title: str, *, nullable: bool = False) -> fields.Boolean:
    return fields.Boolean(required=True, allow_none=nullable, metadata={"title": title})


def one_of(title: str, values: Iterable[str]) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(list(values)), metadata={"title": title})


def one_from(title: str, of: str, *, nullable: bool = False) -> fields.String:
    """One of a list of the book, which is filled in where a document is made of it. of: as ``models.schemas.answers`` names it."""
    return a_text(title, nullable=nullable, **{"x-of": of})


def some_texts(title: str) -> fields.List[Any]:
    return fields.List(fields.String(), required=True, metadata={"title": title})


def several(view: type[Schema], title: str) -> fields.List[Any]:
    return fields.List(fields.Nested(view), required=True, metadata={"title": title})
