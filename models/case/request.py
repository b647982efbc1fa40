"""An action asked for in a case, with what its guards have to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.case.case import Case
from models.case.parts import Person
from models.people.identity import may_hold
from models.records.record import Actor, E
from rules.book.contract.case_effects import AboutPerson
from rules.book.contract.effect import Effect
from rules.book.contract.people import PersonRef
from rules.book.procedure import Proceedings
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """On a local day, by somebody, with its details.

    approvers: the leaders configured as competent to approve, as far as the registry knows them; None where none is configured
    (A-20).
    evaluations: person → their part of the recommendation that their last evaluation gave; effect: what the details say, read by
    ``act``.
    """

    case: Case
    details: Mapping[str, Any]
    actor: Actor
    on: date
    book: Rulebook
    approvers: frozenset[PersonRef] | None = None
    evaluations: Mapping[str, AnsweredPerson] = field(default_factory=dict)
    effect: Effect | None = None

    @property
    def procedure(self) -> Proceedings:
        return self.book.proceedings

    @property
    def person(self) -> Person:
        """The person that the action is about."""
        return self.case.persons[self.of(AboutPerson).person]

    def of(self, kind: type[E]) -> E:
        """What the details say, where a guard is for what says something of this kind."""
        assert isinstance(self.effect, kind)
        return self.effect

    def involved(self, who: PersonRef) -> bool:
        """Whether somebody is investigated or recused, also from the committee's meeting that decided."""
        away = self.case.meeting.recused if self.case.meeting is not None else ()
        persons = (person.name for person in self.case.persons.values())
        return may_hold((*away, *self.case.recused, *persons), who)


Check = Callable[[CaseRequest], bool]
"""Whether a request keeps a guard."""
