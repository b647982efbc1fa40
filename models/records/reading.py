"""Details as they are stored, read by the types of an effect: an older shape is converted here, and nowhere else.

Only the kinds of values are held, not the lengths and rules of an entry: these may have been narrower or wider when it was written.
What an effect does not name is left out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from rules.book.contract.people import PersonRef

T = TypeVar("T")
BLANK_DAY = date.min
"""The day that stands for one that cannot be read."""


class Torn(ValueError):
    """Details lack something, or hold something else than was written."""


@dataclass(frozen=True, slots=True)
class KnownPersons:
    """persons: name, or id of an entry that was merged → the id of the person meant, as far as it is known."""

    persons: Mapping[str, str | None] = field(default_factory=dict)

    def person(self, name: str, id: str | None) -> PersonRef:
        """Whom a record means by a name, or by an id and a name."""
        meant = id or self.persons.get(name)
        return PersonRef(name, self.persons.get(meant, meant) if meant else None)


NOTHING_KNOWN = KnownPersons()


@dataclass(frozen=True, slots=True)
class _How:
    """as_far_as: whether only as far as it can be, and what cannot is blank."""

    known: KnownPersons
    as_far_as: bool = False

    @property
    def exactly(self) -> _How:
        return _How(self.known)


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a value of a type is read. read: the value, and how; blank: what stands for one that cannot."""

    read: Callable[[Any, _How], object]
    blank: object = None


def read(kind: type[T], details: object, known: KnownPersons = NOTHING_KNOWN, *, as_far_as: bool = False) -> T:
    """What details say. Raises Torn; not where they are read only as far as they can be: then what cannot be is blank."""
    return _read(kind, details, _How(known, as_far_as))


def _read(kind: type[T], details: object, how: _How) -> T:
    found, shape = {}, cast(Any, kind)
    for name, of, default in _fields(shape):
        value = _the(Mapping, details).get(name)
        if value is None and default is not MISSING:
            continue
        try:
            found[name] = of.read(value, how)
        except Torn:
            if not how.as_far_as:
                raise
            found[name] = of.blank if default is MISSING else default
    return kind(**found)


@cache
def _fields(kind: Any) -> tuple[tuple[str, _Kind, object], ...]:
    types = get_type_hints(kind, include_extras=True)
    return tuple((one.name, _kind(types[one.name]), one.default) for one in fields(kind))


def _kind(of: Any) -> _Kind:
    origin, args = get_origin(of), get_args(of)
    if origin in (Union, UnionType):
        kinds = [_kind(one) for one in args if one is not NoneType]
        return _Kind(_either(kinds, NoneType in args), None if NoneType in args else kinds[0].blank)
    if origin is tuple:
        return _Kind(_items(_kind(args[0])), ())
    if origin is Mapping:
        values = _kind(args[1])
        return _Kind(
            lambda value, how: {name: values.read(one, how.exactly) for name, one in _the(Mapping, value).items()}, {}
        )
    if origin is Literal:
        return _word(args)
    if origin is Annotated:
        return _kind(args[0])
    if of is PersonRef:
        return _Kind(_person, PersonRef(""))
    if is_dataclass(of):
        row = cast(type[Any], of)
        return _Kind(lambda value, how: _read(row, _the(Mapping, value), how), read(row, {}, as_far_as=True))
    if of is date:
        return _Kind(lambda value, _: _the(date, value), BLANK_DAY)
    if of is object:
        return _Kind(lambda value, _: value)
    return _Kind(lambda value, _: value if type(value) is of else _torn(), of())


def _person(value: Any, how: _How) -> object:
    """A person of the registry, or a name that another system told; up to 0.1.0 a name."""
    if isinstance(value, str):
        return how.known.person(value, None)
    name, id = (_the(Mapping, value).get(part) for part in ("name", "id"))
    return how.known.person(_the(str, name), _the((str, NoneType), id))


def _either(kinds: Sequence[_Kind], optional: bool) -> Callable[[Any, _How], object]:
    def one(value: object, how: _How) -> object:
        if value is None and optional:
            return None
        for kind in kinds[:-1]:
            with contextlib.suppress(Torn):
                return kind.read(value, how.exactly)
        return kinds[-1].read(value, how)

    return one


def _items(of: _Kind) -> Callable[[Any, _How], object]:
    def items(value: object, how: _How) -> object:
        found = []
        for one in _the((list, tuple), value):
            try:
                found.append(of.read(one, how))
            except Torn:
                if not how.as_far_as:
                    raise
        return tuple(found)

    return items


def _word(words: Collection[str]) -> _Kind:
    """A word; what was kept as a number once is the word for it."""

    def word(value: object, _: _How) -> object:
        said = str(value) if type(value) is int else value
        return said if isinstance(said, str) and said in words else _torn()

    return _Kind(word, "")


def _the(kind: Any, value: object) -> Any:
    return value if isinstance(value, kind) else _torn()


def _torn() -> Any:
    raise Torn
