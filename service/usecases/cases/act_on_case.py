"""Open a case and act on it: the guards decide, a record is written, a request submitted twice happens once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.case import act as procedure
from models.case import cases
from models.case.case import Case, case_fold
from models.case.choices import objections
from models.case.discretion import decisions
from models.case.outcome import period_rested_on
from models.case.parts import Person
from models.case.request import CaseRequest
from models.case.words_of import also_by
from models.matter import matters
from models.matter.act import ActRefused
from models.office import rating_bars
from models.office.ratings import RatingBar
from models.receipts import receipts
from models.records.damage import Damaged
from models.records.fold import as_far_as, with_effect
from models.records.record import Hand, Record, told
from models.schemas.errors import CaseFileError, FieldError
from models.store.database import once, remember
from rules.book.contract.case_effects import (
    JUDGEMENTS,
    AboutPerson,
    Decided,
    Evaluated,
    Issued,
    OfMeeting,
    PeriodEnded,
    RatingsBarred,
    RecusalDecided,
    RecusalLifted,
    Unwound,
)
from rules.book.contract.people import PersonRef
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson, read
from rules.reasoning.editions import Books
from service import config
from service.usecases.adopting.influence_periods import book_in_use
from service.usecases.cases.evidence import with_evidence
from service.usecases.chosen import competent, with_persons
from service.usecases.entry import Entry
from service.usecases.hands import asking, asking_action, hand_of
from service.usecases.matters.act_on_matter import (
    EntryImpossible,
    Stale,
    day_of_entry,
    keep_request,
    known_request,
    same_request,
)
from service.usecases.recommending.evaluate_matter import keep_evaluation
from service.usecases.recommending.store_receipt import InCase


class StaleCase(Stale):
    """Somebody else acted on the case first."""


class CaseUnknown(LookupError):
    """No case has this id."""


class ChoicesRefused(ActRefused):
    """The guards forbid it, and choices in it cannot stand either. faults: of the choices, each at its field of the entry."""

    def __init__(self, guards: tuple[str, ...], faults: Sequence[FieldError]) -> None:
        super().__init__(guards)
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """The case after an entry. book: the rulebook in use; repeated: the same request had been carried out before, and nothing was
    done now."""

    id: str
    case: Case
    book: Rulebook
    repeated: bool = False


def open_case(session: Session, books: Books, entry: Entry, *, now: datetime, approvers: frozenset[str]) -> CaseOutcome:
    """A new case by its proposal. Raises ledger.Refused, EntryImpossible, CaseFileError."""
    entry = with_persons(session, books.usual.proceedings.actions[entry.action], entry)
    if entry.request_key is not None and (row := cases.opened_by(session, entry.request_key)) is not None:
        known = read_case(session, books, row.id)
        same_request(
            known.case.records[0], entry, books.usual.proceedings.actions, known_request(session, row.id, entry)
        )
        return replace(known, repeated=True)
    for at, matter_id in enumerate(entry.details["matters"]):
        if matters.find(session, matter_id) is None:
            raise EntryImpossible(f"details.matters[{at}]", "没有这个事项")
    hand, _ = _hand(session, books, None, Case(), entry)
    case, record = _acted(session, books, Case(), entry, hand, now, approvers)
    row = cases.add(session, str(uuid.uuid4()), case, open_key=entry.request_key)
    if row is None:  # the same request, a moment earlier
        return open_case(session, books, entry, now=now, approvers=approvers)
    book = book_in_use(session, books)
    cases.append(session, row, case, record, book, request_key=entry.request_key)
    keep_request(session, row.id, entry, now)
    return CaseOutcome(row.id, case, book)


def act_on_case(
    session: Session,
    books: Books,
    case_id: str,
    entry: Entry,
    *,
    expected: int,
    now: datetime,
    approvers: frozenset[str],
    decision_prefix: str = config.DECISION_PREFIX,
) -> CaseOutcome:
    """Act on a case that the caller has seen with ``expected`` records. decision_prefix: of the number of a 《问责决定书》.

    Raises CaseUnknown, StaleCase, EntryImpossible, CaseFileError, ledger.Refused, ledger.WrongDay, act.WrongStage,
    act.PersonUnknown, involvements.OtherHand; then nothing is written.
    """
    row = cases.lock(session, case_id)
    if row is None:
        raise CaseUnknown(case_id)
    entry = with_persons(session, books.usual.proceedings.actions[entry.action], entry)
    case = stored_case(session, books, case_id)
    seen = cases.request_seen(session, case_id, entry.request_key) if entry.request_key is not None else None
    if seen is not None:
        same_request(
            case.records[seen - 1], entry, books.usual.proceedings.actions, known_request(session, case_id, entry)
        )
        return CaseOutcome(case_id, case, book_in_use(session, books), repeated=True)
    if case.version != expected:
        raise StaleCase(case.version, case.records[expected:])
    hand, also = _hand(session, books, case_id, case, entry)
    if hand.vouched == "asked":
        changed, record = _asked(session, books, case_id, case, entry, hand, also, now, approvers)
    else:
        whole = _completed(session, books, row, case, entry, now, decision_prefix)
        changed, record = _acted(session, books, case, whole, hand, now, approvers)
    book = book_in_use(session, books)
    cases.append(session, row, changed, record, book, request_key=entry.request_key)
    keep_request(session, case_id, entry, now)
    _rate(session, case, changed, record)
    return CaseOutcome(case_id, changed, book)


def _rate(session: Session, before: Case, after: Case, record: Record) -> None:
    """What the record means for the ratings of the decision's year: barred, or restored when the decision fell."""
    effect = record.effect
    if not isinstance(effect, AboutPerson):
        return
    person = after.persons[effect.person]
    if isinstance(effect, RatingsBarred) and person.decision is not None and person.decision_number is not None:
        bar = RatingBar(
            person.decision_number,
            person.decision.decided_on,
            "person",
            person.name.name,
            person.unit,
            rating_final=effect.rating_final,
        )
        if not rating_bars.known(session, bar):
            rating_bars.add(session, str(uuid.uuid4()), bar, now=record.recorded_at, entered_by=record.entered_by)
    if isinstance(effect, Unwound) and effect.consequence == "ratings":
        for number in _former_numbers(before, person.id):
            if number != person.decision_number:
                rating_bars.revoke(session, number, record.on)


