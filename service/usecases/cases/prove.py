"""The parts of a proof package: what was found, by which rules, what followed, and what the committee decided. Source: art-9.1, art-9.2."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.case.act import PersonUnknown
from models.case.case import Case, meeting_of
from models.case.parts import Decision
from models.records.record import Record
from models.schemas.errors import CaseFileError, FieldError
from rules.reasoning.answer import read
from rules.reasoning.editions import Books
from service.documents.recommending.proof_file import Package, packed, without
from service.usecases.cases.act_on_case import read_case
from service.usecases.cases.redact_proof import others_of, private
from service.usecases.recommending.kept_receipts import kept_parts, kept_sources
from service.usecases.recommending.proof_parts import Parts, whole


@dataclass
class NotEvaluated(Exception):
    """A person of a case has no evaluation that a proof could rest on."""

    person: str

    def __str__(self) -> str:
        return f"对{self.person}还没有处理建议，不能制作证明包"


def prove(
    session: Session, books: Books, receipt_id: str, *, person: str | None = None, redacted: bool = False, seed: bytes
) -> Package | None:
    """The proof package of a receipt; None where there is none. person: only this one; redacted: the copy for that person.

    Raises RulebookChanged; CaseFileError (the person is not in it, or is to be named).
    """
    return _proof(session, books, receipt_id, person, redacted, seed, {}, frozenset())


def prove_case(
    session: Session, books: Books, case_id: str, *, person: str | None = None, redacted: bool = False, seed: bytes
) -> Package:
    """The proof package of what was decided on a person of a case, or of the last evaluation where nothing was yet.

    Raises CaseUnknown, PersonUnknown, NotEvaluated, RulebookChanged, CaseFileError (the person is to be named).
    """
    case = read_case(session, books, case_id).case
    only = _only(list(case.persons), True) if person is None else person
    if only is None or only not in case.persons:
        raise PersonUnknown(str(only))
    found = case.persons[only]
    decision = found.decision
    receipt_id = decision.receipt_id if decision is not None else found.receipt_id
    if receipt_id is None:
        raise NotEvaluated(found.name.name)
    decided = {} if decision is None else _decision(decision, case.records[decision.number - 1])
    made = _proof(session, books, receipt_id, only, redacted, seed, decided, _others(case, only))
    if made is None:
        raise NotEvaluated(found.name.name)
    return made


def _others(case: Case, person: str) -> frozenset[str]:
    """The names of everybody else in the case: persons, team, whoever acted."""
    names = {one.name.name for one in case.persons.values()} | {one.name.name for one in case.team}
    names |= {record.actor.name for record in case.records}
    return frozenset(names - {case.persons[person].name.name})


def _proof(
    session: Session,
    books: Books,
    receipt_id: str,
    person: str | None,
    redacted: bool,
    seed: bytes,
    decided: Parts,
    names: frozenset[str],
) -> Package | None:
    found = kept_parts(session, books, receipt_id)
    if found is None:
        return None
    body, kept = found
    answer = read(body)
    sources = kept_sources(session, books, answer.rulebook.sha256)
    ids = list(answer.persons)
    only = _only(ids, redacted) if person is None else person
    if only is not None and only not in ids:
        raise CaseFileError([FieldError("person", f"没有这名人员；可以是：{'、'.join(ids)}")])
    parts = {**whole(kept, body, sources), **decided}
    package = packed(parts, seed)
    if redacted and only is not None:
        package = without(package, private(parts, ids.index(only), names))
    elif person is not None:
        package = without(package, others_of(parts, ids.index(person)))
    return package


def _only(ids: list[str], needed: bool) -> str | None:
    """The person where there is but one. Raises CaseFileError where one is ``needed`` and it is not clear which."""
    if len(ids) != 1 and needed:
        raise CaseFileError([FieldError("person", f"有几名人员，请写明其中一名：{'、'.join(ids)}")])
    return ids[0] if len(ids) == 1 else None


def _decision(decision: Decision, record: Record) -> Parts:
    """What the committee chose and why; each reason is a part of its own."""
    meeting = meeting_of(record)
    parts: Parts = {
        "decision": {"outcome": decision.outcome, "measures": list(decision.measures), "referral": decision.referral,
                     "organisational_kind": decision.organisational_kind, "decided_on": decision.decided_on.isoformat(),
                     "receipt": decision.receipt_id},
        "decision/departure": decision.departure,
        "decision/referral_note": decision.referral_note,
        "decision/meeting": {"body": meeting.body, "on": meeting.held_on.isoformat(), "attendance": list(map(str, meeting.attendance)),
                             "recused": list(map(str, meeting.recused)), "votes": dict(meeting.votes)},
    }  # fmt: skip
    for at, (slot, chosen) in enumerate(decision.slots.items()):
        parts[f"decision/slots/{at:02}"] = {"slot": slot, **chosen}
    return parts
