"""The guards of the inquiry: approval, team, findings, hearing, defence, report. Source: art-9.0, art-9.1, art-9.2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.case.case import Case
from models.case.parts import Finding, Person
from models.case.request import CaseRequest, Check
from models.people.identity import all_held, distinct, holds, may_hold, may_meet
from models.people.names import bare, bares
from models.records.signs import says
from rules.book.contract import case_effects as effects
from rules.book.contract.case_effects import JUDGEMENTS, AboutPerson
from rules.book.contract.effect import Reasoned
from rules.book.contract.people import PersonRef
from rules.book.rulebook import Rulebook

ADVERSE = ("situation", "aggravate")
_REVERSALS = frozenset({"established", "refuted"})


def is_adverse(finding: Finding, book: Rulebook) -> bool:
    """Whether a finding, as it stands, speaks against the person."""
    if finding.element in JUDGEMENTS:
        return finding.value in ("principal", "established", "adverse", "grave", "considerable", "serious")
    provision = _provision(finding.element)
    rules = [rule for rule in book.rules.values() if rule.provision == provision or rule.id == provision]
    return finding.value == "established" and any(rule.kind in ADVERSE for rule in rules)


def team_fits(members: Iterable[effects.Member], led_by_other: str | None, book: Rulebook) -> bool:
    """A head of the Office (or of whoever was asked to lead), somebody of the Office, somebody of another department."""
    there = list(members)
    heads = [member for member in there if member.head]
    led = len(heads) == 1 and (heads[0].unit in book.office_names or bool(led_by_other))
    return led and _of_several(there, bool(led_by_other), book)


def _of_several(members: Iterable[effects.Member], led_by_other: bool, book: Rulebook) -> bool:
    """Somebody of the Office, or whoever was asked to lead, and somebody of a unit that is not the Office however it is written."""
    units, office = {member.unit for member in members}, bares(book.office_names)
    return any(bare(unit) not in office for unit in units) and (led_by_other or bool(units & book.office_names))


def _office_leads(request: CaseRequest) -> bool:
    formed = request.of(effects.TeamFormed)
    heads = [member for member in formed.members if member.head]
    return len(heads) == 1 and (heads[0].unit in request.book.office_names or says(formed.led_by_other))


def _joint(request: CaseRequest) -> bool:
    formed = request.of(effects.TeamFormed)
    return _of_several(formed.members, says(formed.led_by_other), request.book)


def _distinct(request: CaseRequest) -> bool:
    """Nobody is put into the team twice, so that nobody stands for two departments."""
    named = [member.name for member in request.of(effects.MembersAdded).members]
    return len(distinct(named)) == len(named) and not may_meet(named, [member.name for member in request.case.active])


def _team_complete(request: CaseRequest) -> bool:
    return team_fits(request.case.active, request.case.led_by_other, request.book)


def _evidence(request: CaseRequest) -> bool:
    found = request.of(effects.Found)
    made = Finding(found.element, found.value, (), (), request.on, 0)
    return not is_adverse(made, request.book) or bool(found.evidence)


def _previous(request: CaseRequest) -> Finding | None:
    return request.person.findings.get(request.of(effects.Found).element)


def _change_reasoned(request: CaseRequest) -> bool:
    was, now = _previous(request), request.of(effects.Found)
    return was is None or was.value == now.value or says(now.reason)


def _reversal_by_two(request: CaseRequest) -> bool:
    was, found = _previous(request), request.of(effects.Found)
    if was is None or {was.value, found.value} != _REVERSALS:
        return True
    second, names = found.second, [member.name for member in request.case.active]
    return second is not None and holds(names, second) and not may_hold((request.actor.person, *was.by), second)


def _reasonable(request: CaseRequest) -> bool:
    answer = request.of(effects.PointAnswered)
    return answer.adopted or not answer.reasonable


def _point(request: CaseRequest) -> bool:
    point = request.person.points.get(request.of(effects.OfPoint).point)
    return point is not None and not point.withdrawn


def _heard(person: Person, book: Rulebook) -> bool:
    """Heard after the fact material, and after every finding that speaks against the person."""
    if not person.hearings or not person.fact_materials:
        return False
    last = person.hearings[-1]
    adverse = [found.number for found in person.findings.values() if is_adverse(found, book)]
    taken = any(_taken_away(found, last, book) for found in person.findings.values())
    return last > person.fact_materials[-1] and all(number < last for number in adverse) and not taken


def _taken_away(finding: Finding, heard_at: int, book: Rulebook) -> bool:
    """Whether what spoke for the person when they were last heard was found, and no longer is."""
    then: Finding | None = finding
    while then is not None and then.number > heard_at:
        then = then.was
    if then is None or then.value != "established" or finding.value == "established":
        return False
    return not is_adverse(then, book)


def _taken_up(person: Person) -> bool:
    """Every adopted point shows in the findings."""
    adopted = [point for point in person.points.values() if point.adopted and not point.withdrawn]
    found = {element: finding.value for element, finding in person.findings.items()}
    return all(point.accepting.items() <= found.items() for point in adopted)


def _signed(person: Person) -> bool:
    """Signed under the last fact material, or noted that it was refused."""
    signature = person.signature
    if signature is None or not person.fact_materials or signature.number <= person.fact_materials[-1]:
        return False
    return signature.kind == "agrees" or says(signature.note)


def situation_found(findings: Iterable[Finding | effects.Found], book: Rulebook) -> bool:
    """Whether an element of a situation is among what was established."""
    situations = {rule.provision for rule in book.of_kind("situation")}
    return any(found.value == "established" and _provision(found.element) in situations for found in findings)


def _provision(element: str) -> str:
    return element.rpartition(".")[0].partition("/")[0]


def _conduct(request: CaseRequest, person: Person) -> bool:
    """Where a situation was found, how the person carried out the decision is told apart."""
    return not situation_found(person.findings.values(), request.book) or "conduct" in person.findings


def _evaluated(person: Person) -> bool:
    last = max((found.number for found in person.findings.values()), default=0)
    return person.evaluated_at is not None and person.evaluated_at > last


SETTLING = ("find", "hear", "answer_point", "sign", "serve_fact_material", "raise_point")


def _discussed(case: Case) -> bool:
    last = max((record.number for record in case.records if record.action in SETTLING), default=0)
    return case.discussed_at is not None and case.discussed_at > last


def _discussed_together(request: CaseRequest) -> bool:
    discussed = request.of(effects.Discussed)
    return says(discussed.minutes) and _head_and_others(request, discussed.participants)


def _head_and_others(request: CaseRequest, there: Sequence[PersonRef]) -> bool:
    """The head of the team and somebody else of it, and nobody who is not of it."""
    head, names = request.case.head, [member.name for member in request.case.active]
    return head is not None and holds(there, head.name) and all_held(there, names) and len(distinct(there)) > 1


def _report_complete(request: CaseRequest) -> bool:
    groups = request.of(effects.Reported).groups
    return all(says(groups.get(name)) for name in request.procedure.words["report_groups"])


def _report_signed(request: CaseRequest) -> bool:
    return _head_and_others(request, request.of(effects.Reported).signatures)


def _acts_as_person(request: CaseRequest) -> bool:
    """Whom it is about, or one of those investigated where it is about none of them."""
    about = [request.person] if isinstance(request.effect, AboutPerson) else request.case.persons.values()
    return request.actor.kind == "person" and holds([one.name for one in about], request.actor.person)


def _managed(request: CaseRequest) -> bool:
    """Somebody is investigated, each named once, all of them managed by the committee."""
    persons = request.of(effects.InquiryProposed).persons
    once = len({one.id for one in persons}) == len(persons)
    return bool(persons) and once and all(one.managed_by == "school_committee" for one in persons)


def _each(check: Any) -> Check:
    """The check for every person of the case."""
    return lambda request: all(check(person) for person in request.case.persons.values())


INQUIRY_GUARDS: Mapping[str, Check] = {
    "proceeding_by_office": lambda request: request.actor.kind == "office",
    "situation_found": lambda request: bool(
        request.of(effects.InquiryProposed).matters and request.of(effects.InquiryProposed).situations
    ),
    "committee_manages": _managed,
    "approved_by_leader": lambda request: request.actor.kind == "leader",
    "competent_approver": lambda request: request.approvers is None or holds(request.approvers, request.actor.person),
    "approver_not_involved": lambda request: not request.involved(request.actor.person),
    "approval_stands": lambda request: request.case.approval_stands,
    "approval_fallen": lambda request: not request.case.approval_stands,
    "reason_given": lambda request: says(request.of(Reasoned).reason),
    "office_leads": _office_leads,
    "joint_team": _joint,
    "team_not_involved": lambda request: (
        not any(request.involved(member.name) for member in request.of(effects.MembersAdded).members)
    ),
    "members_distinct": _distinct,
    "team_complete": _team_complete,
    "acts_in_team": lambda request: (
        request.actor.kind == "team" and holds([member.name for member in request.case.active], request.actor.person)
    ),
    "adverse_has_evidence": _evidence,
    "change_reasoned": _change_reasoned,
    "reversal_by_two": _reversal_by_two,
    "fact_material_first": lambda request: bool(request.person.fact_materials),
    "statement_recorded": lambda request: says(request.of(effects.Stated).text),
    "acts_as_person": _acts_as_person,
    "point_known": _point,
    "reasonable_is_adopted": _reasonable,
    "refusal_noted": lambda request: (
        request.of(effects.Signed).kind == "agrees"
        or request.actor.kind == "person"
        or says(request.of(effects.Signed).note)
    ),
    "discussed_together": _discussed_together,
    "heard": lambda request: all(_heard(person, request.book) for person in request.case.persons.values()),
    "points_answered": _each(lambda person: not person.open_points),
    "adopted_points_taken_up": _each(_taken_up),
    "signature_asked": _each(_signed),
    "conduct_distinguished": lambda request: all(_conduct(request, person) for person in request.case.persons.values()),
    "evaluated_last": _each(_evaluated),
    "discussed_before_report": lambda request: _discussed(request.case),
    "report_complete": _report_complete,
    "report_signed": _report_signed,
}
"""Guard id → whether the request keeps it."""
