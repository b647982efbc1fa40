"""The smallest sets of changes (findings, readings) that alter what may be done: each works, no part of it does.

The generalisation of ``rules.reasoning.flips`` from one change to several: two grounds of exemption have to fall before none is left.
Exact: changes that alter by themselves are told first and left out; the others are combined part after part, and of the sets
that come to the same state only those are kept that contain no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

from rules.latitude.admissible import Space
from rules.latitude.components import Assignment, Component
from rules.latitude.residual import Part, Second, State


@dataclass(frozen=True, eq=False, slots=True)
class Move:
    """One part turned to another value. ways: the smallest changes that do it, any one of which will do.

    through: what the part comes to when only some of the changes of a way are made, the value that it has now included.
    """

    component: Component
    to: Part
    through: frozenset[Part]
    ways: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Alteration:
    moves: tuple[Move, ...]
    space: Space


def alterations(second: Second, start: State, parts: tuple[Component, ...]) -> tuple[Alteration, ...]:
    """Every smallest set of changes after which other results are admitted (or can be told) than now."""
    search = _Search(second, start, parts)
    single, rest = [], []
    for moves in (_moves(component) for component in parts):
        alone = [move for move in moves if search.alters({move.component: move.to})]
        single += [(move,) for move in alone]
        rest.append([move for move in moves if move not in alone])
    found: list[tuple[Move, ...]] = []
    for each in sorted([*single, *search.combined(rest)], key=len):
        if not any(set(less) <= set(each) for less in found) and search.smallest(each):
            found.append(each)
    return tuple(Alteration(moves, search.space({move.component: move.to for move in moves})) for moves in found)


class _Search:
    def __init__(self, second: Second, start: State, parts: tuple[Component, ...]) -> None:
        self.second, self.start, self.parts = second, start, parts
        self.before = self.space({})

    def space(self, moved: dict[Component, Part]) -> Space:
        state = self.start
        for component in self.parts:
            state = self.second.advance(state, moved.get(component, component.now))
        assert isinstance(state, Space)
        return state

    def alters(self, moved: dict[Component, Part]) -> bool:
        return differs(self.space(moved), self.before)

    def combined(self, moves: list[list[Move]]) -> list[tuple[Move, ...]]:
        """Sets of two and more moves that alter; of those that come to the same state, the ones that contain no other."""
        layer: dict[State, list[tuple[Move, ...]]] = {self.start: [()]}
        for component, own in zip(self.parts, moves, strict=True):
            following: dict[State, list[tuple[Move, ...]]] = {}
            for state, sets in layer.items():
                _add(following, self.second.advance(state, component.now), sets)
                for move in own:
                    made = self.second.advance(state, move.to)
                    _add(following, made, [(*chosen, move) for chosen in sets])
            layer = following
        return [
            chosen
            for state, sets in layer.items()
            if isinstance(state, Space) and differs(state, self.before)
            for chosen in sets
        ]

    def smallest(self, moves: tuple[Move, ...]) -> bool:
        """Whether no part of the changes alters: whatever only some of them bring each part to."""
        whole = tuple(move.to for move in moves)
        steps = [(move.to, *move.through) for move in moves]
        return not any(
            self.alters({move.component: to for move, to in zip(moves, reached, strict=True)})
            for reached in product(*steps)
            if reached != whole
        )


def differs(one: Space, other: Space) -> bool:
    return (one.admitted, one.undetermined) != (other.admitted, other.undetermined)


def _add(layer: dict[State, list[tuple[Move, ...]]], state: State, sets: list[tuple[Move, ...]]) -> None:
    known = layer.setdefault(state, [])
    for chosen in sets:
        members = set(chosen)
        if not any(members.issuperset(other) for other in known):
            known[:] = [other for other in known if not members.issubset(other)]
            known.append(chosen)


def _moves(component: Component) -> list[Move]:
    """Every other value that a part can be turned to, with the smallest changes, by what these pass through."""
    reached: dict[tuple[Any, ...], Part] = {
        chosen: component.part(dict(component.named(chosen))) for chosen in component.assignments()
    }
    found: dict[tuple[Part, frozenset[Part]], list[Assignment]] = {}
    for chosen, to in reached.items():
        partly = frozenset(reached[less] for less in _less(chosen))
        if to != component.now and to not in partly:
            found.setdefault((to, partly), []).append(component.named(chosen))
    return [Move(component, to, through, tuple(ways)) for (to, through), ways in found.items()]


def _less(chosen: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """The choices that make only some of these changes, or none."""
    rows = product(*((None,) if to is None else (None, to) for to in chosen))
    return [row for row in rows if row != chosen]
