"""Checking the inquiry by its records: approval, team, findings, hearing, answers, signature, discussion, report. Source: art-9.0 – art-9.2."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from models.case.inquiry import SETTLING, is_adverse, situation_found, team_fits
from models.case.parts import Finding
from models.case.trail import Event, Trail
from models.people.identity import all_held, distinct, may_hold, may_meet
from models.records.signs import says
from rules.book.contract import case_effects as effects
from rules.book.contract.people import PersonRef


@dataclass(frozen=True, slots=True)
class Seen:
    """What the records show of a duty.

    state: kept, missing, defective, formal (only its record lacks), late (done after its last day), not_due, not_regulated (asks
    nothing here). start: the day from which its reminder runs.
    """

    state: str
    by: tuple[Event, ...] = ()
    start: date | None = None


def judged(events: Iterable[Event], keeps: bool) -> Seen:
    """Missing without events, else kept or defective."""
    there = tuple(events)
    return Seen("kept" if keeps else "defective", there) if there else Seen("missing")


def _situation(trail: Trail) -> Seen:
    made, approved = trail.all("propose"), trail.all("approve")
    full = any(said.situations and said.matters for _, said in trail.told(effects.InquiryProposed))
    return judged(made, full and (not approved or made[0].precedes(approved[0])))


def _approval(trail: Trail) -> Seen:
    made = trail.all("approve", "approve_again")
    begun = [event for event in trail.events if event.action == "form_team"] or list(trail.inquired())
    apart = not any(
        may_hold((*trail.investigated, *trail.recused(event.at)), event.record.actor.person) for event in made
    )
    return judged(
        made, apart and _approval_stood(trail, made) and (not begun or (bool(made) and made[0].precedes(begun[0])))
    )


def _approval_stood(trail: Trail, made: tuple[Event, ...]) -> bool:
    """Whether nothing that needs an approval was done while whoever approved last was recused (A-67)."""
    actions = trail.book.proceedings.actions
    needing = {action.id for action in actions.values() if "approval_stands" in action.guards}
    for event in trail.events:
        before = [one for one in made if one.at < event.at] if event.action in needing else []
        if before and may_hold(trail.recused(event.at), before[-1].record.actor.person):
            return False
    return True


def _team(trail: Trail) -> Seen:
    formed, acts = (
        trail.told(effects.TeamFormed),
        [event for event in trail.inquired() if event.record.actor.kind == "team"],
    )
    if not formed:
        return Seen("missing")
    there: dict[PersonRef, effects.Member] = {}
    for _, added in trail.told(effects.MembersAdded):
        if any(member.head for member in added.members):
            there = {name: effects.Member(one.name, one.unit) for name, one in there.items()}
        there |= {member.name: member for member in added.members}
    gone = (*trail.recused(len(trail.events)), *trail.investigated)
    led = formed[-1][1].led_by_other
    whole = team_fits([one for one in there.values() if not may_hold(gone, one.name)], led, trail.book)
    apart = not may_meet(trail.investigated, list(there))
    keeps = whole and apart and (not acts or formed[0][0].precedes(acts[0]))
    return judged((event for event, _ in formed), keeps)


def _adverse(trail: Trail, event: Event, found: effects.Found) -> bool:
    made = Finding(found.element, found.value, (), (), event.record.on, event.record.number)
    return is_adverse(made, trail.book)


def _evidence(trail: Trail, person: str) -> Seen:
    made = [(event, found) for event, found in trail.read(effects.Found) if found.person == person]
    proved = all(found.evidence or not _adverse(trail, event, found) for event, found in made)
    return judged((event for event, _ in made), proved and all(trail.counts(event) for event, _ in made))


def _conduct(trail: Trail, person: str) -> Seen:
    found = trail.told(effects.Found, person)
    alleged = situation_found((one for _, one in found), trail.book)
    made = [event for event, one in found if one.element == "conduct"]
    if not made and found and not alleged:
        return Seen("not_regulated")
    return judged(made, any(trail.before_report(event) for event in made))


def _fact_material(trail: Trail, person: str) -> Seen:
    made = trail.all("serve_fact_material", person=person)
    return judged(made, any(trail.before_report(event) for event in made))


def _hearing(trail: Trail, person: str) -> Seen:
    made = [event for event, heard in trail.told(effects.Heard, person) if says(heard.text)]
    if not made:
        return Seen("missing")
    current = {found.element: (event, found) for event, found in trail.told(effects.Found, person)}
    wanted = [event for event, found in current.values() if _adverse(trail, event, found)]
    material = trail.last("serve_fact_material", person=person)
    wanted += [material] if material else []
    keeps = trail.before_report(made[-1]) and all(event.precedes(made[-1]) for event in wanted)
    return judged(made, keeps)


def _answered(trail: Trail, point: Event, answers: list[tuple[Event, effects.PointAnswered]]) -> bool:
    """Whether a point has its answer, with a reason, and is adopted where it was found reasonable."""
    return any(
        point.precedes(answer)
        and trail.before_report(answer)
        and says(said.reason)
        and (said.adopted or not said.reasonable)
        for answer, said in answers
    )


def _points(trail: Trail, person: str) -> Seen:
    raised = [event for event, point in trail.read(effects.PointRaised) if point.person == person]
    known = {f"{at + 1}": event for at, event in enumerate(raised) if trail.counts(event)}
    gone = {withdrawn.point for _, withdrawn in trail.told(effects.PointWithdrawn, person)}
    answers = trail.told(effects.PointAnswered, person)
    given: dict[str, list[tuple[Event, effects.PointAnswered]]] = {}
    for event, said in answers:
        given.setdefault(said.point, []).append((event, said))
    if not known and not answers:
        return Seen("not_regulated")
    by = (*known.values(), *(event for event, _ in answers))
    if not all(_answered(trail, known[name], given.get(name, [])) for name in known if name not in gone):
        return Seen("defective", by)
    return Seen("kept" if set(given) <= set(known) else "formal", by)


def _signature(trail: Trail, person: str) -> Seen:
    made = trail.all("sign", person=person)
    material = trail.last("serve_fact_material", person=person)
    keeps = bool(made) and trail.before_report(made[-1]) and (material is None or material.precedes(made[-1]))
    return judged(made, keeps)


def _refusal_note(trail: Trail, person: str) -> Seen:
    made = trail.told(effects.Signed, person)
    if not made or made[-1][1].kind == "agrees":
        return Seen("not_regulated")
    event, signed = made[-1]
    return judged((event,), says(signed.note) and event.record.actor.kind == "team")


def _discussion(trail: Trail) -> Seen:
    made = trail.told(effects.Discussed)
    if not made:
        return Seen("missing")
    last, said = made[-1]
    together = len(distinct(said.participants)) > 1 and says(said.minutes)
    settled = all(event.precedes(last) for event in trail.all(*SETTLING))
    return judged((event for event, _ in made), together and settled and trail.before_report(last))


def _report(trail: Trail) -> Seen:
    made, decided = trail.told(effects.Reported), trail.last("decide")
    if not made:
        return Seen("missing")
    last, groups = made[-1][0], made[-1][1].groups
    full = all(says(groups.get(name)) for name in trail.book.proceedings.words["report_groups"])
    return judged((event for event, _ in made), full and (decided is None or last.precedes(decided)))


def _heads(trail: Trail, before: int) -> tuple[PersonRef, ...]:
    """The head of the team at that time; empty where none is on record."""
    head: tuple[PersonRef, ...] = ()
    for event, added in trail.told(effects.MembersAdded):
        named = tuple(member.name for member in added.members if member.head)
        head = named if named and event.at < before else head
    return head


def _report_signed(trail: Trail) -> Seen:
    reports = trail.told(effects.Reported)
    if not reports:
        return Seen("missing")
    made, signers = reports[-1][0], reports[-1][1].signatures
    strangers = not all_held(signers, trail.members) or may_meet(signers, trail.recused(made.at))
    heads = all_held(_heads(trail, made.at), signers)
    return judged((made,), len(distinct(signers)) > 1 and not (trail.members and strangers) and heads)


CASE_CHECKS: Mapping[str, Callable[[Trail], Seen]] = {
    "situation": _situation,
    "approval": _approval,
    "team": _team,
    "discussion": _discussion,
    "report": _report,
    "report_signed": _report_signed,
}
PERSON_CHECKS: Mapping[str, Callable[[Trail, str], Seen]] = {
    "evidence": _evidence,
    "conduct": _conduct,
    "fact_material": _fact_material,
    "hearing": _hearing,
    "points": _points,
    "signature": _signature,
    "refusal_note": _refusal_note,
}
