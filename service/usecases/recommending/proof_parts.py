"""What a receipt is proved with: what was found, what followed, and what may be done, each in parts of its own. Source: art-9.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from hashlib import sha256
from typing import Any

import msgspec
import orjson

from rules.book.rulebook import Rulebook
from rules.latitude.answer import Admissible
from rules.reasoning.facts import Act, CaseFacts, ExtensionFacts, MatterFacts, PersonFacts

Parts = dict[str, Any]
_WORDS_OF_MATTER = frozenset({"name", "lead_unit", "co_units", "acts", "extension"})


def kept_beside(case: CaseFacts, space: Admissible, book: Rulebook) -> Parts:
    """Path → value of what is kept beside a receipt: its facts part by part, its latitude, the readings used. space: its latitude."""
    spaces = {
        f"latitude/{number:03}": msgspec.to_builtins(found) for number, found in enumerate(space.persons.values())
    }
    return {"readings": _readings(book), **_facts(case, book), **spaces}


def whole(kept: Parts, body: bytes, sources: Mapping[str, str]) -> Parts:
    """The same with the receipt and the files of its rulebook: everything of a package. body: the receipt as it was answered."""
    return {**{f"rulebook/{name}": words for name, words in sources.items()}, **kept, **_answers(body)}


def _readings(book: Rulebook) -> list[dict[str, str]]:
    return [
        {
            "reading": row.id,
            "question": row.question,
            "used": row.default,
            "text": row.alternatives[row.default],
            "status": row.status,
        }
        for row in book.readings.values()
    ]


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


def _matter(matter: MatterFacts, book: Rulebook) -> dict[str, Any]:
    return {
        **_plain(matter, _WORDS_OF_MATTER),
        "extension": None if matter.extension is None else _plain(matter.extension, frozenset({"reason"})),
        "acts": [_act(act, matter, book) for act in matter.acts],
    }


def _act(act: Act, matter: MatterFacts, book: Rulebook) -> dict[str, Any]:
    by_office = act.by is None or act.by in book.office_names
    told = {"date": act.on.isoformat(), "kind": act.kind, "by_office": by_office,
            "this_matter": act.matter in (None, matter.name)}  # fmt: skip
    return told | ({} if act.supported is None else {"supported": act.supported})


def _matter_words(matter: MatterFacts) -> dict[str, Any]:
    reason = matter.extension.reason if isinstance(matter.extension, ExtensionFacts) else None
    acts = [{"by": act.by, "channel": act.channel, "matter": act.matter} for act in matter.acts]
    return {"name": matter.name, "lead_unit": matter.lead_unit, "co_units": list(matter.co_units),
            "extension_reason": reason, "acts": acts}  # fmt: skip


def _person(person: PersonFacts) -> dict[str, Any]:
    judged = _plain(person, frozenset({"id", "name", "post", "findings", "evidence"}))
    findings = {
        group: {name: found.status for name, found in elements.items()} for group, elements in person.findings.items()
    }
    return {**judged, "findings": findings}


def _grounds(person: PersonFacts) -> Iterator[dict[str, Any]]:
    """Each piece of evidence, and who found what, one by one."""
    for group, elements in person.findings.items():
        for name, found in elements.items():
            about = f"{group}.{name}"
            if found.found_by is not None or found.found_on is not None or found.note is not None:
                yield {
                    "about": about,
                    "by": found.found_by,
                    "note": found.note,
                    "on": found.found_on.isoformat() if found.found_on else None,
                }
            yield from ({"about": about, "evidence": _piece(piece)} for piece in found.evidence)
    for about, pieces in person.evidence.items():
        yield from ({"about": about, "evidence": _piece(piece)} for piece in pieces)


def _piece(piece: Any) -> Any:
    return dict(piece) if isinstance(piece, Mapping) else piece


def _answers(body: bytes) -> Parts:
    """The answer as it was stored, and each person's part without the words of people."""
    answer = orjson.loads(body)
    parts: Parts = {"answer/raw": body.decode()}
    for number, person in enumerate(answer["persons"].values()):
        parts[f"answer/{number:03}"] = _without_evidence(person)
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
