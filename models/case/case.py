"""A case as the sum of its records: each record changes one part of it, nothing is taken back. Source: art-9."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from models.case.parts import Appeal, Consequence, Decision, Finding, Person, Point, Signature
from models.case.recusal import Recusal, Recusals
from models.people.asking import answers_something
from models.people.identity import may_hold
from models.records.damage import CaseDamaged
from models.records.fold import Fold
from models.records.record import Record, told
from rules.book.contract import case_effects as effects
from rules.book.contract.people import PersonRef


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its records leave it. version: how many records it has; recusals: who may take no part, and of whom it is asked."""

    state: str = ""
    version: int = 0
    title: str = ""
    matters: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()
    proposed_on: date | None = None
    persons: Mapping[str, Person] = field(default_factory=dict)
    approver: PersonRef | None = None
    approved_on: date | None = None
    team: tuple[effects.Member, ...] = ()
    led_by_other: str | None = None
    recusals: Recusals = field(default_factory=Recusals)
    discussed_at: int | None = None
    reported_at: int | None = None
    submitted_on: date | None = None
    meeting: effects.Meeting | None = None
    records: tuple[Record, ...] = field(default=(), repr=False)

    @property
    def recused(self) -> Mapping[PersonRef, Recusal]:
        """Who may take no part."""
        return self.recusals.standing

    @property
    def active(self) -> tuple[effects.Member, ...]:
        """The members of the team who have not been recused."""
        return tuple(member for member in self.team if member.active)

    @property
    def approval_stands(self) -> bool:
        """Whether whoever approved last has not been recused since."""
        return self.approver is not None and not may_hold(self.recused, self.approver)

    @property
    def head(self) -> effects.Member | None:
        return next((member for member in self.active if member.head), None)

    def receipts(self, person: str) -> list[str]:
        """The receipts of every evaluation of somebody, in the order in which they were made."""
        return [made.receipt_id for _, made in told(self.records, effects.Evaluated) if made.person == person]

    def with_person(self, person: Person) -> Case:
        """The case with one person as they are now."""
        return replace(self, persons={**self.persons, person.id: person})


def meeting_of(record: Record) -> effects.Meeting:
    """The meeting that a record of the committee tells of."""
    assert isinstance(record.effect, effects.OfMeeting)
    return record.effect.meeting


def _follows(case: Case, record: Record) -> bool:
    """Whether a record can stand here: the case proposed, and what it builds on there."""
    effect = record.effect
    if (case.version == 0) is not isinstance(effect, effects.InquiryProposed):
        return False
    if not answers_something(case.records, effect):
        return False
    if isinstance(effect, effects.RecusalDecided):
        return effect.proposal in case.recusals.proposed
    if isinstance(effect, effects.Decided):
        return all(row.person in case.persons for row in effect.decisions)
    if not isinstance(effect, effects.AboutPerson):
        return True
    person = case.persons.get(effect.person)
    return person is not None and _follows_for(person, effect)


def _follows_for(person: Person, effect: effects.AboutPerson) -> bool:
    match effect:
        case (
            effects.PointAnswered(reason=None)
            | effects.Appealed(text=None)
            | effects.Reviewed(reason=None)
            | effects.Served(received_on=None)
        ):
            return False
        case effects.OfPoint():
            return effect.point in person.points
        case effects.Reviewed():
            pending = not isinstance(effect, effects.AppealReviewed) or person.pending_appeal is not None
            replaced = effect.result != "changed" or person.decision is None or effect.decision is not None
            return pending and replaced
        case effects.ReviewTold():
            return any(appeal.review is not None for appeal in person.appeals)
    return True


def _applied(case: Case, record: Record, to: str | None) -> Case:
    """The case with one more record."""
    return replace(
        _changed(case, record), state=to or case.state, version=case.version + 1, records=(*case.records, record)
    )


