"""Whether two records name the same person: what grants needs the one person of the registry, what restricts the mere chance.

A name is for reading. Compared, it only keeps somebody out, and only where a record does not say which person it means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from models.people.names import bare
from rules.book.contract.people import PersonRef


def is_same(one: PersonRef, other: PersonRef) -> bool:
    """Whether both are surely one person, which may grant something. Records that know no registry name each other as they did."""
    return one.id == other.id if one.id or other.id else one.name == other.name


def may_be(one: PersonRef, other: PersonRef) -> bool:
    """Whether both can be one person, which may keep somebody out."""
    return one.id == other.id if one.id and other.id else bare(one.name) == bare(other.name)


def holds(people: Iterable[PersonRef], one: PersonRef) -> bool:
    """Whether a person is surely among these."""
    return any(is_same(one, other) for other in people)


def may_hold(people: Iterable[PersonRef], one: PersonRef) -> bool:
    """Whether a person may be among these."""
    return any(may_be(one, other) for other in people)


def may_meet(some: Iterable[PersonRef], others: Collection[PersonRef]) -> bool:
    """Whether somebody may be among both."""
    return any(may_hold(others, one) for one in some)


def all_held(some: Iterable[PersonRef], others: Collection[PersonRef]) -> bool:
    """Whether each of some is surely among the others."""
    return all(holds(others, one) for one in some)


def distinct(people: Iterable[PersonRef]) -> tuple[PersonRef, ...]:
    """Those of whom none may be another one, the first of each."""
    found: list[PersonRef] = []
    for one in people:
        if not may_hold(found, one):
            found.append(one)
    return tuple(found)


def keys(one: PersonRef) -> frozenset[str]:
    """By what rows that keep somebody out name a person: by id, or by the compared name where it is not known which person."""
    return frozenset({bare(one.name), one.id or bare(one.name)})


def key(one: PersonRef) -> str:
    """By what a row names a person: an id that may grant something, or a compared name that cannot."""
    return one.id or bare(one.name)
