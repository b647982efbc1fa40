"""What may be done whatever the open findings turn out to be, and the smallest sets of findings that would decide.

Exact, without going through the 2 to the n completions: each part (``rules.latitude.components``) is reduced to what it can come to, and
the parts are combined one after the other over states of the second stage (``rules.latitude.residual``), of which there are few.
States that come to the same are one. Bound: parts × states × what a part can come to; the measured sizes stand in the manual.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rules.latitude.admissible import Result, Space
from rules.latitude.components import Assignment, Component
from rules.latitude.residual import Part, Second, State


@dataclass(frozen=True, slots=True)
class PartFinding:
    """What one part has to be found to be. ways: the smallest assignments of its facts, any one of which will do."""

    component: Component
    comes_to: frozenset[Part]
    ways: tuple[Assignment, ...]

    @property
    def size(self) -> int:
        return len(self.ways[0])


@dataclass(frozen=True, slots=True)
class Deciding:
    """Findings which, together, leave one space whatever else turns out, and nothing that contradicts itself; none can be left out."""

    findings: tuple[PartFinding, ...]
    space: Space

    @property
    def size(self) -> int:
        return sum(finding.size for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Uncertain:
    """robust, possible: admitted in all, in some of the completions that do not contradict themselves. spaces: what these lead to.

    contradictory: whether some completion contradicts itself.
    """

    robust: frozenset[Result]
    possible: frozenset[Result]
    spaces: frozenset[Space]
    contradictory: bool
    deciding: tuple[Deciding, ...]


def under_uncertainty(second: Second, start: State, parts: tuple[Component, ...]) -> Uncertain:
    """start: the state with all that is fixed put in."""
    options = [_known(component) for component in parts]
    spaces = {state for state in _reached(second, start, options) if isinstance(state, Space)}
    consistent = frozenset(space for space in spaces if space.state != "blocked")
    admitted = [space.admitted for space in consistent]
    robust = frozenset.intersection(*admitted) if admitted else frozenset()
    held_open = frozenset[Result]().union(*(space.admitted | space.undetermined for space in consistent))
    deciding = _deciding(second, start, options) if len(spaces) > 1 else ()
    return Uncertain(robust, held_open - robust, consistent, len(consistent) < len(spaces), deciding)


def _known(component: Component) -> tuple[PartFinding, ...]:
    """What a part comes to under every choice of found facts, each with its smallest ways; leaving all open comes first."""
    comes_to: dict[tuple[Any, ...], frozenset[Part]] = {}
    ways: dict[frozenset[Part], list[tuple[Any, ...]]] = {}
    for chosen in sorted(component.assignments(), key=lambda row: row.count(None)):
        comes_to[chosen] = _completed(component, chosen, comes_to)
    for chosen in sorted(comes_to, key=lambda row: -row.count(None)):
        found = ways.setdefault(comes_to[chosen], [])
        if not any(_within(smaller, chosen) for smaller in found):
            found.append(chosen)
    return tuple(
        PartFinding(
            component, parts, tuple(component.named(row) for row in rows if row.count(None) == rows[0].count(None))
        )
        for parts, rows in ways.items()
    )


def _completed(
    component: Component, chosen: tuple[Any, ...], known: Mapping[tuple[Any, ...], frozenset[Part]]
) -> frozenset[Part]:
    if None not in chosen:
        return frozenset([component.part(dict(component.named(chosen)))])
    place = chosen.index(None)
    fuller = ((*chosen[:place], to, *chosen[place + 1 :]) for to in component.facts[place].to)
    return frozenset[Part]().union(*(known[row] for row in fuller))


def _within(smaller: tuple[Any, ...], larger: tuple[Any, ...]) -> bool:
    return all(one is None or one == other for one, other in zip(smaller, larger, strict=True))


def _reached(second: Second, start: State, options: Iterable[tuple[PartFinding, ...]]) -> set[State]:
    states = {start}
    for findings in options:
        states = {second.advance(state, part) for state in states for part in findings[0].comes_to}
    return states


def _deciding(second: Second, start: State, options: list[tuple[PartFinding, ...]]) -> tuple[Deciding, ...]:
    """For each space that can be decided, its smallest sets of findings."""
    layer: dict[frozenset[State], tuple[int, list[tuple[PartFinding, ...]]]] = {frozenset([start]): (0, [()])}
    for findings in options:
        following: dict[frozenset[State], tuple[int, list[tuple[PartFinding, ...]]]] = {}
        for states, (size, chosen) in layer.items():
            for finding in findings:
                made = frozenset(second.advance(state, part) for state in states for part in finding.comes_to)
                if _divided(made):
                    continue
                wider = [(*some, finding) if finding.size else some for some in chosen]
                _keep(following, made, size + finding.size, wider)
        layer = following
    found = [
        Deciding(findings, space)
        for states, (_, chosen) in layer.items()
        for space in states
        if isinstance(space, Space) and space.state != "blocked"
        for findings in chosen
    ]
    least: dict[Space, int] = {}
    for each in found:
        least[each.space] = min(each.size, least.get(each.space, each.size))
    return tuple(each for each in found if each.size == least[each.space])


def _divided(states: frozenset[State]) -> bool:
    """Whether two different spaces are certain to remain: then nothing found afterwards decides."""
    return sum(isinstance(state, Space) for state in states) > 1


def _keep(
    layer: dict[frozenset[State], tuple[int, list[tuple[PartFinding, ...]]]],
    states: frozenset[State],
    size: int,
    chosen: list[tuple[PartFinding, ...]],
) -> None:
    known = layer.get(states)
    if known is None or size < known[0]:
        layer[states] = (size, chosen)
    elif size == known[0]:
        known[1].extend(chosen)
