"""The guards of recusal: who is asked to take no part, who decides on that, and who lifts it.

The regulation is silent; by analogy to the law on sanctions nobody decides on themselves, and who decides follows from the hand that
somebody has in the case: the approver decides on the team, the Office and the departments, another leader on the approver, the
committee on its members and its secretary. Source: art-9.0, art-9.1.a, art-9.2.2.d; reading A-21.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.case.case import Case
from models.case.recusal import CAPACITIES
from models.case.request import CaseRequest, Check
from models.people.identity import holds, is_same, may_be, may_hold
from rules.book.contract import case_effects as effects
from rules.book.contract.case_effects import Capacity
from rules.book.contract.effect import Effect
from rules.book.contract.people import PersonRef


def hands_of(case: Case, who: PersonRef) -> tuple[Capacity, ...]:
    """As what somebody may have a hand in a case, as far as its records tell; whoever approved it last is that before all else."""
    if case.approver is not None and may_be(case.approver, who):
        return ("approver",)
    found = {CAPACITIES.get(record.actor.kind) for record in case.records if may_be(record.actor.person, who)}
    if may_hold((member.name for member in case.team), who):
        found.add("team")
    if case.meeting is not None and may_hold(case.meeting.attendance, who):
        found.add("committee")
    return tuple(one for one in dict.fromkeys(CAPACITIES.values()) if one in found)


def decider_of(case: Case, effect: Effect) -> str | None:
    """As what whoever decides on a proposal, or lifts a recusal, has to act; None where there is neither."""
    about = _about(case, effect)
    if about is None:
        return None
    return "committee" if about[1] == "committee" else "leader"


def _about(case: Case, effect: Effect) -> tuple[PersonRef, Capacity] | None:
    """On whom it is decided, and as what they have a hand: as it was proposed, else as the records tell."""
    match effect:
        case effects.RecusalDecided(proposal=proposal) if proposal in case.recusals.proposed:
            asked = case.recusals.proposed[proposal]
            return asked.name, asked.capacity
        case effects.RecusalLifted(name=name) if (gone := case.recusals.of(name)) is not None:
            hands: tuple[Capacity, ...] = (*hands_of(case, name), "office")
            return name, gone.capacity or hands[0]
    return None


def _competent(request: CaseRequest) -> bool:
    """Whether whoever decides may: in nobody's place, and with no part in it themselves."""
    about, actor = _about(request.case, request.effect or Effect()), request.actor
    if about is None:
        return True  # told by another guard
    who, capacity = about
    if may_be(who, actor.person) or request.involved(actor.person):
        return False
    match capacity:
        case "committee":
            return actor.kind == "committee"
        case "approver":
            return actor.kind == "leader"
        case "team" | "office" | "department":
            return actor.kind == "leader" and _approves(request)


def _approves(request: CaseRequest) -> bool:
    """Whether a leader is one who may approve: whoever did, and those who are configured for it (A-20)."""
    case, able = request.case, request.approvers
    if case.approval_stands and case.approver is not None:
        able = frozenset({*(able or ()), case.approver})
    return able is None or holds(able, request.actor.person)


def _grounded(request: CaseRequest) -> bool:
    """On a ground of the book, of somebody who is not investigated themselves, in the hand that they have."""
    asked = request.of(effects.OnGround)
    hands = hands_of(request.case, asked.name)
    fits = not isinstance(asked, effects.RecusalProposed) or not hands or asked.capacity in hands
    accused = any(is_same(person.name, asked.name) for person in request.case.persons.values())
    return asked.ground in request.procedure.words["recusal_grounds"] and fits and not accused


RECUSAL_GUARDS: Mapping[str, Check] = {
    "recusal_grounded": _grounded,
    "recuses_oneself": lambda request: is_same(request.of(effects.OfRecused).name, request.actor.person),
    "not_recused": lambda request: not holds(request.case.recused, request.of(effects.OfRecused).name),
    "recusal_stands": lambda request: holds(request.case.recused, request.of(effects.OfRecused).name),
    "recusal_proposed": lambda request: request.of(effects.RecusalDecided).proposal in request.case.recusals.proposed,
    "competent_in_recusal": _competent,
}
"""Guard id → whether the request keeps it."""
