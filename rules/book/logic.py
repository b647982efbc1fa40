"""Condition trees of the rulebook, in Kleene's three-valued logic.

A condition over findings is compiled to *two* plain conditions over the same leaves: ``holds`` (the provision is
established) and ``may_hold`` (it is not refuted). With NOT pushed to the leaves this is Kleene's logic exactly:
established = holds, refuted = not may_hold, open = otherwise. Both halves are then translated to the engine's
conditions and, independently of the engine, to Python: the reference against which every evaluation is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, TypeVar

Status = Literal["established", "open", "refuted"]
ESTABLISHED: Status = "established"
OPEN: Status = "open"
REFUTED: Status = "refuted"

Value = str | int | bool
Record = Mapping[str, Value]
Values = tuple[Value, ...]
Term = TypeVar("Term")


@dataclass(frozen=True, slots=True)
class Element:
    """Leaf: a three-valued element; ``expected`` is the truth value that makes the leaf true."""

    name: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Leaf: a counted field has at least ``number`` (included; reading A-08)."""

    name: str
    number: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """Leaf: an enumerated field has one of these values (two-valued; used on the derived record)."""

    name: str
    values: tuple[Value, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


Leaf = Element | AtLeast | OneOf
Condition = Leaf | All | AnyOf


def negate(condition: Condition) -> Condition:
    """The negation, with NOT pushed down to the leaves (De Morgan)."""
    return folded(
        condition,
        lambda leaf: replace(leaf, negated=not leaf.negated),
        every=lambda parts: AnyOf(tuple(parts)),
        some=lambda parts: All(tuple(parts)),
    )


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every leaf, in the order written."""
    if isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from leaves(part)
    else:
        yield condition


def fields(conditions: Iterable[Condition]) -> tuple[str, ...]:
    """The names of all fields read, each once, in the order of first use."""
    return tuple(dict.fromkeys(leaf.name for condition in conditions for leaf in leaves(condition)))


def folded(
    condition: Condition,
    leaf: Callable[[Leaf], Term],
    every: Callable[[list[Term]], Term],
    some: Callable[[list[Term]], Term],
) -> Term:
    """The condition in another language: its leaves by ``leaf``, AND by ``every``, OR by ``some``."""
    match condition:
        case All(parts):
            return every([folded(part, leaf, every, some) for part in parts])
        case AnyOf(parts):
            return some([folded(part, leaf, every, some) for part in parts])
        case _:
            return leaf(condition)


def kleene(condition: Condition, record: Record) -> Status:
    """The value of a condition by definition, leaf by leaf: the slow and obvious way, for tests and for explanation."""

    def found(leaf: Leaf) -> Status:
        match leaf:
            case Element(name, negated):
                value: Status = record[name]  # type: ignore[assignment]
                return _OPPOSITE[value] if negated else value
            case AtLeast(name, number, negated):
                return ESTABLISHED if (int(record[name]) >= number) is not negated else REFUTED
            case OneOf(name, values, negated):
                return ESTABLISHED if (record[name] in values) is not negated else REFUTED

    every = partial(min, key=_RANK.__getitem__, default=ESTABLISHED)
    return folded(condition, found, every, partial(max, key=_RANK.__getitem__, default=REFUTED))


_RANK: dict[Status, int] = {REFUTED: 0, OPEN: 1, ESTABLISHED: 2}
_OPPOSITE: dict[Status, Status] = {REFUTED: ESTABLISHED, OPEN: OPEN, ESTABLISHED: REFUTED}


# --- translation to the engine ----------------------------------------------------------------------------------

EngineCondition = dict[str, Any]


def to_engine(condition: Condition, *, may: bool, places: Mapping[str, int]) -> EngineCondition:
    """The condition in the engine's JSON form: ``holds`` or, with ``may``, ``may hold``.

    places: the number of each field; the engine knows a field as ``f`` and its number.
    """

    def asked(leaf: Leaf) -> EngineCondition:
        field = f"f{places[leaf.name]}"
        match leaf:
            case Element(_, negated):
                sought, excluded = (REFUTED, ESTABLISHED) if negated else (ESTABLISHED, REFUTED)
                return {"$neq": {field: excluded}} if may else {field: sought}
            case AtLeast(_, number, negated):
                return {"$lt" if negated else "$gte": {field: number}}
            case OneOf(_, values, True):
                return _engine_group("$and", [{"$neq": {field: value}} for value in values])
            case OneOf(_, values):
                return _engine_group("$or", [{field: value} for value in values])

    return folded(condition, asked, partial(_engine_group, "$and"), partial(_engine_group, "$or"))


def _engine_group(operator: str, parts: list[EngineCondition]) -> EngineCondition:
    return parts[0] if len(parts) == 1 else {operator: parts}


# --- translation to Python --------------------------------------------------------------------------------------


def to_python(condition: Condition, *, may: bool, places: Mapping[str, int] | None = None) -> str:
    """The condition as a Python expression over ``r``, the record. Names and values are quoted, never pasted.

    places: where each field stands, if ``r`` is a tuple of values.
    """

    def asked(leaf: Leaf) -> str:
        at = f"r[{(leaf.name if places is None else places[leaf.name])!r}]"
        match leaf:
            case Element(_, negated):
                sought, excluded = (REFUTED, ESTABLISHED) if negated else (ESTABLISHED, REFUTED)
                return f"{at} != {excluded!r}" if may else f"{at} == {sought!r}"
            case AtLeast(_, number, negated):
                return f"{at} {'<' if negated else '>='} {number!r}"
            case OneOf(_, values, negated):
                return f"{at} {'not in' if negated else 'in'} {values!r}"

    return folded(
        condition,
        asked,
        every=lambda parts: f"({' and '.join(parts) or 'True'})",
        some=lambda parts: f"({' or '.join(parts) or 'False'})",
    )


def three_valued(condition: Condition) -> Callable[[Record], Status]:
    """A condition over findings as a Python function that answers established, open or refuted."""
    source = (
        f"{ESTABLISHED!r} if {to_python(condition, may=False)} "
        f"else ({OPEN!r} if {to_python(condition, may=True)} else {REFUTED!r})"
    )
    compiled: Callable[[Record], Status] = _compiled(source)
    return compiled


def all_numbers(rules: Iterable[tuple[Condition, bool]], places: Mapping[str, int]) -> Callable[[Values], list[str]]:
    """One Python function over the values that lists, in order, the numbers of the rules ``(condition, may)`` that hold.

    The numbers are texts, as the engine names its rules.
    """
    parts = ", ".join(
        f"({str(number)!r} if {to_python(condition, may=may, places=places)} else None)"
        for number, (condition, may) in enumerate(rules)
    )
    compiled: Callable[[Values], list[str]] = _compiled(f"[n for n in ({parts},) if n is not None]")
    return compiled


def _compiled(expression: str) -> Any:
    # The expression is built above from quoted names and values of a validated rulebook; there is no other input.
    return eval(f"lambda r: {expression}", {"__builtins__": {}})
