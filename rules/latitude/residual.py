"""The second stage, looked at a part of the record at a time: what is still to be answered once some fields are known.

A state keeps the conditions of outcome and law with the known fields put in, and nothing that no longer matters; records that
come to the same answers come to the same state. Aggregates (any situation, any exemption …) are written out over their rules.
Held against the engine by a property test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from rules.book.logic import ESTABLISHED, OPEN, REFUTED, All, AnyOf, Condition, Leaf, OneOf, folded, negate
from rules.book.rulebook import Rulebook
from rules.latitude.admissible import Judge, Position, Space

Part = tuple[tuple[str, str], ...]
"""Known fields of the record of stage two, with ``role`` beside them."""
_Name = TypeVar("_Name", str, int)
TRUE: Condition = All(())
FALSE: Condition = AnyOf(())


@dataclass(frozen=True, eq=False, slots=True)
class Pending:
    """What is not answered yet. outcomes, laws: in their order, each with what remains of its condition.

    harm, role: None until known. Equal ones of one ``Second`` are the same object: they are looked up often.
    """

    outcomes: tuple[tuple[str, Condition], ...]
    laws: tuple[tuple[int, Condition], ...]
    available: Condition
    waiting: Condition
    mitigated: Condition
    aggravated: Condition
    harm: str | None = None
    role: str | None = None


State = Pending | Space


class Second:
    """The second stage of one rulebook, to be asked a part at a time. It remembers every state: make one for each question."""

    def __init__(self, judge: Judge) -> None:
        self.book, self.judge = judge.book, judge
        self._same: dict[tuple[object, ...], Pending] = {}
        self._after: dict[tuple[State, Part], State] = {}
        words = _Written(self.book)
        self.start: State = Pending(
            outcomes=tuple((choice.id, words.out(choice.when)) for choice in self.book.outcomes),
            laws=tuple((place, words.out(choice.when)) for place, (choice, _, _) in enumerate(self.book.law_ranges)),
            available=words.any_of("exempt", ESTABLISHED),
            waiting=words.any_of("exempt", OPEN),
            mitigated=words.any_of("mitigate", ESTABLISHED),
            aggravated=words.any_of("aggravate", ESTABLISHED),
        )

    def advance(self, state: State, part: Part) -> State:
        """The state after some more fields are known; a space once nothing more can alter it."""
        if isinstance(state, Space):
            return state
        known = self._after.get((state, part))
        if known is None:
            known = self._after[state, part] = self._advance(state, part)
        return known

    def _kept(self, state: Pending) -> Pending:
        key = tuple(getattr(state, name) for name in Pending.__slots__)
        return self._same.setdefault(key, state)

    def _advance(self, state: Pending, part: Part) -> State:
        known = dict(part)
        outcomes = _first(tuple((name, reduced(when, known)) for name, when in state.outcomes))
        states = self.book.latitude.states
        if outcomes and outcomes[0][1] == TRUE and states[outcomes[0][0]] != "ranged":
            return self.judge.space(Position(outcomes[0][0]))
        if not any(states[name] == "ranged" for name, _ in outcomes):  # nothing else is asked any more
            return self._kept(Pending(outcomes, (), FALSE, FALSE, FALSE, FALSE, "", ""))
        laws = _first(tuple((place, reduced(when, known)) for place, when in state.laws))
        gathered = (state.available, state.waiting, state.mitigated, state.aggravated)
        available, waiting, mitigated, aggravated = (reduced(when, known) for when in gathered)
        harm, role = known.get("harm", state.harm), known.get("role", state.role)
        made = Pending(outcomes, laws, available, waiting, mitigated, aggravated, harm, role)
        return self._answered(made) or self._kept(made)

    def _answered(self, state: Pending) -> Space | None:
        asked = (state.outcomes[0][1], state.mitigated, state.aggravated, state.available)
        if state.harm is None or state.role is None or not all(condition in (TRUE, FALSE) for condition in asked):
            return None
        if state.available == FALSE and state.waiting not in (TRUE, FALSE):
            return None
        if state.laws and state.laws[0][1] != TRUE:
            return None
        law = self.book.law_ranges[state.laws[0][0]] if state.laws else None
        known = state.harm != "unknown"
        base = None if not known else (law[1], law[2]) if law else self.book.policy[state.harm, state.role]
        exemption = "available" if state.available == TRUE else "pending" if state.waiting == TRUE else "none"
        by_law, moved = known and law is not None, (state.mitigated == TRUE, state.aggravated == TRUE)
        return self.judge.space(Position(state.outcomes[0][0], exemption, base, by_law, *moved))


def _first(choices: tuple[tuple[_Name, Condition], ...]) -> tuple[tuple[_Name, Condition], ...]:
    """Choices that can still be the first to hold: without those that cannot hold, and without what follows one that does."""
    kept = []
    for name, when in choices:
        if when != FALSE:
            kept.append((name, when))
        if when == TRUE:
            break
    return tuple(kept)


def reduced(condition: Condition, known: Mapping[str, str]) -> Condition:
    """The condition with the known fields put in."""
    match condition:
        case OneOf(name, values, negated):
            if name not in known:
                return condition
            return TRUE if (known[name] in values) is not negated else FALSE
        case All(parts):
            return _joined(parts, known, neutral=TRUE, decisive=FALSE)
        case AnyOf(parts):
            return _joined(parts, known, neutral=FALSE, decisive=TRUE)
        case _:
            return condition


def _joined(
    parts: tuple[Condition, ...], known: Mapping[str, str], *, neutral: Condition, decisive: Condition
) -> Condition:
    left = tuple(dict.fromkeys(found for found in (reduced(part, known) for part in parts) if found != neutral))
    if decisive in left:
        return decisive
    return left[0] if len(left) == 1 else All(left) if neutral == TRUE else AnyOf(left)


class _Written:
    """Conditions with the aggregates of stage two written out over the rules that they gather."""

    def __init__(self, book: Rulebook) -> None:
        self.rules = {kind: [rule.id for rule in book.of_kind(kind)] for kind in ("exempt", "mitigate", "aggravate")}
        people = book.vocabulary.people_only
        self.rules["situation"] = [rule.id for rule in book.of_kind("situation") if rule.id not in people]

    def any_of(self, kind: str, status: str) -> Condition:
        return AnyOf(tuple(OneOf(rule, (status,)) for rule in self.rules[kind]))

    def none_of(self, kind: str, *statuses: str) -> Condition:
        return All(tuple(OneOf(rule, statuses, negated=True) for rule in self.rules[kind]))

    def out(self, condition: Condition) -> Condition:
        return folded(condition, self._leaf, lambda parts: All(tuple(parts)), lambda parts: AnyOf(tuple(parts)))

    def _leaf(self, leaf: Leaf) -> Condition:
        if leaf.name not in _AGGREGATES or not isinstance(leaf, OneOf):
            return leaf
        kind, named = _AGGREGATES[leaf.name]
        written = AnyOf(tuple(self._aggregate(kind, named[str(value)]) for value in leaf.values))
        return negate(written) if leaf.negated else written

    def _aggregate(self, kind: str, status: str) -> Condition:
        """established: any is; open: none is established, and one is open; refuted: neither."""
        if status == ESTABLISHED:
            return self.any_of(kind, ESTABLISHED)
        if status == OPEN:
            return All((self.none_of(kind, ESTABLISHED), self.any_of(kind, OPEN)))
        return self.none_of(kind, ESTABLISHED) if status == _NOT else self.none_of(kind, ESTABLISHED, OPEN)


_NOT = "not established"
_AGGREGATES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "situation": ("situation", {ESTABLISHED: ESTABLISHED, OPEN: OPEN, REFUTED: REFUTED}),
    "exemption": ("exempt", {"available": ESTABLISHED, "pending": OPEN, "none": REFUTED}),
    "mitigated": ("mitigate", {"yes": ESTABLISHED, "no": _NOT}),
    "aggravated": ("aggravate", {"yes": ESTABLISHED, "no": _NOT}),
}
