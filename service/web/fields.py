"""Entries as forms: the fields of a form from the schema of an entry, and the data of an entry from a posted form.

A form's field is named by the path that an error of the schema names (``details.persons[0].name``), so that each error
stands at its field. Nothing is chosen in advance but what a page passes as known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from models.schemas.entries import Answer
from models.schemas.fields import Block, Day, Flag, Items, KnownWord, PersonId, StrictField, Text
from models.schemas.finding_fields import EvidenceList
from models.schemas.whole_number import WholeNumber

Options = tuple[tuple[str, str], ...]
"""Values with their words."""
_ROWS, _LISTED = 50, 12
_PARTS = re.compile(r"[、，,；;\n]")
"""What parts several persons who are written in one box."""
_CODED = re.compile(r"[A-Za-z][\w.-]*（((?:[^（）]|（[^（）]*）)+)）", re.ASCII)
_EVIDENCE = Block(
    "证据", dict,
    {
        "attachment": Text("本案或者事项的附件", 36), "ledger_record": Text("台账记录（事项编号#记录序号）", 100),
        "hearing": WholeNumber("谈话记录的序号", 10**6), "reference": Text("其他材料的名称或者编号", 200), "text": Text("说明", 2000),
    },
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """Persons of the registry, by id and in words. chosen: those who are; meant: what was sought, each with whom it may mean."""

    chosen: Options = ()
    meant: Mapping[str, Options] = field(default_factory=dict)


Find = Callable[[Collection[str], Collection[str]], FoundPeople]
"""Of ids and numbers, and of what else is sought."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A field on a page. kind: text, long, day, flag, choice, choices, lines, whole, block, rows, hidden, person or people.

    sought: what was written in the box of persons; meant: of several, by which ids each part of it is answered; missing: the first
    part that nobody of the registry is meant by.
    """

    kind: str
    path: str = ""
    label: str = ""
    required: bool = False
    value: Any = ""
    options: Options = ()
    parts: tuple[Shown, ...] = ()
    rows: tuple[tuple[Shown, ...], ...] = ()
    hint: str = ""
    errors: tuple[str, ...] = ()
    sought: str = ""
    meant: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form is filled with: posted or known values, words for fields by their last name, errors by path, rows added.

    find: how the registry of persons is asked.
    """

    form: MultiDict[str, str] = field(default_factory=MultiDict)
    options: Mapping[str, Options] = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    more: str = ""
    find: Find = lambda given, sought: FoundPeople(meant=dict.fromkeys((*given, *sought), ()))


def shown(path: str, given: StrictField, filled: Filled) -> Shown:
    """A field of a schema as a page shows it, with all that is below it."""
    made = _kind(path, given, filled)
    told = [
        *filled.errors.get(path, ()),
        *(_of_items(path, filled) if made.kind in ("lines", "choices", "people") else ()),
    ]
    errors = tuple(_in_words(one.replace(given.allowed(), _allowed(given, made)), made) for one in told)
    return replace(made, path=path, label=given.label, required=given.required, errors=errors)


def _in_words(said: str, made: Shown) -> str:
    """A message without the codes beside their words, and without that of what was chosen."""
    said = _CODED.sub(r"\1", said)
    for code, words in made.options:
        said = said.replace(f"“{code}”", f"“{words}”")
    return said


def _of_items(path: str, filled: Filled) -> Iterator[str]:
    """What is wrong with single ones of several that stand in one field."""
    yield from (one for name, told in filled.errors.items() if name.startswith(f"{path}[") for one in told)


def _allowed(given: StrictField, made: Shown) -> str:
    """What may stand in a field, in the words that the page shows: codes are for programs."""
    if made.kind in ("choice", "flag"):
        words = [chinese for _, chinese in made.options]
        return f"可以选择：{'、'.join(words)}" if len(words) <= _LISTED else "请从所列各项中选择"
    return given.allowed().replace("应为列表，", "")