def _former_numbers(case: Case, person_id: str) -> list[str]:
    """The numbers of every decision that was issued about a person."""
    return [issued.number for _, issued in told(case.records, Issued) if issued.person == person_id]


def read_case(session: Session, books: Books, case_id: str) -> CaseOutcome:
    """The case as it stands. Raises CaseUnknown, CaseDamaged."""
    return CaseOutcome(case_id, stored_case(session, books, case_id), book_in_use(session, books))


def stored_case(session: Session, books: Books, case_id: str) -> Case:
    """The case that its records make. Raises CaseUnknown, CaseDamaged."""
    actions = books.usual.proceedings.actions
    case = once(session, ("case", case_id, books.usual.sha256), lambda: cases.load(session, case_id, actions))
    if case is None:
        raise CaseUnknown(case_id)
    return case


def stored_cases(
    session: Session, books: Books, rows: Sequence[cases.CaseRow]
) -> list[tuple[cases.CaseRow, Case | Damaged]]:
    """The cases of these rows, in their order, by one question; what is wrong with it in the place of one that is damaged."""
    found = cases.load_many(session, rows, books.usual.proceedings.actions)
    for row, case in found:
        if isinstance(case, Case):
            remember(session, ("case", row.id, books.usual.sha256), case)
    return found


def question_of(case: Case, person: Person) -> dict[str, Any]:
    """The case file of one person without its matter: what was found, with evidence, by whom and when."""
    found_words = {name: person.findings[name].value for name in sorted(JUDGEMENTS) if name in person.findings}
    judged: dict[str, Any] = dict(found_words)
    if "distinct_periods" in judged:
        judged["distinct_periods"] = found_words["distinct_periods"] == "true"
    groups: dict[str, dict[str, Any]] = {}
    for found in person.findings.values():
        group, dot, element = found.element.rpartition(".")
        if dot:
            groups.setdefault(group, {})[element] = {
                "status": found.value, "evidence": list(found.evidence), "found_by": "、".join(map(str, found.by)),
                "found_on": found.on.isoformat(),
            }  # fmt: skip
    about = {"id": person.id, "name": person.name.name, "post": person.post, "managed_by": person.managed_by,
             "party_member": person.party_member, **judged, "findings": groups,
             "evidence": {name: list(person.findings[name].evidence) for name in found_words if name != "distinct_periods"}}  # fmt: skip
    day = case.proposed_on.isoformat() if case.proposed_on else ""
    return {"title": case.title, "trigger_date": day, "persons": [about]}


