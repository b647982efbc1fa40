"""Entries made from their schemas: every field filled in, and each of them written otherwise. Material of generated tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from models.schemas.case_evidence import CaseEvidence
from models.schemas.entries import Answer
from models.schemas.fields import Block, Day, Flag, Items, KnownWord, StrictField, Text
from models.schemas.whole_number import WholeNumber
from rules.book.loading import load_rulebook

_VALUES = sorted({value for words in load_rulebook().proceedings.elements.values() for value in words})
Path = tuple[str | int, ...]


def filled(field: StrictField, other: bool = False) -> Any:
    """A value that the field accepts; ``other``: another one, where there is one."""
    if isinstance(field, CaseEvidence):
        return [{"kind": "document", "reference": "别处" if other else "会议纪要"}]
    if isinstance(field, Answer):
        name, (_, options) = list(field.questions.items())[-1 if other else 0]
        return {"id": name, "choice": options[0] if options else "甲", "reason": "乙" if other else "甲"}
    if isinstance(field, Block):
        return {name: filled(one, other) for name, one in field.fields.items()}
    if isinstance(field, Items):
        return [filled(field.item, other) for _ in range(max(1, field.least))]
    if isinstance(field, KnownWord):
        return list(field.words)[-1 if other else 0]
    if isinstance(field, (Day, Flag, WholeNumber)):
        first, second = {Day: ("2026-05-18", "2026-05-19"), Flag: (True, False), WholeNumber: (1, 2)}[type(field)]
        return second if other else first
    assert isinstance(field, Text), field
    return "乙" if other else "甲"


def whole(action: str, block: Block) -> dict[str, Any]:
    """An entry with every field; the values of an element are its own."""
    made: dict[str, Any] = filled(block)
    rows = [made["details"]] if action == "find" else made["details"].get("accepting") or []
    for row in rows:
        row["value"] = next(iter(load_rulebook().proceedings.elements[row["element"]]))
    return made


def leaves(field: StrictField, path: Path = ()) -> Iterator[tuple[Path, StrictField]]:
    """The fields that are filled in, each with where it stands in ``filled``."""
    if isinstance(field, Block):
        for name, one in field.fields.items():
            yield from leaves(one, (*path, name))
    elif isinstance(field, Items) and not isinstance(field, CaseEvidence):
        yield from leaves(field.item, (*path, 0))
    else:
        yield path, field


def shown(path: Path) -> str:
    """``details.members[0].name``"""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def put(entry: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The entry with another value in one place."""
    made = deepcopy(dict(entry))
    at: Any = made
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value(at[path[-1]]) if callable(value) else value
    return made


def otherwise(entry: Mapping[str, Any], block: Block, usable: Callable[[Any], bool]) -> Iterator[tuple[Path, Any]]:
    """Every entry that differs in one field and can be written as well."""
    for path, field in leaves(block):
        options = list(field.words) if isinstance(field, KnownWord) else [filled(field, True), *_VALUES]
        for value in options:
            made = put(entry, path, value)
            if made != entry and usable(made):
                yield path, made
                break
