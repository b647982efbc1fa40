"""A case as the sum of its records: each record changes one part of it, nothing is taken back. Source: art-9."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from models.domain.cases.parts import Appeal, Consequence, Decision, Finding, Member, Person, Point, Signature
from models.domain.matter import Record
from models.domain.names import bare, bares


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of the committee. absent_by_recusal: who stayed away for a conflict of interest."""

    body: str
    on: date
    attendance: tuple[str, ...]
    recused: tuple[str, ...]
    votes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its records leave it. version: how many records it has; recused: who may take no part, for which ground."""

    state: str = ""
    version: int = 0
    title: str = ""
    matters: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()
    proposed_on: date | None = None
    persons: Mapping[str, Person] = field(default_factory=dict)
    approver: str | None = None
    approved_on: date | None = None
    team: tuple[Member, ...] = ()
    led_by_other: str | None = None
    recused: Mapping[str, str] = field(default_factory=dict)
    discussed_at: int | None = None
    reported_at: int | None = None
    submitted_on: date | None = None
    meeting: Meeting | None = None
    records: tuple[Record, ...] = field(default=(), repr=False)

    @property
    def active(self) -> tuple[Member, ...]:
        """The members of the team who have not been recused."""
        return tuple(member for member in self.team if member.active)

    @property
    def approval_stands(self) -> bool:
        """Whether whoever approved last has not been recused since."""
        return self.approver is not None and bare(self.approver) not in bares(self.recused)

    @property
    def head(self) -> Member | None:
        return next((member for member in self.active if member.head), None)

    def with_person(self, person: Person) -> Case:
        """The case with one person as they are now."""
        return replace(self, persons={**self.persons, person.id: person})


def applied(case: Case, record: Record, to: str | None) -> Case:
    """The case with one more record."""
    about = str(record.details.get("person"))
    change = _OF_CASE.get(record.action)
    changed = change(case, record) if change else case
    if record.action in OF_PERSON and about in case.persons:
        changed = changed.with_person(OF_PERSON[record.action](changed.persons[about], record))
    return replace(changed, state=to or case.state, version=case.version + 1, records=(*case.records, record))


def _proposed(case: Case, record: Record) -> Case:
    details = record.details
    persons = {
        row["id"]: Person(row["id"], row["name"], row["post"], row["unit"], row["managed_by"], row["party_member"])
        for row in details["persons"]
    }
    return replace(
        case, title=details["title"], matters=tuple(details["matters"]), situations=tuple(details["situations"]),
        persons=persons, proposed_on=record.on,
    )  # fmt: skip


def _approved(case: Case, record: Record) -> Case:
    return replace(case, approver=record.actor.name, approved_on=record.on)


def _team(record: Record) -> tuple[Member, ...]:
    return tuple(Member(row["name"], row["unit"], bool(row.get("head"))) for row in record.details["members"])


def _recused(case: Case, record: Record) -> Case:
    name = record.details["name"]
    team = tuple(replace(member, active=False) if bare(member.name) == bare(name) else member for member in case.team)
    return replace(case, team=team, recused={**case.recused, name: record.details["ground"]})


def _added(case: Case, record: Record) -> Case:
    head = any(row.get("head") for row in record.details["members"])
    kept = tuple(replace(member, head=False) if head else member for member in case.team)
    return replace(case, team=(*kept, *_team(record)))


def _decided(case: Case, record: Record) -> Case:
    meeting = meeting_of(record)
    changed = replace(case, meeting=meeting)
    for row in record.details["decisions"]:
        person = changed.persons[row["person"]]
        made = decision_of(row, record, meeting, person.receipt_id)
        changed = changed.with_person(replace(person, decision=made, first_decision=person.first_decision or made))
    return changed


def meeting_of(record: Record) -> Meeting:
    """The meeting that a record of the committee tells of."""
    row = record.details["meeting"]
    return Meeting(
        row["body"], row["held_on"], tuple(row["attendance"]), tuple(row.get("recused") or ()), dict(row["votes"])
    )


def decision_of(row: Mapping[str, Any], record: Record, meeting: Meeting, receipt_id: str | None) -> Decision:
    """One person's decision in a record of the committee."""
    return Decision(
        row["outcome"], tuple(row.get("measures") or ()), row.get("organisational_kind"),
        {slot["id"]: {"choice": slot["choice"], "reason": slot["reason"]} for slot in row.get("slots") or ()},
        row.get("departure"), bool(row.get("referral")), row.get("referral_note"), meeting.on, meeting.attendance,
        receipt_id, record.number,
    )  # fmt: skip