def _kind(path: str, given: StrictField, filled: Filled) -> Shown:
    last, value = path.rpartition(".")[2], filled.form.get(path, "")
    if last in filled.options and not isinstance(given, Items):
        return Shown("choice", value=value, options=filled.options[last])
    if isinstance(given, Block):
        return Shown("block", parts=_parts(path, given, filled))
    if isinstance(given, (Items, EvidenceList)):
        return _items_shown(path, given, filled)
    if isinstance(given, PersonId):
        return people(path, filled, many=False)
    if isinstance(given, Flag):
        return Shown("flag", value=value, options=(("true", "是"), ("false", "否")))
    if isinstance(given, KnownWord):
        return Shown("choice", value=value, options=_words(given))
    if isinstance(given, Text) and given.long:
        return Shown("long", value=value)
    return Shown(
        "day" if isinstance(given, Day) else "whole" if isinstance(given, WholeNumber) else "text", value=value
    )


def _items_shown(path: str, given: StrictField, filled: Filled) -> Shown:
    item = given.item if isinstance(given, Items) else _EVIDENCE
    if isinstance(item, Answer):
        asked = enumerate(item.questions.items())
        return Shown("block", parts=tuple(_asked(f"{path}[{at}]", item, *one, filled) for at, one in asked))
    if isinstance(item, Block):
        least = 1 if given.required or (isinstance(given, Items) and given.least) else 0
        count = max(_count(path, filled.form) + (filled.more == path), least)
        return Shown("rows", rows=tuple(_parts(f"{path}[{at}]", item, filled) for at in range(min(count, _ROWS))))
    options = filled.options.get(path.rpartition(".")[2], ())
    if isinstance(item, KnownWord) and not options:
        options = _words(item)
    if options:
        return Shown("choices", value=filled.form.getlist(path), options=options)
    if isinstance(item, PersonId):
        return people(path, filled, many=True)
    return Shown("lines", value=filled.form.get(path, ""), hint="每行一项")


def people(path: str, filled: Filled, *, many: bool) -> Shown:
    """The box in which persons are sought, with those who are chosen and those who are found.

    What was written in it counts as a choice only once the form is sent: an id or a number of somebody is theirs then. Where somebody
    was chosen for it, it is done with when the form comes back, unless it is sought once more; of several, each by itself.
    """
    chosen, again = _chosen(path, filled.form), filled.form.get("find") == path
    written = _parted(filled.form.get(f"{path}:find", "").strip(), many)
    found = filled.find(chosen, written if again else _open(path, filled.form, many=many))
    matches = [match for options in found.meant.values() for match in options]
    return Shown(
        "people" if many else "person",
        path,
        value=[id for id, _ in found.chosen],
        options=tuple(dict((*found.chosen, *matches)).items()),
        sought="、".join(found.meant),
        meant=tuple(_meaning(path, filled.form, found)) if many else (),
        missing=next((part for part, options in found.meant.items() if not options), ""),
    )


def _meaning(path: str, form: MultiDict[str, str], found: FoundPeople) -> Iterator[str]:
    """By whose ids each part of the box is answered: by those who were not chosen yet when it was sought first."""
    before, chosen = _meant(path, form), {id for id, _ in found.chosen}
    for part, options in found.meant.items():
        ids = {id for id, _ in options}
        yield f"{' '.join(sorted(before.get(part) or ids - chosen or ids))}|{part}"


def _meant(path: str, form: MultiDict[str, str]) -> dict[str, set[str]]:
    said = (one.partition("|") for one in form.getlist(f"{path}:meant"))
    return {part.strip(): set(ids.split()) for ids, _, part in said}


def _chosen(path: str, form: MultiDict[str, str]) -> list[str]:
    """Whom a form names under a path: one a line."""
    lines = (line.strip() for text in form.getlist(path) for line in text.splitlines())
    return list(dict.fromkeys(filter(None, lines)))


def _parted(box: str, many: bool) -> list[str]:
    return [one.strip() for one in _PARTS.split(box) if one.strip()] if many else [box] if box else []


