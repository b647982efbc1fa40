"""Who takes no part in a case, who is asked not to, and who is competent to say so.

The regulation is silent. By analogy to the law on sanctions whoever leads the inquiry decides on those who work in it, and nobody on
themselves: the approver on the team, the Office and the departments, another leader on the approver, the committee on its members
and its secretary. Source: art-9.0, art-9.1.a, art-9.2.2.d; reading A-21.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from models.people.identity import is_same
from models.records.record import Actor
from rules.book.contract import case_effects as effects
from rules.book.contract.case_effects import Capacity
from rules.book.contract.effect import Effect
from rules.book.contract.people import PersonRef

CAPACITIES: Mapping[str, Capacity] = {
    "leader": "approver",
    "team": "team",
    "committee": "committee",
    "office": "office",
    "organisation": "department",
    "personnel": "department",
}
"""As what somebody acts → as what they have a hand in the case; of several, the first comes before the others."""


@dataclass(frozen=True, slots=True)
class Recusal:
    """That somebody takes no part. capacity: as what they had a hand, None where the record does not say so; since: the record."""

    ground: str
    capacity: Capacity | None
    since: int


@dataclass(frozen=True, slots=True)
class Recusals:
    """proposed: number of the record → the proposal on which nobody has decided; standing: who takes no part."""

    proposed: Mapping[str, effects.RecusalProposed] = field(default_factory=dict)
    standing: Mapping[PersonRef, Recusal] = field(default_factory=dict)

    def after(self, number: int, effect: Effect | None, actor: Actor) -> Recusals:
        """With one more record. A recusal stands until it is lifted, and what was proposed for the same person has its answer."""
        match effect:
            case effects.RecusalProposed():
                return replace(self, proposed={**self.proposed, f"{number}": effect})
            case effects.Recused(name=name, ground=ground):
                own = CAPACITIES.get(actor.kind) if is_same(name, actor.person) else None
                return self._recused(name, Recusal(ground, own, number))
            case effects.RecusalDecided(proposal=proposal, granted=granted) if proposal in self.proposed:
                asked = self.proposed[proposal]
                if granted:
                    return self._recused(asked.name, Recusal(asked.ground, asked.capacity, number))
                return replace(self, proposed={at: one for at, one in self.proposed.items() if at != proposal})
            case effects.RecusalLifted(name=name):
                return replace(
                    self, standing={one: gone for one, gone in self.standing.items() if not is_same(one, name)}
                )
        return self

    def _recused(self, name: PersonRef, made: Recusal) -> Recusals:
        since = self.standing[name].since if name in self.standing else made.since
        return Recusals(
            {at: one for at, one in self.proposed.items() if not is_same(one.name, name)},
            {**self.standing, name: replace(made, since=since)},
        )

    def of(self, name: PersonRef) -> Recusal | None:
        """The recusal of somebody, surely of them."""
        return next((gone for one, gone in self.standing.items() if is_same(one, name)), None)
