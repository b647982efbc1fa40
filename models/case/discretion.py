"""The guards of the committee's review: who decides, and that every choice has a reason. Source: art-8.2, art-8.3, art-9.2.2.d."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from models.case.request import CaseRequest, Check
from models.people.identity import distinct, may_meet
from models.records.signs import says
from rules.book.contract.case_effects import (
    AboutPerson,
    AppealReviewed,
    Decided,
    OfMeeting,
    Outcome,
    PersonOutcome,
    Reviewed,
)
from rules.book.contract.people import PersonRef
from rules.book.logic import leaves
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson

_FAVOURED = ("从轻", "减轻")
_NOT_PUNISHED = ("not_held", "exempted", "no_situation")


def decisions(request: CaseRequest) -> tuple[PersonOutcome, ...]:
    """The decisions that the committee's record makes: one for each person, or the one of a review or correction."""
    match request.effect:
        case Decided() as made:
            return made.decisions
        case Reviewed(decision=Outcome() as changed) as review:
            return (PersonOutcome(**vars(changed), person=review.person),)
    return ()


def _evaluated(request: CaseRequest) -> Iterator[tuple[PersonOutcome, AnsweredPerson | None]]:
    """Each decision with what was recommended about the person."""
    return ((decision, request.evaluations.get(decision.person)) for decision in decisions(request))


def attending(request: CaseRequest) -> tuple[tuple[PersonRef, ...], tuple[PersonRef, ...]]:
    """Who was at the meeting, and who stayed away from it for a conflict of interest."""
    meeting = request.of(OfMeeting).meeting
    return meeting.attendance, meeting.recused


def _not_involved(request: CaseRequest) -> bool:
    there, away = attending(request)
    apart = (*away, *(member.name for member in request.case.team))
    return not may_meet(there, apart) and not any(map(request.involved, there))


def _meeting_recorded(request: CaseRequest) -> bool:
    """Attendance, a vote that those there can have cast and that carried, a day that has come, after what the meeting is about."""
    meeting, since = request.of(OfMeeting).meeting, _since(request)
    votes = meeting.votes
    return (
        bool(meeting.attendance)
        and all(number >= 0 for number in votes.values())
        and 0 < sum(votes.values()) <= len(distinct(meeting.attendance))
        and votes.get("for", 0) > votes.get("against", 0)
        and meeting.held_on <= request.on
        and (since is None or meeting.held_on >= since)
    )


def _since(request: CaseRequest) -> date | None:
    """The day of what a meeting is about: the submission, the appeal that it reviews, the decision that it corrects."""
    if not isinstance(request.effect, AboutPerson):
        return request.case.submitted_on
    appeal, decision = request.person.pending_appeal, request.person.decision
    if isinstance(request.effect, AppealReviewed):
        return appeal.on if appeal is not None else None
    return decision.decided_on if decision is not None else None


def wanted_slots(decision: Outcome, evaluation: AnsweredPerson | None, book: Rulebook) -> Iterator[str]:
    """The questions of discretion that a decision has to answer: those of the recommendation that bear on what it does.

    Whoever is held accountable without a recommendation to that effect is owed an answer to each that nothing conditions, and to
    each whose items were established.
    """
    measures = decision.measures
    held = decision.outcome == "held"
    needs = {choice.id: row["measure"] for choice, row in book.discretion if "measure" in row}
    asked = [slot.slot for slot in evaluation.discretion] if evaluation else []
    if held and not (evaluation and evaluation.outcome == "accountable"):
        asked += [
            choice.id
            for choice, row in book.discretion
            if not list(leaves(choice.when))
            or row.get("measure") in measures
            or (evaluation and evaluation.holds(choice.id))
        ]
    for name in dict.fromkeys(asked):
        if name == "exemption" or (held and (name not in needs or needs[name] in measures)):
            yield name


