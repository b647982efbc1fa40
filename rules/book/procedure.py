"""The accountability procedure as immutable data: actions, duties after a decision, the check-up of procedure. Source: art-9."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.book.actions import Action
from rules.book.contract.effect import Effect


@dataclass(frozen=True, slots=True)
class ConsequenceRule:
    """What an action brings about, and how it is unwound when the decision falls. by: who unwinds it."""

    id: str
    of: str
    label: str
    provision: str
    by: str


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """The action that fulfils a duty, and what its record says then."""

    action: str
    says: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Awaits:
    """What a case waits for; what is not named here may be done, but nothing waits for it.

    onward: state → the actions that carry the case on; met_by: guard → the actions by which it comes to be kept; done_by: tracked
    duty → the action that fulfils it; on_proposal: the one that decides on a recusal that is proposed.
    """

    onward: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    met_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    done_by: Mapping[str, Fulfilment] = field(default_factory=dict)
    on_proposal: str | None = None


@dataclass(frozen=True, slots=True)
class Proceedings:
    """The accountability procedure. words: list → word → Chinese (recusal grounds are analogous to law, not of the
    regulation); actors: who acts → Chinese; elements: element that can be found → the values it may have."""

    states: Mapping[str, str]
    actions: Mapping[str, Action]
    actor_guards: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    consequences: Mapping[str, ConsequenceRule]
    actors: Mapping[str, str]
    elements: Mapping[str, Mapping[str, str]]
    awaits: Awaits = Awaits()

    def states_for(self, effect: type[Effect]) -> frozenset[str]:
        """The states in which something with this effect may be done."""
        return frozenset(
            state for one in self.actions.values() if issubclass(one.effect, effect) for state in one.sources
        )

    def states_towards(self, effect: type[Effect]) -> frozenset[str]:
        """Those, and every state from which one comes to them."""
        found: frozenset[str] = frozenset()
        before = self.states_for(effect)
        while before:
            found |= before
            before = frozenset(s for one in self.actions.values() if one.to in found for s in one.sources) - found
        return found


@dataclass(frozen=True, slots=True)
class TrackedDuty:
    """What is followed up after a decision on a person.

    source: law, superior, policy or unconfirmed, of the deadline where there is one. due: from which day, and months or
    workdays. soft: the deadline only reminds. when_measure: only where this measure was taken.
    """

    id: str
    provision: str
    who: str
    what: str
    source: str
    due: Mapping[str, Any] | None = None
    when_measure: str | None = None
    reading: str | None = None
    soft: bool = False

    @property
    def period(self) -> Mapping[str, int]:
        """How long there is: so many months, or workdays; empty without a deadline."""
        return {unit: number for unit, number in (self.due or {}).items() if unit != "from"}


@dataclass(frozen=True, slots=True)
class CheckupDuty:
    """A duty of procedure as it is checked. stage: by which stage it must be there; once_decided: the grade of a fault after the
    decision; reminder: the tracked duty whose days say when a lack is told; remedy, beyond: what to do where it can, and cannot,
    be made up."""

    id: str
    provision: str
    label: str
    stage: str
    once_decided: str
    person: bool
    remedy: str
    beyond: str | None = None
    reminder: str | None = None


@dataclass(frozen=True, slots=True)
class Checkup:
    """The check-up of procedure. grades: grade → Chinese; stages in their order."""

    grades: Mapping[str, str]
    stages: tuple[str, ...]
    duties: Mapping[str, CheckupDuty]