def without(form: MultiDict[str, str], path: str) -> str:
    """What stands in a box of several beside the part for which somebody was entered."""
    done = form.get(f"{path}:missing", "").strip()
    return "、".join(part for part in _parted(form.get(f"{path}:find", "").strip(), many=True) if part != done)


def _named(path: str, form: MultiDict[str, str], *, many: bool) -> list[str]:
    """Everybody whom a form names: those chosen, and what stands in the box and nobody was chosen for."""
    return [*_chosen(path, form), *_open(path, form, many=many)]


def _open(path: str, form: MultiDict[str, str], *, many: bool) -> list[str]:
    """What stands in the box and nobody was chosen for."""
    written = _parted(form.get(f"{path}:find", "").strip(), many)
    if not many:
        return [] if _answered(path, form) else written
    meant, chosen = _meant(path, form), set(_chosen(path, form))
    return [part for part in written if not meant.get(part, set()) & chosen]


def _answered(path: str, form: MultiDict[str, str]) -> bool:
    """Whether somebody was chosen, since it was sought, for what stands in the box."""
    since = set(_chosen(path, form)) - set(form.get(f"{path}:had", "").split())
    return bool(since) and form.get(f"{path}:find", "").strip() == form.get(f"{path}:sought", "").strip()


def _asked(path: str, item: Answer, name: str, question: tuple[str, Sequence[str]], filled: Filled) -> Shown:
    """A question of discretion with its options; who leaves it empty does not answer it."""
    words, options = question
    given = replace(filled, options={"choice": tuple((one, one) for one in options)} if options else {})
    parts = (replace(shown(f"{path}.{one}", item.fields[one], given), required=False) for one in ("choice", "reason"))
    named = shown(f"{path}.id", item.fields["id"], filled)
    return Shown(
        "block", path, words, parts=(replace(named, kind="hidden", value=name, errors=()), *parts), errors=named.errors
    )


def _parts(path: str, item: Block, filled: Filled) -> tuple[Shown, ...]:
    return tuple(shown(f"{path}.{name}", one, filled) for name, one in item.fields.items())


def _words(given: KnownWord) -> Options:
    return tuple((word, chinese or word) for word, chinese in given.chinese.items())


def posted(path: str, given: StrictField, form: MultiDict[str, str]) -> Any:
    """What was filled in under a path, as the schema reads it; None where nothing was."""
    if isinstance(given, Block):
        found = _block(path, given, form)
        return found if found or given.required else None
    if isinstance(given, (Items, EvidenceList)):
        return _items(path, given, form)
    if isinstance(given, PersonId):
        named = _named(path, form, many=False)
        return named[0] if len(named) == 1 else named or None
    said = form.get(path, "").replace("\r\n", "\n").strip()
    if not said:
        return None
    if isinstance(given, Flag):
        return {"true": True, "false": False}.get(said, said)
    if isinstance(given, WholeNumber):
        return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else said
    return said


def _block(path: str, given: Block, form: MultiDict[str, str]) -> dict[str, Any]:
    found = {name: posted(f"{path}.{name}", one, form) for name, one in given.fields.items()}
    return {name: value for name, value in found.items() if value is not None}


def _items(path: str, given: StrictField, form: MultiDict[str, str]) -> list[Any] | None:
    item = given.item if isinstance(given, Items) else _EVIDENCE
    if isinstance(item, Block):
        rows = [_block(f"{path}[{at}]", item, form) for at in range(_count(path, form))]
        while rows and not rows[-1]:
            rows.pop()
        return rows or None
    if isinstance(item, PersonId):
        return _named(path, form, many=True) or None
    said: Iterable[str] = form.getlist(path)
    lines = [line.strip() for text in said for line in text.splitlines() if line.strip()]
    return lines or None


def _count(path: str, form: MultiDict[str, str]) -> int:
    """How many rows a form has under a path."""
    begins = f"{path}["
    numbers = [name[len(begins) :].partition("]")[0] for name in form if name.startswith(begins)]
    known = [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 3]
    return min(max(known, default=-1) + 1, _ROWS)
