"""What may be done to a matter or in a case, and what is filled in then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Any, get_args

from rules.book.book_file import BookFile, Place
from rules.book.contract.agreement import disagreements, misnamed
from rules.book.contract.asking import Aside
from rules.book.contract.case_effects import AboutPerson
from rules.book.contract.effect import Effect
from rules.book.contract.fields import Field, Kind, OneLine, Part, Plain, Whole, Word
from rules.book.contract.guards import ActorKind

Words = Mapping[str, Mapping[str, str]]
"""List → word → Chinese."""
_PLAIN, _BOUNDED = {plain.value for plain in Plain}, {"text", "whole"}
"""The types that a field may have without a list or a group of the file."""


@dataclass(frozen=True, slots=True)
class Action:
    """What may be done: by whom, in which states, to which state, under which guards, and what is filled in.

    to: None where the state stays; person: whether it is about one person investigated; counts_as: the kind of act when the
    Office's acts are counted; issues: the form that goes out through OA; effect: what its record says; one_of: fields of which one
    at least is filled in; earlier: what older records have and nobody fills in any more, with its Chinese; closed: field → the words of the book, one of which a record must have.
    """

    id: str
    label: str
    provision: str
    actors: tuple[str, ...]
    sources: tuple[str, ...]
    to: str | None
    guards: tuple[str, ...]
    person: bool = False
    counts_as: str | None = None
    issues: str | None = None
    effect: type[Effect] = Effect
    fields: tuple[Field, ...] = ()
    one_of: tuple[str, ...] = ()
    earlier: Mapping[str, str] = field(default_factory=dict)
    closed: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def entered(self) -> bool:
        """Whether it is carried out by an entry of its own."""
        return not issubclass(self.effect, Aside)


class ActionsFile:
    """The actions of a file, with the lists of words and the groups of fields that stand in it.

    effects: what a record may say, by name; guards: what an act may be held against, with what its record says for that; compared:
    whether what is filled in has to agree with what Python makes of it now, which is not asked of a book of the first release.
    """

    def __init__(
        self,
        file: BookFile,
        lists: Words,
        effects: Mapping[str, type[Effect]],
        guards: Mapping[str, type[Effect]],
        *,
        compared: bool,
    ) -> None:
        self.file, self.effects, self.guards = file, effects, guards
        self.compared = compared and any("effect" in row for row in file.data["actions"])
        own = {
            name: MappingProxyType(words if isinstance(words, Mapping) else dict.fromkeys(words, ""))
            for name, words in file.data.get("words", {}).items()
        }
        self.words: Words = MappingProxyType({**lists, **own})
        self.parts: Mapping[str, Any] = file.data.get("parts", {})
        self.within: list[str] = []
        """The groups of fields that are being read, each within the one before it."""
        for name in own.keys() & (lists.keys() | _PLAIN | _BOUNDED):
            raise file.error(("words", name), f"选项“{name}”重复")
        for name in self.parts.keys() & (self.words.keys() | _PLAIN | _BOUNDED):
            raise file.error(("parts", name), f"栏目“{name}”与类型同名")

    def actions(self, provisions: Mapping[str, Any]) -> Mapping[str, Action]:
        """Raises RulebookError for a name that is not known, and where a field and what Python makes of it disagree."""
        found: dict[str, Action] = {}
        for actor in self.file.data["actor_guards"] if self.compared else ():
            self.file.known(("actor_guards", actor), actor, get_args(ActorKind), "办理人身份")
            self.file.known(("actor_guards", actor), actor, self.file.data.get("actors", ()), "actors 中的办理人身份")
        for at, row in enumerate(self.file.data["actions"]):
            self.file.once(("actions", at), row["id"], found, "办理")
            found[row["id"]] = self._action(("actions", at), row, provisions)
        return MappingProxyType(found)

    def _action(self, place: Place, row: Mapping[str, Any], provisions: Mapping[str, Any]) -> Action:
        data, actors = self.file.data, tuple(row.get("actors") or [row["actor"]])
        self.file.known(place, row["provision"], provisions, "条款")
        for state in [*row["from"], *([row["to"]] if row["to"] else [])]:
            self.file.known(place, state, data["states"], "状态")
        for actor in actors:
            self.file.known(place, actor, data["actor_guards"], "办理人身份")
        fields = self._fields(place, row.get("fields", ()))
        for actor in chain.from_iterable(self._fillers(fields)):
            self.file.known(place, actor, actors, "办理人身份")
        for name in row.get("one_of", ()):
            self.file.known(place, name, {one.id for one in fields}, "栏目")
        for name in row.get("earlier", {}).keys() & {one.id for one in fields}:
            raise self.file.error(place, f"{row['id']}.{name}：earlier 中的栏目不再填写")
        effect = self.effects.get(row.get("effect", ""), Effect)
        if self.compared:
            self._agreed(place, row, fields, effect)
        return Action(
            row["id"],
            row["label"],
            row["provision"],
            actors,
            tuple(row["from"]),
            row["to"],
            tuple(row["guards"]),
            row.get("person", False),
            row.get("counts_as"),
            row.get("issues"),
            effect,
            fields,
            tuple(row.get("one_of", ())),
            MappingProxyType(row.get("earlier", {})),
            {
                one.id: frozenset(one.kind.words)
                for one in fields
                if one.id in effect.closed and isinstance(one.kind, Word)
            },
        )

    def _agreed(self, place: Place, row: Mapping[str, Any], fields: Sequence[Field], effect: type[Effect]) -> None:
        """What is filled in, and what is made of it, are the same."""
        if "filled_by" in row:
            raise self.file.error(place, "“filled_by”写在栏目中")
        if "effect" not in row:
            raise self.file.error(place, "缺少字段“effect”")
        self.file.known(place, row["effect"], self.effects, "作用")
        for name, message in (*disagreements(fields, effect), *misnamed(fields, self.effects.values())):
            raise self.file.error(place, f"{row['id']}.{name}：{message}")
        if effect.opens is bool(row["from"]):
            raise self.file.error(
                place, f"{row['id']}：作用 {effect.__name__} {'只能' if effect.opens else '不能'}由第一项办理产生"
            )
        if row.get("person", False) is not issubclass(effect, AboutPerson):
            raise self.file.error(place, f"{row['id']}：person 与作用 {effect.__name__} 不一致")
        if issubclass(effect, Aside):
            return
        actors = row.get("actors") or [row["actor"]]
        for guard in (*row["guards"], *(self.file.data["actor_guards"][actor] for actor in actors)):
            self.file.known(place, guard, self.guards, "限制")
            if not issubclass(effect, self.guards[guard]):
                message = f"{row['id']}：限制“{guard}”所需的是 {self.guards[guard].__name__}，不是 {effect.__name__}"
                raise self.file.error(place, message)

    def _fields(self, place: Place, rows: Sequence[Mapping[str, Any]]) -> tuple[Field, ...]:
        found = tuple(chain.from_iterable(self._row(place, row) for row in rows))
        for at, one in enumerate(found):
            if one.id in {other.id for other in found[:at]}:
                raise self.file.error(place, f"栏目“{one.id}”重复")
        return found

    def _row(self, place: Place, row: Mapping[str, Any]) -> Iterator[Field]:
        if "part" in row:
            yield from self._part(place, row["part"])
            return
        by, kind = row.get("filled_by", ()), self._kind(place, row)
        for word in by if isinstance(by, Mapping) else ():
            self.file.known(place, word, kind.words if isinstance(kind, Word) else (), "选项")
        if isinstance(by, Mapping) and "most" in row:
            raise self.file.error(place, f"{row['id']}：可以有几项的栏目，不能按选项写 filled_by")
        if "hand" in row and kind is not Plain.PERSON:
            raise self.file.error(place, f"{row['id']}：hand 只能写在填写人员的栏目中")
        if row.get("least", 0) > row.get("most", 0):
            raise self.file.error(place, f"{row['id']}：least 大于 most")
        yield Field(
            id=row["id"],
            label=row["label"],
            kind=kind,
            optional=row.get("optional", False),
            most=row.get("most"),
            least=row.get("least", 0),
            each=row.get("each", row["label"]),
            filled_by=() if isinstance(by, Mapping) else tuple(by),
            chosen_by={word: tuple(who) for word, who in by.items()} if isinstance(by, Mapping) else None,
            own="hand" in row,
            only_kept=row.get("only_kept", False),
            remarked=row.get("remarked", False),
        )

    def _kind(self, place: Place, row: Mapping[str, Any]) -> Kind:
        name = row["type"]
        if name == "text":
            return OneLine(row["longest"])
        if name == "whole":
            return Whole(row["up_to"])
        if name in _PLAIN:
            return Plain(name)
        if name in self.parts:
            found = self._part(place, name)
            for one in found:
                if one.filled_by or one.chosen_by or one.remarked or one.own:
                    message = f"{name}.{one.id}：filled_by、hand、remarked 只能写在办理的栏目中"
                    raise self.file.error(("parts", name), message)
            return Part(found)
        self.file.known(place, name, self.words, "类型")
        return Word(name, self.words[name])

    def _part(self, place: Place, name: str) -> tuple[Field, ...]:
        """The fields of a group, or one for each word of a list."""
        self.file.known(place, name, self.parts, "parts 中的栏目")
        if name in self.within:
            raise self.file.error(("parts", name), f"“{name}”包含了自己")
        rows: Any = self.parts[name]
        if isinstance(rows, Mapping):
            self.file.known(("parts", name), rows["words"], self.words, "选项")
            rows = [{**rows, "id": word, "label": label} for word, label in self.words[rows["words"]].items()]
        self.within.append(name)
        found = self._fields(("parts", name), rows)
        self.within.pop()
        return found

    def _fillers(self, fields: Sequence[Field]) -> Iterator[tuple[str, ...]]:
        for one in fields:
            yield one.filled_by
            yield from (one.chosen_by or {}).values()
