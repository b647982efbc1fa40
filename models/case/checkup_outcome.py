"""Checking deliberation and what follows the decision by the records. Source: art-9.2.2.d – art-9.4, art-8.3."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial

from models.case.checkup_inquiry import Seen, judged
from models.case.discretion import wanted_slots, without_measure
from models.case.outcome import MEASURE_OF
from models.case.trail import Event, Trail
from models.people.identity import distinct, may_meet
from models.records.signs import says
from rules.book.contract import case_effects as effects
from rules.book.contract.effect import Effect
from rules.book.contract.people import PersonRef
from rules.reasoning.calendar import WorkCalendar, deadline


def _submission(trail: Trail) -> Seen:
    made, reported, decided = trail.last("submit"), trail.last("report"), trail.last("decide")
    if made is None:
        return Seen("missing")
    keeps = (reported is None or reported.precedes(made)) and (decided is None or made.precedes(decided))
    return judged([made], keeps)


def _meeting_kept(trail: Trail, event: Event, meeting: effects.Meeting, apart: Iterable[PersonRef] = ()) -> bool:
    """Recorded with attendance and vote; nobody took part who is investigated, of the team, recused or otherwise ``apart``."""
    there, votes = distinct(meeting.attendance), sum(meeting.votes.values())
    barred = (*trail.investigated, *trail.recused(event.at), *apart, *trail.members, *meeting.recused)
    return bool(there) and 0 < votes <= len(there) and not may_meet(there, barred)


def _deliberation(trail: Trail) -> Seen:
    made = trail.told(effects.Decided)
    if not made:
        return Seen("missing")
    event, said = made[-1]
    keeps = _meeting_kept(trail, event, said.meeting) and {one.person for one in said.decisions} == set(trail.persons)
    return judged([event], keeps)


def _wanted(trail: Trail, decision: effects.Outcome) -> set[str]:
    """The questions that every decision of its kind has to answer, whatever was found."""
    asked = set(wanted_slots(decision, None, trail.book))
    return asked if decision.outcome == "held" else {"exemption"}


def _discretion(trail: Trail, person: str) -> Seen:
    found = trail.decision(person)
    if found is None:
        return Seen("not_due")
    event, decision = found
    full = {slot.id for slot in decision.slots if says(slot.choice) and says(slot.reason)}
    return judged([event], _wanted(trail, decision) <= full and not without_measure(decision))


def _held(trail: Trail, person: str) -> bool:
    """Whether a document is owed: the person was held accountable, or nothing on record says otherwise."""
    found = trail.decision(person)
    return found is None or found[1].outcome == "held"


def _since(trail: Trail, person: str) -> date | None:
    """The day of the decision on which something is owed; None where nothing is, or none is on record."""
    found = trail.decision(person)
    return None if found is None or trail.revoked(person) else found[0].day


def _after(trail: Trail, person: str, events: Iterable[Event], before: Event | None) -> Seen:
    """Kept where one of the events follows what it rests on; missing where there are none."""
    made = tuple(events)
    if not _held(trail, person):
        return Seen("not_regulated")
    if not made:
        return Seen("missing", start=_since(trail, person))
    return judged(made, before is None or any(before.precedes(event) for event in made))


def _decision(trail: Trail, person: str) -> Seen:
    made, found = trail.following(person, "issue_decision"), trail.decision(person)
    if made and found is None:
        return Seen("defective", made)
    return _after(trail, person, made, found[0] if found else None)


def _issued(trail: Trail, person: str) -> Event | None:
    return next(iter(trail.following(person, "issue_decision")), None)


def _service(trail: Trail, person: str, *, to: str) -> Seen:
    made = [event for event in trail.following(person, "serve_decision") if _received(event.effect, to)]
    return _after(trail, person, made, _issued(trail, person))


def _received(effect: Effect, to: str) -> bool:
    return isinstance(effect, effects.Served) and effect.to == to and effect.received_on is not None


def _notice(trail: Trail, person: str, *, to: str) -> Seen:
    made = [
        event
        for event in trail.following(person, "notify_department")
        if isinstance(event.effect, effects.Notified) and event.effect.department == to
    ]
    found = trail.decision(person)
    return _after(trail, person, made, found[0] if found else None)


def _file(trail: Trail, person: str) -> Seen:
    return _after(trail, person, trail.following(person, "file_decision"), _issued(trail, person))


def _execution(trail: Trail, person: str) -> Seen:
    found = trail.decision(person)
    if found is None:
        return Seen("not_due")
    wanted = [kind for kind, measure in MEASURE_OF.items() if measure in found[1].measures]
    made = trail.following(person, "execute")
    if not _held(trail, person) or not wanted:
        return Seen("not_regulated")
    done = {one.effect.kind for one in made if isinstance(one.effect, effects.Executed) and found[0].precedes(one)}
    return Seen("kept", made) if done >= set(wanted) else Seen("missing", made, _since(trail, person))


def _formalities(trail: Trail, person: str, calendar: WorkCalendar) -> Seen:
    found = trail.decision(person)
    if found is None:
        return Seen("not_due")
    duty = trail.book.tracked["formalities"]
    if duty.when_measure not in found[1].measures:
        return Seen("not_regulated")
    seen = _after(trail, person, trail.following(person, "complete_formalities"), found[0])
    if seen.state != "kept":
        return seen
    over = deadline(found[0].day, calendar, **duty.period).over(seen.by[0].day)
    return Seen("late", seen.by) if over else seen


def _no_suspension(trail: Trail, person: str) -> Seen:
    """Whoever suspended: the regulation gives nobody the power."""
    made = tuple(event for event, suspended in trail.read(effects.Suspended) if suspended.person == person)
    if made:
        return Seen("defective", made)
    return Seen("kept" if trail.stage == trail.book.checkup.stages[-1] else "not_due")


def _review(trail: Trail, person: str) -> Seen:
    appeals, told = trail.all("appeal", person=person), trail.told(effects.AppealReviewed, person)
    reviews = tuple(event for event, _ in told)
    if not appeals:
        return Seen("formal", reviews) if reviews else Seen("not_due")
    for at, appeal in enumerate(appeals):
        if at >= len(reviews) or not appeal.precedes(reviews[at]):
            return Seen("missing", (appeal,), appeal.day)
    keeps = all(
        _meeting_kept(trail, event, said.meeting, _apart(trail, person, event, said)) and says(said.reason)
        for event, said in told
    )
    return judged((*appeals, *reviews), keeps)


def _apart(trail: Trail, person: str, review: Event, said: effects.Reviewed) -> Iterator[PersonRef]:
    """Who may not review: whoever took part in a decision on the person so far, unless the record gives the reason (A-70)."""
    if says(said.same_body_reason):
        return
    for event, made in trail.told(effects.OfMeeting):
        mine = not isinstance(made, effects.Reviewed) or (made.person == person and made.decision is not None)
        if event.at < review.at and mine:
            yield from made.meeting.attendance


def _telling(trail: Trail, person: str, *, to: str) -> Seen:
    reviews = trail.all("review_appeal", person=person)
    told = [event for event, informed in trail.told(effects.ReviewTold, person) if informed.to == to]
    if not reviews:
        return Seen("not_due")
    for at, review in enumerate(reviews):
        if at >= len(told) or not review.precedes(told[at]):
            return Seen("missing", tuple(told), review.day)
    return Seen("kept", tuple(told))


CASE_CHECKS: Mapping[str, Callable[[Trail], Seen]] = {"submission": _submission, "deliberation": _deliberation}


def person_checks(calendar: WorkCalendar) -> Mapping[str, Callable[[Trail, str], Seen]]:
    """Duty → what the records show of it for one person."""
    return {
        "discretion": _discretion,
        "decision": _decision,
        "service_person": partial(_service, to="person"),
        "service_unit": partial(_service, to="unit"),
        "execution": _execution,
        "notice_organisation": partial(_notice, to="organisation"),
        "notice_personnel": partial(_notice, to="personnel"),
        "personal_file": _file,
        "formalities": partial(_formalities, calendar=calendar),
        "no_suspension": _no_suspension,
        "review": _review,
        "tell_appellant": partial(_telling, to="appellant"),
        "tell_unit": partial(_telling, to="unit"),
    }
