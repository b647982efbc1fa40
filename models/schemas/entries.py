"""What is written into the ledger and into a case, action by action: the schemas of what the rulebook asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import Any

from models.records.record import Actor
from models.schemas.case_evidence import CaseEvidence
from models.schemas.errors import CaseFileError, FieldError, load
from models.schemas.fields import Block, Day, Flag, Items, KnownWord, PersonId, StrictField, Text, listing
from models.schemas.whole_number import WholeNumber
from rules.book.actions import Action
from rules.book.contract import fields as asked
from rules.book.contract.fields import Field, Plain
from rules.book.rulebook import Rulebook

_LONG = 20_000
PAPERS = Items("所依据的纸面材料", Text("附件编号", 36), 20, nullable=True, null_means=tuple)
"""What shows that whoever is said to have done it did it: attachments of the matter or case, there before the entry."""
LATE_REASON = Text("补录理由（办理日期早于今天的必须填写）", _LONG, long=True, nullable=True)
"""Why it was not entered when it was done."""


class Answer(Block):
    """The answer to a question of discretion: one of its options, where it has options. What decides is the book's word on each.

    questions: id → the question, and its options.
    """

    def __init__(self, book: Rulebook) -> None:
        self.questions: Mapping[str, tuple[str, Sequence[str]]] = {
            choice.id: (str(row["question"]), tuple(row["options"])) for choice, row in book.discretion
        }
        questions = {name: words for name, (words, _) in self.questions.items()}
        fields = {
            "id": KnownWord("裁量事项", questions, required=True),
            "choice": Text("选择", 500, required=True),
            "reason": Text("理由", _LONG, long=True, required=True),
        }
        super().__init__("裁量", dict, fields)

    def json_schema(self) -> dict[str, Any]:
        closed = [
            {"properties": {"id": {"const": name}, **({"choice": {"enum": list(options)}} if options else {})}}
            for name, (_, options) in self.questions.items()
        ]
        return {**super().json_schema(), "oneOf": closed}


class Entries:
    """The entries of the actions of a ledger, or of a procedure. named: what its components are called in the interface."""

    def __init__(self, book: Rulebook, actions: Mapping[str, Action], actors: Mapping[str, str], named: str) -> None:
        self.book, self.actors, self.named = book, actors, named
        self.actions = {name: action for name, action in actions.items() if action.entered}
        self.fields = {
            name: {one.id: self._field(one) for one in action.fields} for name, action in self.actions.items()
        }
        """Action → what is filled in."""
        self._actor = Block(
            "办理人",
            Actor,
            {
                "name": PersonId("姓名", required=True),
                "kind": KnownWord("身份", actors, required=True),
                "unit": Text("所在单位", 200, nullable=True),
            },
            required=True,
        )
        self.blocks = {name: self._entry(action, self.fields[name]) for name, action in self.actions.items()}
        """Action → the shape of its entry."""
        self.opening = frozenset(name for name, action in self.actions.items() if not action.sources)
        """The actions that begin something."""

    def _entry(self, action: Action, details: Mapping[str, StrictField]) -> Block:
        block = Block(action.label, dict, details, required=True)
        entry = {"on": Day("办理日期", required=True), "actor": self._actor, "details": block}
        bound = {} if not action.sources else {"papers": PAPERS}
        return Block("办理", dict, {**entry, **bound, "late_reason": LATE_REASON})

    def _field(self, one: Field) -> StrictField:
        options = {"required": not one.optional, "nullable": one.optional}
        if one.most is not None:
            item = self._single(one.each, one, {})
            return Items(one.label, item, one.most, least=one.least, **options)
        return self._single(one.label, one, options)

    def _single(self, label: str, one: Field, options: Mapping[str, Any]) -> StrictField:
        match one.kind:
            case Plain.NOTE:
                return Text(label, _LONG, long=True, **options)
            case Plain.PERSON:
                return PersonId(label, **options)
            case Plain.DAY:
                return Day(label, **options)
            case Plain.FLAG:
                return Flag(label, **options)
            case Plain.EVIDENCE:
                return CaseEvidence(label)
            case Plain.ANSWER:
                return Answer(self.book)
            case asked.OneLine(longest=longest):
                return Text(label, longest, **options)
            case asked.Whole(up_to=most):
                return WholeNumber(label, most, **options)
            case asked.Word(words=words):
                return KnownWord(label, words, **options)
            case asked.Part(fields=parts):
                return Block(label, dict, {part.id: self._field(part) for part in parts}, **options)

    def fields_of(self, action: str, *kinds: str) -> dict[str, StrictField]:
        """The fields of an action that actors of these kinds fill; the label says who, where not all of them do."""
        return {
            one.id: self._said(one, self._narrowed(one, self.fields[action][one.id], kinds), kinds)
            for one in self.actions[action].fields
            if set(kinds) & set(one.filled_by or kinds)
        }

    def _narrowed(self, one: Field, field: StrictField, kinds: tuple[str, ...]) -> StrictField:
        """The field with the words that one of them may choose."""
        if not (one.chosen_by and isinstance(field, KnownWord)):
            return field
        words = {word: told for word, told in field.chinese.items() if set(kinds) & set(one.chosen_by.get(word, kinds))}
        return KnownWord(field.label, words, required=field.required, nullable=field.allow_none)

    def _said(self, one: Field, field: StrictField, kinds: tuple[str, ...]) -> StrictField:
        if not one.filled_by or set(kinds) <= set(one.filled_by):
            return field
        found = copy(field)
        found.label = f"{field.label}（只由{self._names_of(one.filled_by)}填写）"
        return found

    def _names_of(self, kinds: tuple[str, ...]) -> str:
        return "、".join(self.actors[kind] for kind in kinds)

    def block(self, action: str, kinds: tuple[str, ...]) -> Block:
        """The entry as it is offered to actors of these kinds."""
        return self._entry(self.actions[action], self.fields_of(action, *kinds))

    def schemas(self) -> dict[str, dict[str, Any]]:
        """The entries as JSON Schema, by component name."""
        return {f"{self.named}.{action}": self._schema(action) for action in self.actions}

    def _schema(self, name: str) -> dict[str, Any]:
        """What each kind of actor fills: where one of them does not fill everything, by the kind."""
        action, found = self.actions[name], self.blocks[name].json_schema()
        narrowed = [
            {
                "if": {"properties": {"actor": {"properties": {"kind": {"const": kind}}}}},
                "then": {"properties": {"details": self.block(name, (kind,)).fields["details"].json_schema()}},
            }
            for kind in action.actors
            if not all(_fills(one, kind) for one in action.fields)
        ]
        return {**found, "allOf": narrowed} if narrowed else found

    def load(self, action: str, data: Any) -> dict[str, Any]:
        """on, actor and details of an entry, and what stands beside them. Raises CaseFileError with every fault at once; KeyError for an unknown action."""
        loaded: dict[str, Any] = load(self.blocks[action], data)
        details = loaded["details"]
        said = {
            one.id: details[one.id] for one in self.actions[action].fields if not one.only_kept and one.id in details
        }
        faults = [
            *self._value_faults(said),
            *_repeated(said),
            *self.others_fields(action, loaded["actor"].kind, details),
            *self._empty(action, details),
        ]
        if faults:
            raise CaseFileError(faults)
        return loaded

    def _empty(self, action: str, details: Mapping[str, Any]) -> Iterator[FieldError]:
        """Of some fields, one at least is filled in."""
        names = self.actions[action].one_of
        if names and all(details.get(name) is None for name in names):
            labels = "、".join(self.fields[action][name].label for name in names)
            yield FieldError("details", f"至少写明一项：{labels}")

    def _value_faults(self, details: Mapping[str, Any]) -> Iterator[FieldError]:
        """A value has to be one of those that its element may have."""
        rows = [("details.value", details)] if "element" in details else []
        rows += [(f"details.accepting[{at}].value", row) for at, row in enumerate(details.get("accepting") or ())]
        for path, row in rows:
            words = self.book.proceedings.elements.get(row["element"], {})
            if row["value"] not in words:
                yield FieldError(path, f"“认定”只能取：{listing(words)}；现为“{row['value']}”")

    def others_fields(self, action: str, kind: str, details: Mapping[str, Any]) -> Iterator[FieldError]:
        """Nobody fills what is for somebody else to say. details: also of a stored record, where a word may be no text."""
        for one in self.actions[action].fields:
            word = details.get(one.id)
            if word is None or (one.chosen_by and type(word) is not str):
                continue
            if _fills(one, kind, *([word] if one.chosen_by else [])):
                continue
            field, who = self.fields[action][one.id], one.filled_by or (one.chosen_by or {})[word]
            said = "填写" if one.filled_by or not isinstance(field, KnownWord) else f"选择“{field.chinese[word]}”"
            fault = f"“{one.label}”只能由{self._names_of(who)}{said}，{self.actors[kind]}不得代填"
            yield FieldError(f"details.{one.id}", fault)


def _fills(one: Field, kind: str, *words: Any) -> bool:
    """Whether an actor fills a field, and all of it, or chooses these words."""
    chosen = one.chosen_by or {}
    return kind in (one.filled_by or (kind,)) and all(kind in chosen.get(word, (kind,)) for word in words or chosen)


@lru_cache(8)
def matter_entries(book: Rulebook) -> Entries:
    """What is written into the ledger."""
    return Entries(book, book.ledger.actions, book.ledger.actors, "Entry")


@lru_cache(8)
def case_entries(book: Rulebook) -> Entries:
    """What is written into an accountability case. Source: art-9."""
    return Entries(book, book.proceedings.actions, book.proceedings.actors, "CaseEntry")


def _repeated(details: Mapping[str, Any]) -> Iterator[FieldError]:
    made = [(f"details.decisions[{at}]", row) for at, row in enumerate(details.get("decisions") or ())]
    for path, row in [*made, ("details.decision", details.get("decision") or {})]:
        measures = row.get("measures") or ()
        if len(set(measures)) < len(measures):
            yield FieldError(f"{path}.measures", "同一问责方式只能写一次")
    for name in ("persons", "decisions"):
        key = "id" if name == "persons" else "person"
        seen: set[str] = set()
        for at, row in enumerate(details.get(name) or ()):
            if row[key] in seen:
                yield FieldError(f"details.{name}[{at}].{key}", "编号重复")
            seen.add(row[key])