def _completed(
    session: Session, books: Books, row: cases.CaseRow, case: Case, entry: Entry, now: datetime, decision_prefix: str
) -> Entry:
    """The entry with what the system itself contributes: what is known of evidence, a receipt, the number of a decision, the
    confirmed row by which an influence period ends."""
    person, says = (
        case.persons.get(str(entry.details.get("person"))),
        books.usual.proceedings.actions[entry.action].effect,
    )
    if issubclass(says, Evaluated) and person is not None:
        matter_id = entry.details.get("matter") or case.matters[0]
        if matter_id not in case.matters:
            raise EntryImpossible("details.matter", "不是本案所涉的事项")
        question, belongs = question_of(case, person), InCase(row.id)
        receipt_id, _ = keep_evaluation(
            session, books, matter_id, question, actor=entry.entered_by, now=now, belongs=belongs
        )
        return replace(entry, details={**entry.details, "matter": matter_id, "receipt_id": receipt_id})
    if issubclass(says, Issued) and person is not None:
        number = cases.number_decision(session, decision_prefix, entry.on.year, row.id, person.id, case.version + 1)
        return replace(entry, details={**entry.details, "number": number})
    if issubclass(says, PeriodEnded) and person is not None and person.decision is not None:
        rested_on = period_rested_on(person.decision, book_in_use(session, books))
        return replace(entry, details={**entry.details, "period": rested_on})
    return with_evidence(session, books, row.id, case, entry)


def _acted(
    session: Session,
    books: Books,
    case: Case,
    entry: Entry,
    hand: Hand,
    now: datetime,
    approvers: frozenset[str],
) -> tuple[Case, Record]:
    day_of_entry(entry, now)
    effect = as_far_as(books.usual.proceedings.actions[entry.action], entry.details)
    deciding = isinstance(effect, OfMeeting)
    evaluations = _evaluations(session, case) if deciding else {}
    request = CaseRequest(
        case,
        entry.details,
        entry.actor,
        entry.on,
        book_in_use(session, books),
        competent(session, approvers),
        evaluations,
        effect,
    )
    faults = list(_choices_refused(request)) if deciding else []
    try:
        acted = procedure.act(entry.action, request, hand=hand, recorded_at=now)
    except ActRefused as refused:
        if faults:
            raise ChoicesRefused(refused.guards, faults) from None
        raise
    if faults:
        raise CaseFileError(faults)
    return acted


def _hand(
    session: Session, books: Books, case_id: str | None, case: Case, entry: Entry
) -> tuple[Hand, tuple[PersonRef, ...]]:
    """Whose hand an entry is, and whose own words it also is. Raises CaseFileError."""
    action = books.usual.proceedings.actions[entry.action]
    effect = as_far_as(action, entry.details)
    also = also_by(effect, entry.actor, case)
    by_committee = entry.actor.kind == "committee" and isinstance(effect, RecusalDecided | RecusalLifted)
    minutes = by_committee or isinstance(effect, OfMeeting)
    return hand_of(session, action, entry, "case", case_id, also=also, minutes=minutes), also


def _asked(
    session: Session,
    books: Books,
    case_id: str,
    case: Case,
    entry: Entry,
    hand: Hand,
    also: tuple[PersonRef, ...],
    now: datetime,
    approvers: frozenset[str],
) -> tuple[Case, Record]:
    """The case with a record that asks for the act, which could be made as things are, as far as that can be told before."""
    actions = books.usual.proceedings.actions
    action = actions[entry.action]
    if not issubclass(action.effect, Evaluated | Issued | PeriodEnded):
        _acted(session, books, case, with_evidence(session, books, case_id, case, entry), hand, now, approvers)
    asked = asking(session, action, asking_action(actions), entry, also=also, number=case.version + 1, now=now)
    return case_fold.applied(case, asked, None), asked


def write_aside(session: Session, books: Books, case_id: str, record: Record, request_key: str | None) -> Case:
    """The case with a record that asks for an act, or answers. Raises ledger.WrongStage, CaseUnknown."""
    row = cases.lock(session, case_id)
    case, action = stored_case(session, books, case_id), books.usual.proceedings.actions[record.action]
    if row is None or case.state not in action.sources:
        raise procedure.WrongStage(action, case.state)
    changed, book = case_fold.applied(case, with_effect(record, action), None), book_in_use(session, books)
    cases.append(session, row, changed, changed.records[-1], book, request_key=request_key)
    return changed


def _choices_refused(request: CaseRequest) -> Iterator[FieldError]:
    """The choices that are none of the options, or contradict the decision, each at its field of the entry."""
    several = isinstance(request.effect, Decided)
    for at, decision in enumerate(decisions(request)):
        path = f"details.decisions[{at}]" if several else "details.decision"
        for field, why, provision in objections(
            decision, request.evaluations.get(decision.person), request.book, review=not several
        ):
            yield FieldError(f"{path}.{field}", f"{why}（{request.book.provisions[provision].citation}）", provision)


def _evaluations(session: Session, case: Case) -> dict[str, AnsweredPerson]:
    """Each person's part of the recommendation that the report rested on."""
    last = {person.id: person.receipt_id for person in case.persons.values() if person.receipt_id}
    bodies = receipts.answers(session, last.values())
    return {id: read(bodies[receipt]).persons[id] for id, receipt in last.items() if receipt in bodies}
