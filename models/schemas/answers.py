"""What is answered, as components of the OpenAPI document: derived from its types, with the lists of the rulebook filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from models.schemas.interface import Health, Problem, ProvisionRow, RulebookRow
from rules.answer import Recommendation
from rules.latitude_answer import Admissible
from rules.ledger_answer import MatterCase
from rules.loading import load_rulebook
from rules.rulebook import Rulebook

Schema = dict[str, Any]
Lists = Mapping[str, Iterable[str]]
_ANSWERS = (Recommendation, Admissible, MatterCase, RulebookRow, ProvisionRow, Health, Problem)
_PREFIX = "#/components/schemas/"
_RECEIPT, _LEDGER = "id", "ledger"


def answer_schemas() -> dict[str, Schema]:
    """Component → its schema."""
    book = load_rulebook()
    _, found = msgspec.json.schema_components(_ANSWERS, ref_template=f"{_PREFIX}{{name}}")
    made = {_named(name): _component(schema, _lists(book)) for name, schema in found.items()}
    whole = made["Recommendation"]
    variants = {
        "Recommendation": _varied(whole, without=(_RECEIPT, _LEDGER)),
        "MatterRecommendation": _varied(whole, without=(_RECEIPT,), always=(_LEDGER,)),
        "StoredRecommendation": _varied(whole, always=(_RECEIPT,)),
        "RulebookUsed": _varied(made["RulebookUsed"], without=("draft",)),
        "Admissible": _varied(made["Admissible"], without=("case",), always=("receipt",)),
    }
    return made | variants | {"Gates": _gates(book)}


def _lists(book: Rulebook) -> Lists:
    space = book.latitude
    return {
        **book.vocabulary.enumerations,
        "measure": book.ladder,
        "kind": [kind.id for kind in space.kinds],
        "effect": [effect.id for effect in space.effects],
        "slot": [choice.id for choice, _ in book.discretion],
        "work": space.work,
        "state": space.state_labels,
    }


def _named(name: str) -> str:
    """What is answered about a person is called a person there, where no other one is known."""
    return name.removeprefix("Answered")


def _component(schema: Schema, lists: Lists) -> Schema:
    fields = {name: _field(field, lists) for name, field in schema["properties"].items()}
    return _object(fields, schema["required"])


def _object(fields: Schema, required: Iterable[str]) -> Schema:
    needed = {"required": sorted(required)} if required else {}
    return {"type": "object", "properties": fields, **needed, "additionalProperties": False}


def _varied(schema: Schema, *, without: Iterable[str] = (), always: Iterable[str] = ()) -> Schema:
    """The same for one way in which it is answered."""
    fields = {name: field for name, field in schema["properties"].items() if name not in without}
    return _object(fields, {*schema["required"], *always})


def _gates(book: Rulebook) -> Schema:
    status = {"type": "string", "enum": list(book.vocabulary.enumerations["status"])}
    fields = {rule.id.removeprefix("gate."): {**status, "title": rule.label} for rule in book.of_kind("gate")}
    return _object(fields, fields)


def _field(schema: Schema, lists: Lists) -> Schema:
    """A field as the rest of the document has it: null among its types, one kind of items, its list."""
    match schema:
        case {"x-gates": True}:
            return {"$ref": f"{_PREFIX}Gates"}
        case {"$ref": place}:
            return {**schema, "$ref": _PREFIX + _named(place.removeprefix(_PREFIX))}
        case {"anyOf": parts, **rest}:
            return rest | _either([_field(part, lists) for part in parts])
        case {"x-of": name, **rest}:
            return _field({**rest, "enum": list(lists[name])}, lists)
        case {"prefixItems": [first, *_], **rest}:
            return _field({**rest, "items": first}, lists)
    made = {key: value for key, value in schema.items() if key != "default"}
    for place in ("items", "additionalProperties"):
        if place in made:
            made[place] = _field(made[place], lists)
    bare: Schema = {"array": {"items": {}}, "object": {"additionalProperties": {}}}
    return {**bare.get(made.get("type", ""), {}), **made}


def _either(parts: list[Schema]) -> Schema:
    """Kinds of which at most the first one says more than its type."""
    if any("$ref" in part for part in parts):
        return {"anyOf": parts}
    return parts[0] | {"type": [part["type"] for part in parts]}
