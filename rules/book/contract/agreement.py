"""Whether what is filled in when something is done, and what Python makes of it, are the same: compared both ways."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from rules.book.contract.case_effects import ChosenSlot
from rules.book.contract.effect import OwnHand, Supplied
from rules.book.contract.fields import Field, Kind, OneLine, Part, Plain, Whole, Word
from rules.book.contract.people import PersonRef

_TYPES: Mapping[Kind, Any] = {
    Plain.NOTE: str,
    Plain.PERSON: PersonRef,
    Plain.DAY: date,
    Plain.FLAG: bool,
    Plain.ANSWER: ChosenSlot,
}
Faults = Iterator[tuple[str, str]]
"""The id of a field, and what is wrong with it."""


def disagreements(given: Collection[Field], kind: type) -> Faults:
    """Every field of an action that its effect does not know or knows as something else, and every one that it misses."""
    types, names = _types(kind), {field.id for field in given}
    needed = {one.name for one in fields(kind) if one.default is MISSING}
    for field in given:
        if field.only_kept is (field.id in types):
            yield (
                field.id,
                f"“{field.id}”" + ("不应标明 only_kept" if field.only_kept else f"不是 {kind.__name__} 的内容"),
            )
        elif not field.only_kept:
            of, *told = get_args(types[field.id]) if get_origin(types[field.id]) is Annotated else (types[field.id],)
            if field.own is not (OwnHand in told):
                yield field.id, f"“{field.id}”{'不' if field.own else ''}应标明 hand"
            yield from _of(field, of, needed=field.id in needed)
    for name in sorted(needed - names):
        if Supplied not in get_args(types[name]):
            yield name, f"缺少 {kind.__name__} 所需的“{name}”"


def misnamed(given: Iterable[Field], kinds: Iterable[type]) -> Faults:
    """Every field that is only kept, and is called what Python reads elsewhere, though it is nothing of that type."""
    for field in (one for one in given if one.only_kept):
        known = [types[field.id] for types in map(_types, kinds) if field.id in types]
        if known and all(any(_of(field, of, needed=False)) for of in known):
            yield field.id, f"“{field.id}”在程序中另有含义，须用别的名称"


def _types(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _of(field: Field, of: Any, *, needed: bool = True) -> Faults:
    """Whether the effect takes what may be filled in."""
    choices = get_args(of) if get_origin(of) in (Union, UnionType) else (of,)
    if field.optional and needed and NoneType not in choices:
        yield field.id, f"“{field.id}”可以不填，而程序需要它"
    shapes = [one for one in choices if one is not NoneType]
    if field.most is not None or field.kind is Plain.EVIDENCE:
        shapes = [get_args(one)[0] for one in shapes if get_origin(one) is tuple]
    faults = [list(_single(field, one)) for one in shapes]
    if not shapes or all(faults):
        yield next(iter(faults[0]), (field.id, "")) if faults else (field.id, f"“{field.id}”的类型与程序不一致")


def _single(field: Field, of: Any) -> Faults:
    wrong = field.id, f"“{field.id}”的类型与程序不一致"
    match field.kind:
        case Word(words=words):
            yield from _word(field, words, of)
        case Part(fields=parts) if get_origin(of) is Mapping:
            values = get_args(of)[1]
            for part in parts:
                yield from _of(part, values)
        case Part(fields=parts) if is_dataclass(of) and isinstance(of, type):
            yield from ((f"{field.id}.{name}", told) for name, told in disagreements(parts, of))
        case OneLine() if of is not str:
            yield wrong
        case Whole() if of is not int:
            yield wrong
        case Plain.EVIDENCE:
            if str not in get_args(of):
                yield wrong
        case Plain() as plain if of is not _TYPES[plain]:
            yield wrong
        case Part():
            yield wrong


def _word(field: Field, words: Collection[str], of: Any) -> Faults:
    if get_origin(of) is Literal:
        if set(words) - set(get_args(of)):
            yield field.id, f"“{field.id}”的选项程序不认识：{'、'.join(sorted(set(words) - set(get_args(of))))}"
    elif of is not str:
        yield field.id, f"“{field.id}”的类型与程序不一致"
