"""What is answered, as components of the OpenAPI document: derived from its types, with the lists of the rulebook filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from typing import Any

import msgspec

from models.schemas.interface import Problem
from rules.book.rulebook import Rulebook
from rules.latitude.answer import Admissible
from rules.reasoning.answer import AnsweredDuty, AnsweredPerson, AnsweredResult, Recommendation
from rules.reasoning.ledger_answer import MatterCase

Schema = dict[str, Any]
_PREFIX = "#/components/schemas/"
_ANSWERS: Mapping[str, type] = {
    "Recommendation": Recommendation,
    "Person": AnsweredPerson,
    "Result": AnsweredResult,
    "Duty": AnsweredDuty,
    "Admissible": Admissible,
    "MatterCase": MatterCase,
    "Problem": Problem,
}


def answer_schemas(served: Mapping[str, type], book: Rulebook) -> dict[str, Schema]:
    """Component → its schema. served: component → what else is answered; of what is in them, the type gives the name.

    The three ways in which a recommendation is answered have one type.
    """
    kinds = {**_ANSWERS, **served}
    places, found = msgspec.json.schema_components(kinds.values(), ref_template=f"{_PREFIX}{{name}}")
    own = {place["$ref"].removeprefix(_PREFIX): name for place, name in zip(places, kinds, strict=True)}
    derived = _Derived(book, own)
    made = {own.get(name, name): derived.component(schema) for name, schema in found.items()}
    whole = {name for name, kind in kinds.items() if is_dataclass(kind)}  # which leaves nothing out
    made |= {name: _varied(made[name], always=made[name]["properties"]) for name in whole}
    answer = made["Recommendation"]
    kept, tried = ("id", "of_case"), ("stored", "stored_notice")
    return made | {
        "Recommendation": _varied(answer, without=(*kept, "ledger"), always=tried),
        "MatterRecommendation": _varied(answer, without=kept, always=("ledger", *tried)),
        "StoredRecommendation": _varied(answer, without=tried, always=("id",)),
        "RulebookUsed": _varied(made["RulebookUsed"], without=("draft",)),
        "Admissible": _varied(made["Admissible"], without=("case",), always=("receipt",)),
        "Gates": derived.gates(),
    }


def lists_of(book: Rulebook) -> Mapping[str, Iterable[str]]:
    """What a book lists, by the name that ``x-of`` of a field gives."""
    space = book.latitude
    return {
        **book.vocabulary.enumerations,
        "measure": book.ladder,
        "kind": [kind.id for kind in space.kinds],
        "effect": [effect.id for effect in space.effects],
        "slot": [choice.id for choice, _ in book.discretion],
        "work": space.work,
        "state": space.state_labels,
        "inspection": [regular.id for regular in book.inspections.regular],
        "inspection_form": book.inspections.forms,
        "matter_state": book.ledger.states,
        "case_state": book.proceedings.states,
        "case_actor": book.proceedings.actors,
        "grade": book.checkup.grades,
        "finding": [*book.ledger.reminders, "matter_damaged"],
    }


def _object(fields: Schema, required: Iterable[str]) -> Schema:
    needed = {"required": sorted(required)} if required else {}
    return {"type": "object", "properties": fields, **needed, "additionalProperties": False}


def _varied(schema: Schema, *, without: Iterable[str] = (), always: Iterable[str] = ()) -> Schema:
    """The same without some fields, or with some that are always there."""
    fields = {name: field for name, field in schema["properties"].items() if name not in without}
    return _object(fields, {*schema["required"], *always})


class _Derived:
    """own: the name of a type → its component, where it has another name."""

    def __init__(self, book: Rulebook, own: Mapping[str, str]) -> None:
        self.book, self.own, self.lists = book, own, lists_of(book)

    def gates(self) -> Schema:
        status = {"type": "string", "enum": list(self.lists["status"])}
        rules = self.book.of_kind("gate")
        fields = {rule.id.removeprefix("gate."): {**status, "title": rule.label} for rule in rules}
        return _object(fields, fields)

    def component(self, schema: Schema) -> Schema:
        return _object({name: self.field(one) for name, one in schema["properties"].items()}, schema["required"])

    def field(self, schema: Schema) -> Schema:
        """A field as the rest of the document has it: null among its types, one kind of items, its list."""
        match {key: value for key, value in schema.items() if key != "default"}:
            case {"x-gates": True}:
                return {"$ref": f"{_PREFIX}Gates"}
            case {"$ref": place, **rest}:
                name = place.removeprefix(_PREFIX)
                return {**rest, "$ref": _PREFIX + self.own.get(name, name)}
            case {"x-of": name, **rest}:
                return self.field({**rest, "enum": [*self.lists[name], *([None] if "anyOf" in rest else ())]})
            case {"anyOf": parts, **rest}:
                return rest | _either([self.field(part) for part in parts])
            case {"prefixItems": [first, *_], **rest}:
                return self.field({**rest, "items": first})
            case made:
                bare: Schema = {"array": {"items": {}}, "object": {"additionalProperties": {}}}
                parts = {place: self.field(made[place]) for place in ("items", "additionalProperties") if place in made}
                return {**bare.get(made.get("type", ""), {}), **made, **parts}


def _either(parts: list[Schema]) -> Schema:
    """Kinds of which at most the first one says more than its type."""
    if any("$ref" in part for part in parts):
        return {"anyOf": parts}
    return parts[0] | {"type": [part["type"] for part in parts]}
