"""Values that a JSON Schema of an entry allows: the least one first, then one for each thing that may be otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Shape = Mapping[str, Any]
DAY = "2026-05-20"
NEAR_DAYS = ("20260520", "2026-W21-3", DAY)
"""Texts that are written like days, and are to stay the texts that they are."""


def values(shape: Shape) -> Iterator[Any]:
    """Each word, each kind of value and each branch; the shortest and the longest; each field absent, alone, and with all others."""
    for branch in shape.get("anyOf", ()):
        yield from values(branch)
    if "const" in shape:
        yield shape["const"]
    elif "enum" in shape:
        yield from (word for word in shape["enum"] if word is not None)
        yield from (word for word in shape["enum"] if word is None)
    else:
        kinds = shape.get("type", ())
        for kind in [kinds] if isinstance(kinds, str) else kinds:
            yield from OF_KIND[kind](shape)


def least(shape: Shape) -> Any:
    return next(values(shape))


def _texts(shape: Shape) -> Iterator[str]:
    if shape.get("format") == "date":
        yield DAY
        return
    yield "甲" * max(1, shape.get("minLength", 1))
    yield "乙" * shape.get("maxLength", 10)


def _numbers(shape: Shape) -> Iterator[int]:
    yield shape["minimum"]
    yield shape["maximum"]


def _lists(shape: Shape) -> Iterator[list[Any]]:
    item, fewest = shape["items"], shape.get("minItems", 0)
    yield [least(item)] * fewest
    if shape.get("maxItems", 2) < 1:
        return
    every = list(values(item))
    yield from ([one] for one in every)
    if shape.get("maxItems", 2) > 1:
        yield [every[0], every[-1]]


def _objects(shape: Shape) -> Iterator[dict[str, Any]]:
    if "oneOf" in shape:
        for branch in shape["oneOf"]:
            narrowed = {
                **shape["properties"],
                **{name: {**shape["properties"][name], **more} for name, more in branch["properties"].items()},
            }
            yield from _objects(
                {**{name: value for name, value in shape.items() if name != "oneOf"}, "properties": narrowed}
            )
        return
    fields: Mapping[str, Shape] = shape.get("properties", {})
    needed = {name: least(fields[name]) for name in shape.get("required", ())}
    if shape.get("minProperties", 0) <= len(needed):
        yield needed
    yield (
        {name: least(one) for name, one in fields.items()} if "minProperties" not in shape else {**needed, "某项": "甲"}
    )
    for name, one in fields.items():
        yield from ({**needed, name: value} for value in values(one))
    if isinstance(other := shape.get("additionalProperties"), Mapping):
        yield from ({**needed, "某项": value} for value in values(other))
        yield from ({**needed, "seen_on": text} for text in NEAR_DAYS)


OF_KIND = {
    "string": _texts, "integer": _numbers, "array": _lists, "object": _objects,
    "boolean": lambda _: iter((True, False)), "null": lambda _: iter((None,)),
}  # fmt: skip