def _changed(case: Case, record: Record) -> Case:
    match record.effect:
        case effects.AboutPerson() as effect:
            return case.with_person(_of_person(case.persons[effect.person], effect, record))
        case effects.InquiryProposed() as effect:
            persons = {one.id: Person(**vars(one)) for one in effect.persons}
            return replace(
                case,
                title=effect.title,
                matters=effect.matters,
                situations=effect.situations,
                persons=persons,
                proposed_on=record.on,
            )
        case effects.Approved():
            return replace(case, approver=record.actor.person, approved_on=record.on)
        case effects.TeamFormed() as effect:
            return replace(case, team=effect.members, led_by_other=effect.led_by_other)
        case effects.MembersAdded() as effect:
            head = any(member.head for member in effect.members)
            kept = tuple(replace(member, head=False) if head else member for member in case.team)
            return replace(case, team=(*kept, *effect.members))
        case (
            effects.Recused() | effects.RecusalProposed() | effects.RecusalDecided() | effects.RecusalLifted() as effect
        ):
            return _with_recusals(case, case.recusals.after(record.number, effect, record.actor))
        case effects.Discussed():
            return replace(case, discussed_at=record.number)
        case effects.Reported():
            return replace(case, reported_at=record.number)
        case effects.SubmittedToCommittee():
            return replace(case, submitted_on=record.on)
        case effects.Decided() as effect:
            return _decided(case, effect, record)
    return case


def _with_recusals(case: Case, recusals: Recusals) -> Case:
    """The case in which these may take no part: a member of the team comes and goes, what was done meanwhile stays."""
    was = case.recused

    def active(one: effects.Member) -> bool:
        return not may_hold(recusals.standing, one.name) and (one.active or may_hold(was, one.name))

    team = tuple(replace(one, active=active(one)) for one in case.team)
    return replace(case, team=team, recusals=recusals)


def _decided(case: Case, effect: effects.Decided, record: Record) -> Case:
    changed = replace(case, meeting=effect.meeting)
    for row in effect.decisions:
        person = changed.persons[row.person]
        made = Decision.of(row, effect.meeting, person.receipt_id, record.number)
        changed = changed.with_person(replace(person, decision=made, first_decision=person.first_decision or made))
    return changed


def _of_person(person: Person, effect: effects.AboutPerson, record: Record) -> Person:
    """The person with one more record about them."""
    on, number = record.on, record.number
    match effect:
        case effects.Found():
            by = (record.actor.person, *([effect.second] if effect.second else []))
            was = person.findings.get(effect.element)
            made = Finding(effect.element, effect.value, effect.evidence, by, on, number, effect.reason, was)
            return replace(person, findings={**person.findings, effect.element: made})
        case effects.Evaluated():
            return replace(person, evaluated_at=number, receipt_id=effect.receipt_id)
        case effects.FactMaterialServed():
            return replace(person, fact_materials=(*person.fact_materials, number))
        case effects.Heard():
            return replace(person, hearings=(*person.hearings, number))
        case effects.PointRaised():
            accepting = {one.element: one.value for one in effect.accepting}
            id = f"{len(person.points) + 1}"
            return _with_point(person, Point(id, effect.kind, effect.step, effect.text, accepting, on, number))
        case effects.PointWithdrawn():
            return _with_point(person, replace(person.points[effect.point], withdrawn=True))
        case effects.PointAnswered():
            answered = replace(
                person.points[effect.point],
                reasonable=effect.reasonable,
                adopted=effect.adopted,
                answer=effect.reason,
                answered_at=number,
            )
            return _with_point(person, answered)
        case effects.Signed():
            return _signed(person, effect, record)
        case effects.Issued():
            return replace(person, decision_number=effect.number, issued_on=on)
        case effects.Served(received_on=date() as received_on):
            served = {**person.served, effect.to: received_on}
            return _brought(replace(person, served=served), "decision_copies", record)
        case effects.Notified():
            notified = {**person.notified, effect.department: on}
            return _brought(replace(person, notified=notified), "departments", record)
        case effects.Filed():
            return _brought(replace(person, filed_on=on), "personal_file", record)
        case effects.FormalitiesCompleted():
            return _brought(replace(person, formalities_on=on), "formalities", record)
        case effects.RatingsBarred():
            return _brought(replace(person, ratings_barred_on=on), "ratings", record)
        case effects.Executed():
            done = replace(person, executed={**person.executed, effect.kind: on})
            return _brought(done, "circulation", record) if effect.kind == "circulation" else done
        case effects.Appealed():
            return replace(person, appeals=(*person.appeals, Appeal(effect.text or "", on, number)))
        case effects.AppealReviewed():
            return _overturned(_reviewed(person, effect, record), effect, number)
        case effects.Reviewed():
            return _overturned(person, effect, number)
        case effects.ReviewTold():
            return _informed(person, effect.to, on)
        case effects.Unwound():
            owed = {one.number for one in person.owed if one.id == effect.consequence}
            undone = (replace(one, undone_on=on) if one.number in owed else one for one in person.consequences)
            return replace(person, consequences=tuple(undone))
        case effects.PeriodEnded():
            return replace(person, period_ended_on=on, period_rested_on=effect.period)
    return person


