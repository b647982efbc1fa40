"""What every part of an answer has in common: a typed value, from which its JSON and its component of the OpenAPI document derive.

A field's name is its key in the JSON and its title the only account of it. A field with a default is left out of the JSON where
it has just that. Days are local (Asia/Shanghai).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypedDict

import msgspec
import orjson
from msgspec import Meta, Struct

Day = date


def about(title: str | None, *values: Any, of: str = "", **more: Any) -> Meta:
    """The account of a field. values: all that it may be; of: the list of the rulebook in which these stand."""
    told = (
        ({"title": title} if title else {}) | ({"enum": list(values)} if values else {}) | ({"x-of": of} if of else {})
    )
    return Meta(extra_json_schema=told | more)


class Value(Struct, frozen=True, omit_defaults=True, rename={"from_": "from", "for_": "for"}):
    """A part of an answer."""


Id = Annotated[str, Meta(extra_json_schema={"format": "uuid"})]
Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Measure = Annotated[str, Meta(extra_json_schema={"x-of": "measure"})]
Status = Annotated[str, Meta(extra_json_schema={"x-of": "status"})]
Provision = Annotated[str, about("条款")]
Citation = Annotated[str, about("条款的中文写法")]
Words = Annotated[str, about("条款原文")]


class Cited(Value, frozen=True):
    """A provision with its words."""

    provision: Provision
    citation: Citation
    text: Words


class Citing(TypedDict):
    """The fields that a part of an answer has where it cites a provision."""

    provision: str
    citation: str
    text: str


class ReadingUsed(Value, frozen=True):
    reading: Annotated[str, about("解释编号")]
    used: Annotated[str, about("所采用的取值")]
    text: Annotated[str, about("所采用的解释")]


class Slot(Value, frozen=True):
    """A question of discretion; nothing of it is ever chosen in advance."""

    slot: Annotated[str, about("事项")]
    provision: Provision
    citation: Citation
    text: Words
    question: Annotated[str, about("留给人决定的问题")]
    options: Annotated[tuple[str, ...], about("可选项，不预先选定")]
    reason_required: Annotated[bool, about("须写明理由", True)]


class RulebookUsed(Value, frozen=True):
    """By what an answer was made. draft: the title of an amendment, by which no case is decided."""

    id: Annotated[str, about("规则库")]
    in_force_from: Annotated[Day, about("施行日期")]
    sha256: Annotated[str, about("散列值")]
    policy: Annotated[str, about("策略表")]
    readings: Annotated[dict[str, str], about("解释")]
    draft: Annotated[str, about("修改稿的名称；已施行的没有")] = ""


def written(answer: Any) -> bytes:
    """An answer as JSON, as it is served, stored and hashed."""
    return orjson.dumps(answer, default=msgspec.to_builtins)