def _found(person: Person, record: Record) -> Person:
    details = record.details
    element = details["element"]
    by = (record.actor.name, *([details["second"]] if details.get("second") else []))
    made = Finding(
        element, details["value"], tuple(details.get("evidence") or ()), by, record.on, record.number,
        details.get("reason"), person.findings.get(element),
    )  # fmt: skip
    return replace(person, findings={**person.findings, element: made})


def _pointed(person: Person, record: Record) -> Person:
    details = record.details
    accepting = {row["element"]: row["value"] for row in details.get("accepting") or ()}
    name = f"{len(person.points) + 1}"
    made = Point(name, details["kind"], details["step"], details["text"], accepting, record.on, record.number)
    return replace(person, points={**person.points, name: made})


def _answered(person: Person, record: Record) -> Person:
    details = record.details
    point = replace(
        person.points[details["point"]], reasonable=details["reasonable"], adopted=details["adopted"],
        answer=details["reason"], answered_at=record.number,
    )  # fmt: skip
    return replace(person, points={**person.points, point.id: point})


def _withdrawn_point(person: Person, record: Record) -> Person:
    point = replace(person.points[record.details["point"]], withdrawn=True)
    return replace(person, points={**person.points, point.id: point})


def _signed(person: Person, record: Record) -> Person:
    """What the person signed themselves stands: the team adds its note to it. Only the team's note is one.

    Up to 0.1.0 the person could fill the note; there it is read as none. Source: art-9.2.1.d, art-9.2.1.e.
    """
    was, team = person.signature, record.actor.kind == "team"
    note = record.details.get("note") if team else None
    if team and was is not None and was.own and was.number > max(person.fact_materials, default=0):
        return replace(person, signature=replace(was, note=note or was.note))
    return replace(person, signature=Signature(record.details["kind"], note, record.number, own=not team))


def _consequence(person: Person, record: Record, name: str) -> tuple[Consequence, ...]:
    return (*person.consequences, Consequence(name, record.number, record.on))


def _served(person: Person, record: Record) -> Person:
    to = record.details["to"]
    return replace(
        person, served={**person.served, to: record.details["received_on"]},
        consequences=_consequence(person, record, "decision_copies"),
    )  # fmt: skip


def _notified(person: Person, record: Record) -> Person:
    notified = {**person.notified, record.details["department"]: record.on}
    return replace(person, notified=notified, consequences=_consequence(person, record, "departments"))


def _executed(person: Person, record: Record) -> Person:
    kind = record.details["kind"]
    done = replace(person, executed={**person.executed, kind: record.on})
    if kind != "circulation":
        return done
    return replace(done, consequences=_consequence(person, record, "circulation"))


def _reviewed(person: Person, record: Record) -> Person:
    at = next(at for at, appeal in enumerate(person.appeals) if appeal.review is None)
    result = record.details["result"]
    reviewed = replace(
        person.appeals[at], review=result, reviewed_on=record.on, reason=record.details["reason"],
        same_body_reason=record.details.get("same_body_reason"), prepared_by=tuple(record.details.get("prepared_by") or ()),
    )  # fmt: skip
    appeals = (*person.appeals[:at], reviewed, *person.appeals[at + 1 :])
    return _overturned(replace(person, appeals=appeals), record, result)


