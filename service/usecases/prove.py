"""The parts of a proof package: what was found, by which rules, what followed, and what the committee decided. Source: art-9.1, art-9.2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy.orm import Session

from models.domain.cases.act import PersonUnknown
from models.domain.cases.case import Case, meeting_of
from models.domain.cases.parts import Decision
from models.domain.matter import Record
from models.schemas.case_file import load_case
from models.schemas.errors import CaseFileError, FieldError
from models.store import receipts
from rules.facts import Act, CaseFacts, Extension, Matter, Person
from rules.rulebook import Rulebook
from service.documents.proof_file import Package, packed, without
from service.usecases.act_on_case import read_case
from service.usecases.recommend import editions
from service.usecases.redact_proof import others_of, private
from service.usecases.tell_latitude import receipt_latitude

Parts = dict[str, Any]
_WORDS_OF_MATTER = frozenset({"name", "lead_unit", "co_units", "acts", "extension"})


@dataclass
class NotEvaluated(Exception):
    """A person of a case has no evaluation that a proof could rest on."""

    person: str

    def __str__(self) -> str:
        return f"对{self.person}还没有处理建议，不能制作证明包"


def prove(
    session: Session, receipt_id: str, *, person: str | None = None, redacted: bool = False, seed: bytes
) -> Package | None:
    """The proof package of a receipt; None where there is none. person: only this one; redacted: the copy for that person.

    Raises RulebookChanged; CaseFileError (the person is not in it, or is to be named).
    """
    return _proof(session, receipt_id, person, redacted, seed, {}, frozenset())


def prove_case(
    session: Session, case_id: str, *, person: str | None = None, redacted: bool = False, seed: bytes
) -> Package:
    """The proof package of what was decided on a person of a case, or of the last evaluation where nothing was yet.

    Raises CaseUnknown, PersonUnknown, NotEvaluated, RulebookChanged, CaseFileError (the person is to be named).
    """
    case = read_case(session, case_id).case
    only = _only(list(case.persons), True) if person is None else person
    if only is None or only not in case.persons:
        raise PersonUnknown(str(only))
    found = case.persons[only]
    decision = found.decision
    receipt_id = decision.receipt_id if decision is not None else found.receipt_id
    if receipt_id is None:
        raise NotEvaluated(found.name)
    decided = {} if decision is None else _decision(decision, case.records[decision.number - 1])
    made = _proof(session, receipt_id, only, redacted, seed, decided, _others(case, only))
    if made is None:
        raise NotEvaluated(found.name)
    return made


def _others(case: Case, person: str) -> frozenset[str]:
    """The names of everybody else in the case: persons, team, whoever acted."""
    names = {one.name for one in case.persons.values()} | {one.name for one in case.team}
    names |= {record.actor.name for record in case.records}
    return frozenset(names - {case.persons[person].name})


def _proof(
    session: Session,
    receipt_id: str,
    person: str | None,
    redacted: bool,
    seed: bytes,
    decided: Parts,
    names: frozenset[str],
) -> Package | None:
    body, asked = receipts.answer(session, receipt_id), receipts.facts(session, receipt_id)
    space = receipt_latitude(session, receipt_id)
    made = editions().made_by(asked[1]) if asked else None
    if body is None or asked is None or space is None or made is None:
        return None
    case = load_case(orjson.loads(asked[0]))
    ids = [one.id for one in case.persons]
    only = _only(ids, redacted) if person is None else person
    if only is not None and only not in ids:
        raise CaseFileError([FieldError("person", f"没有这名人员；可以是：{'、'.join(ids)}")])
    parts = {**evaluation_parts(case, body, space, made.book), **decided}
    package = packed(parts, seed)
    if redacted and only is not None:
        package = without(package, private(parts, ids.index(only), made.book, names))
    elif person is not None:
        package = without(package, others_of(parts, ids.index(person)))
    return package


def _only(ids: list[str], needed: bool) -> str | None:
    """The person where there is but one. Raises CaseFileError where one is ``needed`` and it is not clear which."""
    if len(ids) != 1 and needed:
        raise CaseFileError([FieldError("person", f"有几名人员，请写明其中一名：{'、'.join(ids)}")])
    return ids[0] if len(ids) == 1 else None


def evaluation_parts(case: CaseFacts, body: bytes, space: dict[str, Any], book: Rulebook) -> Parts:
    """Path → value of everything that an evaluation rests on. body: the receipt as it was answered; space: its latitude."""
    return {**_rules(book), **_facts(case, book), **_answers(body, orjson.loads(body), space)}


def _rules(book: Rulebook) -> Parts:
    readings = [
        {"reading": row.id, "question": row.question, "used": row.default, "text": row.alternatives[row.default],
         "status": row.status}
        for row in book.readings.values()
    ]  # fmt: skip
    return {**{f"rulebook/{name}": words for name, words in book.sources.items()}, "readings": readings}


def _facts(case: CaseFacts, book: Rulebook) -> Parts:
    """What the outcome follows from holds no words of people; those stand in parts of their own."""
    parts: Parts = {
        "facts/case": {"trigger_date": case.trigger_date.isoformat(), "planned": _plain(case.planned)},
        "facts/title": case.title,
        "facts/narrative": case.narrative,
        "facts/matter": _matter(case.matter, book),
        "facts/matter.words": _matter_words(case.matter),
    }
    for number, person in enumerate(case.persons):
        place = f"facts/persons/{number:03}"
        parts[place] = _person(person)
        parts[f"{place}/named"] = {"id": person.id, "name": person.name, "post": person.post}
        parts |= {f"{place}/grounds/{at:04}": ground for at, ground in enumerate(_grounds(person))}
    return parts


def _plain(found: Any, leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The fields of a dataclass as JSON carries them."""
    shown = {one.name: getattr(found, one.name) for one in fields(found) if one.name not in leave_out}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in shown.items()}


