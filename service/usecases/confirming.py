"""Who is asked whether an act is theirs answers: the act is made when everybody has confirmed it, and never once somebody declines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from marshmallow import ValidationError
from sqlalchemy.orm import Session

from models.case import cases
from models.case.case import Case
from models.matter import matters
from models.matter.matter import Matter
from models.people.asked import AskedRow, Kind, asked_of
from models.people.asking import AskedAct, waiting_acts
from models.people.identity import holds, is_same
from models.records.damage import Damaged
from models.records.record import Actor, Hand, Record, told
from models.records.signs import says
from models.schemas.errors import CaseFileError, FieldError, flatten
from models.schemas.fields import Block, Text
from rules.book.actions import Action
from rules.book.contract.asking import (
    AskingWithdrawn,
    ConfirmationDeclined,
    ConfirmationGiven,
    MinutesObjected,
    OfEarlier,
    ReasonedAnswer,
)
from rules.book.contract.case_effects import OfMeeting
from rules.book.contract.guards import ActorKind
from rules.book.contract.people import PersonRef
from rules.reasoning.calendar import LOCAL
from rules.reasoning.editions import Books
from service.usecases.cases import act_on_case as of_case
from service.usecases.entry import Entry
from service.usecases.matters import act_on_matter as of_matter
from service.usecases.people.entered_by import records_as_told
from service.usecases.people.principals import Principal

CONFIRM, DECLINE, WITHDRAW, OBJECT = ConfirmationGiven, ConfirmationDeclined, AskingWithdrawn, MinutesObjected
Answer = type[OfEarlier]
ANSWERS: Mapping[str, Answer] = {"confirm": CONFIRM, "decline": DECLINE, "withdraw": WITHDRAW, "object": OBJECT}
REPLY = Block("答复", dict, {"reason": Text("理由", 20_000, long=True, nullable=True)})


class NotAsked(LookupError):
    """Nobody asks this person, or no longer."""


@dataclass(frozen=True, slots=True)
class AnsweredRecord:
    """The record of a matter or a case that an answer is about. expected: how many records whoever answers has seen."""

    kind: Kind
    id: str
    record: int


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers, and why. name: of the account."""

    person: PersonRef
    name: str
    reason: str | None = None

    @classmethod
    def of(cls, person: PersonRef | None, name: str, said: object) -> Answering:
        """What somebody sent. Raises NotAsked, where it is nobody; CaseFileError."""
        if person is None:
            raise NotAsked
        try:
            return cls(person, name, REPLY.deserialize(said).get("reason"))
        except ValidationError as error:
            raise CaseFileError(list(flatten(error.messages))) from None


