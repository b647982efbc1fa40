"""Whose words something is that the team writes down: what the person investigated is said to have stated or signed."""

from __future__ import annotations

from models.case.case import Case
from models.records.record import Actor
from rules.book.contract.case_effects import AboutPerson, Heard, PointRaised, Signed
from rules.book.contract.effect import Effect
from rules.book.contract.people import PersonRef

_NOT_SIGNED = "refuses"


def also_by(effect: Effect, actor: Actor, case: Case) -> tuple[PersonRef, ...]:
    """The person investigated whose own words the team writes down; that they refuse to sign is the team's own.

    What the team adds to a signature of their own is the team's too. Source: art-9.2.1.b, art-9.2.1.d, art-9.2.1.e.
    """
    if actor.kind == "person" or not isinstance(effect, AboutPerson) or effect.person not in case.persons:
        return ()
    person = case.persons[effect.person]
    match effect:
        case Signed(kind=kind):
            was = person.signature
            signed = was is not None and was.own and was.kind == kind
            return () if kind == _NOT_SIGNED or signed else (person.name,)
        case Heard() | PointRaised():
            return (person.name,)
    return ()