def _overturned(person: Person, record: Record, result: str) -> Person:
    """The person after their decision was upheld, changed or revoked.

    A changed decision is issued, served and carried out anew; what the former one brought about is to be unwound.
    """
    if result == "upheld" or person.decision is None:
        return person
    bare = replace(
        person, decision=None, decision_number=None, issued_on=None, served={}, notified={}, filed_on=None,
        formalities_on=None, ratings_barred_on=None, executed={}, period_ended_on=None, period_rested_on=None, overturned_at=record.number,
    )  # fmt: skip
    if result == "revoked":
        return bare
    made = decision_of(record.details["decision"], record, meeting_of(record), person.decision.receipt_id)
    return replace(bare, decision=made)


def _informed(person: Person, record: Record) -> Person:
    """The first reviewed appeal of whose result they have not been told; else the last that was reviewed."""
    to = record.details["to"]
    reviewed = [at for at, appeal in enumerate(person.appeals) if appeal.review is not None]
    at = next((at for at in reviewed if to not in person.appeals[at].informed), reviewed[-1])
    appeal = person.appeals[at]
    told = replace(appeal, informed=appeal.informed | {to}, told_on={**appeal.told_on, to: record.on})
    return replace(person, appeals=(*person.appeals[:at], told, *person.appeals[at + 1 :]))


def _unwound(person: Person, record: Record) -> Person:
    owed = {one.number for one in person.owed if one.id == record.details["consequence"]}
    return replace(
        person,
        consequences=tuple(
            replace(one, undone_on=record.on) if one.number in owed else one for one in person.consequences
        ),
    )


_OF_CASE: Mapping[str, Callable[[Case, Record], Case]] = {
    "propose": _proposed,
    "approve": _approved,
    "approve_again": _approved,
    "form_team": lambda case, record: replace(
        case, team=_team(record), led_by_other=record.details.get("led_by_other")
    ),
    "recuse": _recused,
    "add_member": _added,
    "discuss": lambda case, record: replace(case, discussed_at=record.number),
    "report": lambda case, record: replace(case, reported_at=record.number),
    "submit": lambda case, record: replace(case, submitted_on=record.on),
    "decide": _decided,
}
OF_PERSON: Mapping[str, Callable[[Person, Record], Person]] = {
    "find": _found,
    "evaluate": lambda person, record: replace(
        person, evaluated_at=record.number, receipt_id=record.details["receipt_id"]
    ),
    "serve_fact_material": lambda person, record: replace(
        person, fact_materials=(*person.fact_materials, record.number)
    ),
    "hear": lambda person, record: replace(person, hearings=(*person.hearings, record.number)),
    "raise_point": _pointed,
    "withdraw_point": _withdrawn_point,
    "answer_point": _answered,
    "sign": _signed,
    "issue_decision": lambda person, record: replace(
        person, decision_number=record.details["number"], issued_on=record.on
    ),
    "serve_decision": _served,
    "notify_department": _notified,
    "file_decision": lambda person, record: replace(
        person, filed_on=record.on, consequences=_consequence(person, record, "personal_file")
    ),
    "complete_formalities": lambda person, record: replace(
        person, formalities_on=record.on, consequences=_consequence(person, record, "formalities")
    ),
    "bar_ratings": lambda person, record: replace(
        person, ratings_barred_on=record.on, consequences=_consequence(person, record, "ratings")
    ),
    "execute": _executed,
    "appeal": lambda person, record: replace(
        person, appeals=(*person.appeals, Appeal(record.details["text"], record.on, record.number))
    ),
    "review_appeal": _reviewed,
    "inform_of_review": _informed,
    "correct": lambda person, record: _overturned(person, record, record.details["result"]),
    "unwind": _unwound,
    "end_period": lambda person, record: replace(
        person, period_ended_on=record.on, period_rested_on=record.details.get("period")
    ),
}
"""Action → what it changes of the case, or of the person that it is about."""