def _reasoned(request: CaseRequest) -> bool:
    """Every question has a choice and a reason, and whatever ends without accountability has one as well."""
    return not any(without_measure(one) or unreasoned(one, made, request.book) for one, made in _evaluated(request))


def without_measure(decision: Outcome) -> bool:
    """Whether somebody is held accountable by nothing."""
    return decision.outcome == "held" and not decision.measures


def unreasoned(decision: Outcome, evaluation: AnsweredPerson | None, book: Rulebook) -> set[str]:
    """The questions that a decision has to answer and does not answer with a choice and a reason."""
    slots = {slot.id: slot for slot in decision.slots}
    full = {name for name, slot in slots.items() if says(slot.choice) and says(slot.reason)}
    ending = {"exemption"} if decision.outcome in _NOT_PUNISHED else set()
    return {*wanted_slots(decision, evaluation, book), *ending} - full


def departs(decision: Outcome, evaluation: AnsweredPerson | None, ladder: list[str]) -> bool:
    """Whether a decision lies outside what the recommendation holds open."""
    outcome, measures = decision.outcome, list(decision.measures)
    if outcome in ("not_held", "exempted"):
        return evaluation is None or not evaluation.holds("exemption")
    accountable = evaluation is not None and evaluation.outcome == "accountable"
    if outcome == "no_situation":
        return accountable
    slots = {slot.id: slot.choice for slot in decision.slots}
    favoured = slots.get("mitigation") in _FAVOURED
    if evaluation is None or not accountable or not set(measures) <= set(ladder):
        return True
    bounds = evaluation.range_if_discretion if favoured else evaluation.range_mandatory
    if bounds is None:
        return True
    lo, hi = (ladder.index(bound) for bound in bounds)
    return not all(lo <= ladder.index(measure) <= hi for measure in measures)


def _departures(request: CaseRequest) -> bool:
    ladder = list(request.book.ladder)
    return not any(departs_unreasoned(decision, evaluation, ladder) for decision, evaluation in _evaluated(request))


def departs_unreasoned(decision: Outcome, evaluation: AnsweredPerson | None, ladder: list[str]) -> bool:
    """Whether a decision lies outside what the recommendation holds open, without saying why."""
    return not says(decision.departure) and departs(decision, evaluation, ladder)


def _referral(request: CaseRequest) -> bool:
    """Discipline is never among the measures, and nobody is referred who is not held accountable.

    A non-member's referral says what takes its place, one that no recommendation gives a ground for says its own.
    """
    ladder = set(request.book.ladder)
    for decision, evaluation in _evaluated(request):
        if not set(decision.measures) <= ladder:
            return False
        person = request.case.persons.get(decision.person)  # who is unknown is refused by another guard
        grounded = evaluation is not None and evaluation.discipline_track != "not_triggered"
        noted = says(decision.referral_note)
        if decision.referral and decision.outcome != "held":
            return False
        if decision.referral and person is not None and not noted and not (person.party_member and grounded):
            return False
    return True


def _organisational(request: CaseRequest) -> bool:
    """Organisational measures are open only where the law's two conditions were found: then they are the base range."""
    measure = "organisational_measure"
    return not any(
        measure in decision.measures and measure not in ((evaluation and evaluation.base) or ())
        for decision, evaluation in _evaluated(request)
    )


def _every_person(request: CaseRequest) -> bool:
    named = [decision.person for decision in decisions(request)]
    return sorted(named) == sorted(request.case.persons)


DISCRETION_GUARDS: Mapping[str, Check] = {
    "only_committee_decides": lambda request: request.actor.kind == "committee",
    "meeting_recorded": _meeting_recorded,
    "deciders_not_involved": _not_involved,
    "every_person_decided": _every_person,
    "discretion_reasoned": _reasoned,
    "departure_reasoned": _departures,
    "organisational_conditions": _organisational,
    "discipline_by_referral": _referral,
}
"""Guard id → whether the request keeps it."""