def _matter(matter: Matter, book: Rulebook) -> dict[str, Any]:
    return {
        **_plain(matter, _WORDS_OF_MATTER),
        "extension": None if matter.extension is None else _plain(matter.extension, frozenset({"reason"})),
        "acts": [_act(act, matter, book) for act in matter.acts],
    }


def _act(act: Act, matter: Matter, book: Rulebook) -> dict[str, Any]:
    by_office = act.by is None or act.by in book.office_names
    return {"date": act.on.isoformat(), "kind": act.kind, "by_office": by_office,
            "this_matter": act.matter in (None, matter.name)}  # fmt: skip


def _matter_words(matter: Matter) -> dict[str, Any]:
    reason = matter.extension.reason if isinstance(matter.extension, Extension) else None
    acts = [{"by": act.by, "channel": act.channel, "matter": act.matter} for act in matter.acts]
    return {"name": matter.name, "lead_unit": matter.lead_unit, "co_units": list(matter.co_units),
            "extension_reason": reason, "acts": acts}  # fmt: skip


def _person(person: Person) -> dict[str, Any]:
    judged = _plain(person, frozenset({"id", "name", "post", "findings", "evidence"}))
    findings = {
        group: {name: found.status for name, found in elements.items()} for group, elements in person.findings.items()
    }
    return {**judged, "findings": findings}


def _grounds(person: Person) -> Iterator[dict[str, Any]]:
    """Each piece of evidence, and who found what, one by one."""
    for group, elements in person.findings.items():
        for name, found in elements.items():
            about = f"{group}.{name}"
            if found.found_by is not None or found.found_on is not None or found.note is not None:
                yield {"about": about, "by": found.found_by, "note": found.note,
                       "on": found.found_on.isoformat() if found.found_on else None}  # fmt: skip
            yield from ({"about": about, "evidence": _piece(piece)} for piece in found.evidence)
    for about, pieces in person.evidence.items():
        yield from ({"about": about, "evidence": _piece(piece)} for piece in pieces)


def _piece(piece: Any) -> Any:
    return dict(piece) if isinstance(piece, Mapping) else piece


def _answers(body: bytes, answer: dict[str, Any], space: dict[str, Any]) -> Parts:
    """The answer as it was stored, and each person's part without the words of people."""
    parts: Parts = {"answer/raw": body.decode()}
    for number, (name, person) in enumerate(answer["persons"].items()):
        parts[f"answer/{number:03}"] = _without_evidence(person)
        parts[f"latitude/{number:03}"] = space["persons"][name]
    parts["package"] = {"receipt": answer["id"], "receipt_sha256": sha256(body).hexdigest(), "rulebook": answer["rulebook"],
                        "engine": answer["engine"], "persons": len(answer["persons"]), "notice": answer["notice"]}  # fmt: skip
    return parts


def _without_evidence(person: dict[str, Any]) -> dict[str, Any]:
    counted = person["supervision_count"]
    records = [{key: value for key, value in row.items() if key != "by"} for row in counted["records"]]
    steps = [
        {
            **step,
            "because": [{key: value for key, value in one.items() if key != "evidence"} for one in step["because"]],
        }
        for step in person["steps"]
    ]
    return {**person, "supervision_count": {**counted, "records": records}, "steps": steps}


def _decision(decision: Decision, record: Record) -> Parts:
    """What the committee chose and why; each reason is a part of its own."""
    meeting = meeting_of(record)
    parts: Parts = {
        "decision": {"outcome": decision.outcome, "measures": list(decision.measures), "referral": decision.referral,
                     "organisational_kind": decision.organisational_kind, "decided_on": decision.decided_on.isoformat(),
                     "receipt": decision.receipt_id},
        "decision/departure": decision.departure,
        "decision/referral_note": decision.referral_note,
        "decision/meeting": {"body": meeting.body, "on": meeting.on.isoformat(), "attendance": list(meeting.attendance),
                             "recused": list(meeting.recused), "votes": dict(meeting.votes)},
    }  # fmt: skip
    for at, (slot, chosen) in enumerate(decision.slots.items()):
        parts[f"decision/slots/{at:02}"] = {"slot": slot, **chosen}
    return parts
