"""Fields of what people found and of the evidence they rely on, in the words of the rulebook's vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from marshmallow import ValidationError

from models.schemas.errors import shown
from models.schemas.fields import Block, Day, KnownWord, StrictField, Text, kind_of, object_schema, text_fault
from rules.book.rulebook import Rulebook, Vocabulary
from rules.reasoning.facts import FindingFacts

T = TypeVar("T")
LONG = 20_000
"""Characters of a long text."""
EVIDENCE_KEYS = 20
"""Fields of a piece of evidence at most."""


class EvidenceList(StrictField):
    """A text, or a list of texts and of objects of plain values."""

    def allowed(self) -> str:
        return "应为文字，或者由文字、对象组成的列表"

    def json_schema(self) -> dict[str, Any]:
        text, entry = self._text_schema(), self.entry_schema()
        items = {"type": "array", "maxItems": 200, "items": {"anyOf": [text, entry]}}
        return {"title": self.label, "anyOf": [text, entry, items]}

    def _text_schema(self) -> dict[str, Any]:
        return Text(self.label, LONG, long=True).json_schema()

    def entry_schema(self) -> dict[str, Any]:
        """A piece that is an object."""
        number = {"type": "integer", "minimum": 1 - 2**53, "maximum": 2**53 - 1}
        plain = {"anyOf": [self._text_schema(), number, {"type": "boolean"}, {"type": "null"}]}
        keys = {"minLength": 1, "maxLength": 100, "pattern": Text("", 100).metadata["pattern"]}
        count = {"minProperties": 1, "maxProperties": EVIDENCE_KEYS}
        return {"type": "object", "propertyNames": keys, "additionalProperties": plain, **count}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Any, ...]:
        items = value if type(value) is list else [value]
        if len(items) > 200:
            raise ValidationError(f"“{self.label}”最多200项")
        return tuple(self._one(item) for item in items)

    def _one(self, item: Any) -> Any:
        if type(item) is str:
            fault = text_fault(item, LONG, long=True)
            if fault:
                raise ValidationError(f"“{self.label}”{fault}")
            return item
        if type(item) is not dict or not item or len(item) > EVIDENCE_KEYS:
            raise ValidationError(f"“{self.label}”{self.allowed()}，对象至多{EVIDENCE_KEYS}个字段，现为{kind_of(item)}")
        for key, value in item.items():
            plain = type(value) is bool or value is None or (type(value) is int and abs(value) < 2**53)
            fault = text_fault(value, LONG, long=True) if type(value) is str else None
            if fault is None and type(value) is not str and not plain:
                fault = "只能是文字、整数或者真假值"
            fault = fault or text_fault(key, 100, long=False)
            if fault:
                raise ValidationError(f"“{self.label}”的字段“{shown(key)}”{fault}")
        return item


class FindingField(StrictField):
    """A status (English or Chinese), or an object with status, evidence, found_by, found_on and note."""

    def __init__(self, label: str, vocabulary: Vocabulary) -> None:
        super().__init__(label)
        self.status = KnownWord(label, vocabulary.enumerations["status"], labels_too=True, required=True)
        self.block = Block(
            label,
            FindingFacts,
            {
                "status": self.status,
                "evidence": EvidenceList("证据"),
                "found_by": Text("认定人", 200, nullable=True),
                "found_on": Day("认定日期", nullable=True),
                "note": Text("说明", LONG, long=True, nullable=True),
            },
        )

    def allowed(self) -> str:
        return self.status.allowed()

    def json_schema(self) -> dict[str, Any]:
        return {"title": self.label, "anyOf": [self.status.json_schema(), {"$ref": "#/components/schemas/Finding"}]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> FindingFacts:
        if type(value) is dict:
            found: FindingFacts = self.block.deserialize(value)
            return found
        return FindingFacts(self.status.deserialize(value))


class FindingsField(StrictField):
    """Groups of the vocabulary, each with its elements."""

    def __init__(self, book: Rulebook) -> None:
        super().__init__("认定", nullable=True, null_means=dict)
        self.book = book
        self.groups = {
            group.id: {element: FindingField(label, book.vocabulary) for element, label in group.elements.items()}
            for group in book.vocabulary.groups.values()
        }

    def allowed(self) -> str:
        return "应为对象：条款（或者 条款/情形）→ 要素 → 认定"

    def json_schema(self) -> dict[str, Any]:
        groups = {
            name: object_schema(self.book.provisions[self.book.vocabulary.groups[name].provision].citation, elements)
            for name, elements in self.groups.items()
        }
        kind = {"type": ["object", "null"], "additionalProperties": False}
        return {"title": self.label, **kind, "properties": groups}

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[str, dict[str, FindingFacts]]:
        if type(value) is not dict:
            raise self.refuse(value)
        return _each(value, self._group)

    def _group(self, name: str, elements: Any) -> dict[str, FindingFacts]:
        known = self.groups.get(name)
        if known is None:
            raise ValidationError(_unknown_group(name, self.groups, self.book))
        if type(elements) is not dict:
            raise ValidationError(f"应为对象：要素 → 认定；可用的要素：{'、'.join(known)}")
        return _each(elements, partial(_element, known))


def _element(known: Mapping[str, FindingField], name: str, value: Any) -> FindingFacts:
    if name not in known:
        raise ValidationError(f"词汇表中没有这个要素；可用：{'、'.join(known)}")
    found: FindingFacts = known[name].deserialize(value)
    return found


def _each(given: Mapping[str, Any], read: Callable[[str, Any], T]) -> dict[str, T]:
    """Every value as it is read. Raises ValidationError with every fault, each under its name."""
    found: dict[str, T] = {}
    faults: dict[str, Any] = {}
    for name, value in given.items():
        try:
            found[name] = read(name, value)
        except ValidationError as error:
            faults[name] = error.messages
    if faults:
        raise ValidationError(faults)
    return found


def _unknown_group(name: str, groups: Mapping[str, Any], book: Rulebook) -> str:
    rule = book.rules.get(name)
    if rule is not None and name not in groups and not any(group.startswith(f"{name}/") for group in groups):
        return f"{book.provisions[rule.provision].citation}由系统按 matter.acts 计次，不在此处认定"
    alternatives = [group for group in groups if group.startswith(f"{name}/")]
    if alternatives:
        return f"请写明其中哪一种：{'、'.join(alternatives)}"
    what = "本条款没有可认定的要素" if name in book.provisions else "没有这个条款"
    return f"{what}；可用：{'、'.join(groups)}"


class EvidenceField(StrictField):
    """Evidence by ``group.element``, ``group``, harm, role, conduct or unfit_for_post."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__("证据", nullable=True, null_means=dict)
        elements = [f"{group.id}.{element}" for group in vocabulary.groups.values() for element in group.elements]
        self.keys = {"harm", "role", "conduct", "unfit_for_post", *vocabulary.groups, *elements}
        self.example = elements[0]
        self.item = EvidenceList("证据")

    def allowed(self) -> str:
        return f"应为对象：要素（如 {self.example}）→ 证据"

    def json_schema(self) -> dict[str, Any]:
        item = {"$ref": "#/components/schemas/Evidence"}
        kind = {"type": ["object", "null"], "additionalProperties": item}
        return {"title": self.label, **kind, "propertyNames": {"enum": sorted(self.keys)}}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, tuple[Any, ...]]:
        if type(value) is not dict:
            raise self.refuse(value)
        return _each(value, self._one)

    def _one(self, key: str, item: Any) -> tuple[Any, ...]:
        if key not in self.keys:
            raise ValidationError("词汇表中没有这个要素；应写作“条款.要素”，或者 harm、role、conduct、unfit_for_post")
        found: tuple[Any, ...] = self.item.deserialize(item)
        return found