def _with_point(person: Person, point: Point) -> Person:
    return replace(person, points={**person.points, point.id: point})


def _brought(person: Person, name: str, record: Record) -> Person:
    """The person with something more that the decision brought about."""
    return replace(person, consequences=(*person.consequences, Consequence(name, record.number, record.on)))


def _signed(person: Person, effect: effects.Signed, record: Record) -> Person:
    """What the person signed themselves stands: the team adds its note to it. Only the team's note is one.

    Up to 0.1.0 the person could fill the note; there it is read as none. Source: art-9.2.1.d, art-9.2.1.e.
    """
    was, team = person.signature, record.actor.kind == "team"
    note = effect.note if team else None
    if team and was is not None and was.own and was.number > max(person.fact_materials, default=0):
        return replace(person, signature=replace(was, note=note or was.note))
    return replace(person, signature=Signature(effect.kind, note, record.number, own=not team))


def _reviewed(person: Person, effect: effects.AppealReviewed, record: Record) -> Person:
    """The first appeal that is pending."""
    at = next(at for at, appeal in enumerate(person.appeals) if appeal.review is None)
    reviewed = replace(
        person.appeals[at],
        review=effect.result,
        reviewed_on=record.on,
        reason=effect.reason,
        same_body_reason=effect.same_body_reason,
        prepared_by=effect.prepared_by,
    )
    return replace(person, appeals=(*person.appeals[:at], reviewed, *person.appeals[at + 1 :]))


def _overturned(person: Person, effect: effects.Reviewed, number: int) -> Person:
    """The person after their decision was upheld, changed or revoked.

    A changed decision is issued, served and carried out anew; what the former one brought about is to be unwound.
    """
    if effect.result == "upheld" or person.decision is None:
        return person
    made = None
    if effect.result == "changed" and effect.decision is not None:
        made = Decision.of(effect.decision, effect.meeting, person.decision.receipt_id, number)
    return replace(
        person,
        decision=made,
        decision_number=None,
        issued_on=None,
        served={},
        notified={},
        filed_on=None,
        formalities_on=None,
        ratings_barred_on=None,
        executed={},
        period_ended_on=None,
        period_rested_on=None,
        overturned_at=number,
    )


def _informed(person: Person, to: str, on: date) -> Person:
    """The first reviewed appeal of whose result they have not been told; else the last that was reviewed."""
    reviewed = [at for at, appeal in enumerate(person.appeals) if appeal.review is not None]
    at = next((at for at in reviewed if to not in person.appeals[at].informed), reviewed[-1])
    appeal = person.appeals[at]
    knows = replace(appeal, informed=appeal.informed | {to}, told_on={**appeal.told_on, to: on})
    return replace(person, appeals=(*person.appeals[:at], knows, *person.appeals[at + 1 :]))


case_fold = Fold(Case(), _follows, _applied, CaseDamaged)
"""The case that records make."""
