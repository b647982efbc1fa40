"""Details as they are stored, read by the types of an effect: an older shape is converted here, and nowhere else.

Only the kinds of values are held, not the lengths and rules of an entry: these may have been narrower or wider when it was written.
What an effect does not name is left out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
BLANK_DAY = date.min
"""The day that stands for one that cannot be read."""


class Torn(ValueError):
    """Details lack something, or hold something else than was written."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a value of a type is read. read: the value, and whether only as far as it can be; blank: what stands for one that cannot."""

    read: Callable[[Any, bool], object]
    blank: object = None


def read(kind: type[T], details: object, *, as_far_as: bool = False) -> T:
    """What details say. Raises Torn; not where they are read only as far as they can be: then what cannot be is blank."""
    found, shape = {}, cast(Any, kind)
    for name, of, default in _fields(shape):
        value = _the(Mapping, details).get(name)
        if value is None and default is not MISSING:
            continue
        try:
            found[name] = of.read(value, as_far_as)
        except Torn:
            if not as_far_as:
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
        return _Kind(lambda value, _: {name: values.read(one, False) for name, one in _the(Mapping, value).items()}, {})
    if origin is Literal:
        return _word(args)
    if origin is Annotated:
        return _kind(args[0])
    if is_dataclass(of):
        row = cast(type[Any], of)
        return _Kind(
            lambda value, as_far_as: read(row, _the(Mapping, value), as_far_as=as_far_as), read(row, {}, as_far_as=True)
        )
    if of is date:
        return _Kind(lambda value, _: _the(date, value), BLANK_DAY)
    if of is object:
        return _Kind(lambda value, _: value)
    return _Kind(lambda value, _: value if type(value) is of else _torn(), of())


def _either(kinds: Sequence[_Kind], optional: bool) -> Callable[[Any, bool], object]:
    def one(value: object, as_far_as: bool) -> object:
        if value is None and optional:
            return None
        for kind in kinds[:-1]:
            with contextlib.suppress(Torn):
                return kind.read(value, False)
        return kinds[-1].read(value, as_far_as)

    return one


def _items(of: _Kind) -> Callable[[Any, bool], object]:
    def items(value: object, as_far_as: bool) -> object:
        found = []
        for one in _the((list, tuple), value):
            try:
                found.append(of.read(one, as_far_as))
            except Torn:
                if not as_far_as:
                    raise
        return tuple(found)

    return items


def _word(words: Collection[str]) -> _Kind:
    """A word; what was kept as a number once is the word for it."""

    def word(value: object, _: bool) -> object:
        said = str(value) if type(value) is int else value
        return said if isinstance(said, str) and said in words else _torn()

    return _Kind(word, "")


def _the(kind: Any, value: object) -> Any:
    return value if isinstance(value, kind) else _torn()


def _torn() -> Any:
    raise Torn