def asked_at(kind: str, subject_id: str, record: str, given: str) -> tuple[AnsweredRecord, Answer]:
    """What an address names. Raises NotAsked."""
    whole = int(record) if record.isascii() and record.isdigit() and len(record) < 10 else 0
    if kind not in ("matter", "case") or given not in ANSWERS:
        raise NotAsked
    return AnsweredRecord("matter" if kind == "matter" else "case", subject_id, whole), ANSWERS[given]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something that somebody is asked: about what, and the act. version: how many records the matter or the case has."""

    place: AnsweredRecord
    title: str
    act: AskedAct
    version: int


def open_questions(
    session: Session, books: Books, principal: Principal, *, most: int | None = None
) -> list[OpenQuestion]:
    """Everything that somebody is asked and has not answered, by as many questions however much that is; what cannot be read is left
    out. most: no more than so much of it."""
    rows = asked_of(session, principal.person, most=most) if principal.person is not None else ()
    about: dict[tuple[str, str], Case | Matter | Damaged] = {}
    of_matters, of_cases = ([one.subject_id for one in rows if one.kind == kind] for kind in ("matter", "case"))
    if of_matters:
        found = of_matter.stored_matters(session, books, matters.find_many(session, of_matters))
        about |= {("matter", row.id): matter for row, matter in found}
    if of_cases:
        seen = of_case.stored_cases(session, books, cases.find_many(session, of_cases))
        about |= {("case", row.id): case for row, case in seen}
    asked = ((row, about.get((row.kind, row.subject_id))) for row in rows)
    return [
        one
        for row, made in asked
        if made is not None
        and not isinstance(made, Damaged)
        and (one := _question(session, principal, row, made)) is not None
    ]


def _question(session: Session, principal: Principal, row: AskedRow, found: Case | Matter) -> OpenQuestion | None:
    """By whom it was entered, as they are told of the case or of the matter."""
    place = AnsweredRecord(cast(Kind, row.kind), row.subject_id, row.record)
    act = waiting_acts(found.records).get(place.record)
    if act is None:
        return None
    record = act.record
    if any(held.role.of_case for held in principal.roles):
        concerned = (place.id,) if place.kind == "case" else cases.of_matter(session, place.id)
        (record,) = records_as_told(session, principal, concerned, (record,))
    return OpenQuestion(place, found.title, replace(act, record=record), found.version)


def open_to(found: Case | Matter, actions: Mapping[str, Action], person: PersonRef | None) -> dict[int, str]:
    """Number of a record → what somebody may answer about it on its page: withdraw what they asked, object to what a meeting did."""
    if person is None:
        return {}
    waiting = waiting_acts(found.records).items()
    asked = {number: "withdraw" for number, one in waiting if is_same(one.record.actor.person, person)}
    objecting = any(one.effect is OBJECT and found.state in one.sources for one in actions.values())
    meetings = [(one.number, made.meeting) for one, made in told(found.records, OfMeeting)] if objecting else []
    return asked | {number: "object" for number, meeting in meetings if holds(meeting.attendance, person)}


def answer(
    session: Session,
    books: Books,
    place: AnsweredRecord,
    kind: Answer,
    by: Answering,
    *,
    now: datetime,
    approvers: frozenset[str] = frozenset(),
    decision_prefix: str,
    request_key: str | None = None,
) -> None:
    """Write an answer, and the act itself where it was the last that was waited for.

    Raises NotAsked, CaseFileError for a reason that is missing, and whatever forbids the act as things are now.
    """
    if issubclass(kind, ReasonedAnswer) and not says(by.reason):
        raise CaseFileError([FieldError("reason", "请写明理由")])
    _lock(session, place)
    found = _read(session, books, place)
    if request_key is not None and _seen(session, place, request_key):
        return
    acting = _answered_as(found, place, kind, by.person)
    actions = _actions(books, place)
    action = next(one for one in actions.values() if one.effect is kind)
    details = {"to": place.record, **({"reason": by.reason} if issubclass(kind, ReasonedAnswer) else {})}
    hand = Hand(Actor(by.person.name, acting, id=by.person.id), by.name, by.person.id, "self")
    today = now.astimezone(LOCAL).date()
    record = Record(found.version + 1, action.id, today, hand, details, now)
    write = of_case.write_aside if place.kind == "case" else of_matter.write_aside
    changed = write(session, books, place.id, record, request_key)
    act = waiting_acts(found.records).get(place.record)
    if kind is CONFIRM and act is not None and place.record not in waiting_acts(changed.records):
        _make(session, books, place, act, changed.version, now, approvers, decision_prefix)


def _answered_as(found: Case | Matter, place: AnsweredRecord, kind: Answer, person: PersonRef) -> ActorKind:
    """As what somebody answers. Raises NotAsked."""
    records: Sequence[Record] = found.records
    if kind is OBJECT:
        about = records[place.record - 1] if 0 < place.record <= len(records) else None
        if (
            about is None
            or not isinstance(about.effect, OfMeeting)
            or not holds(about.effect.meeting.attendance, person)
        ):
            raise NotAsked
        return "committee"
    act = waiting_acts(records).get(place.record)
    if act is None:
        raise NotAsked
    if kind is WITHDRAW:
        if not is_same(act.record.actor.person, person):
            raise NotAsked
        return act.record.actor.kind
    if not holds(act.outstanding, person):
        raise NotAsked
    accused = isinstance(found, Case) and holds((one.name for one in found.persons.values()), person)
    return "person" if accused else cast(ActorKind, act.says.actor.kind)


def _make(
    session: Session,
    books: Books,
    place: AnsweredRecord,
    act: AskedAct,
    version: int,
    now: datetime,
    approvers: frozenset[str],
    decision_prefix: str,
) -> None:
    """The act that everybody has confirmed. Raises whatever forbids it now."""
    said, asked = act.says, act.record.hand
    entry = Entry(
        said.action,
        said.details,
        Actor(said.actor.name, cast(ActorKind, said.actor.kind), said.actor.unit, said.actor.id),
        said.done_on,
        asked.entered_by,
        enterer=asked.enterer,
        late_reason=said.late_reason,
        confirmed=place.record,
        asked_on=act.record.entered_on,
    )
    if place.kind == "matter":
        of_matter.act_on_matter(session, books, place.id, entry, expected=version, now=now)
        return
    of_case.act_on_case(
        session,
        books,
        place.id,
        entry,
        expected=version,
        now=now,
        approvers=approvers,
        decision_prefix=decision_prefix,
    )


def _lock(session: Session, place: AnsweredRecord) -> None:
    row = cases.lock(session, place.id) if place.kind == "case" else matters.lock(session, place.id)
    if row is None:
        raise NotAsked


def _read(session: Session, books: Books, place: AnsweredRecord) -> Case | Matter:
    if place.kind == "case":
        return of_case.stored_case(session, books, place.id)
    return of_matter.read_matter(session, books, place.id).matter


def _seen(session: Session, place: AnsweredRecord, request_key: str) -> bool:
    seen = cases.request_seen if place.kind == "case" else matters.request_seen
    return seen(session, place.id, request_key) is not None


def _actions(books: Books, place: AnsweredRecord) -> Mapping[str, Action]:
    return books.usual.proceedings.actions if place.kind == "case" else books.usual.ledger.actions
