"""What a recommendation rests on, and what came after it: told wherever it stands beside something that may have moved since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from models.case.case import Case
from models.case.parts import Finding
from models.records.record import Record
from rules.reasoning.ledger_answer import FromLedger
from service.documents.writing.case_words import titled
from service.documents.writing.dossier import Concerned, Dossier, PersonEvaluation
from service.documents.writing.wording import day


@dataclass(frozen=True, slots=True)
class Basis:
    """version: how many records the matter had that a recommendation was made of; since: those that it got until the day of the
    document or page; found: the findings about the person that were made since."""

    evaluated: PersonEvaluation
    matter: Concerned
    version: int
    since: tuple[Record, ...]
    found: tuple[Finding, ...]


def basis_of(dossier: Dossier, case: Case, person: str, evaluated: PersonEvaluation) -> Basis:
    """case: as it was when it is told."""
    ledger, until = evaluated.answer.ledger, dossier.moment(case)
    if not isinstance(ledger, FromLedger):  # a case is evaluated by its matter alone
        raise LookupError(evaluated.receipt_id)
    matter = next(one for one in dossier.matters if one.id == ledger.matter_id)
    later = matter.matter.records[ledger.version :]
    since = tuple(takewhile(lambda one: until is None or one.recorded_at <= until, later))
    found = tuple(one for one in case.persons[person].findings.values() if one.number > evaluated.record.number)
    return Basis(evaluated, matter, ledger.version, since, found)


def moved(dossier: Dossier, case: Case, person: str, evaluated: PersonEvaluation | None) -> Iterator[str]:
    """What came after a recommendation on a person, and that it counts none of it; nothing where nothing came."""
    if evaluated is None:
        return
    basis, book = basis_of(dossier, case, person, evaluated), dossier.book
    if not basis.since and not basis.found:
        return
    yield f"第{evaluated.at}次处理建议所依的，是{titled(basis.matter)}截至第{basis.version}号记录的台账和当时的认定。"
    if basis.since:
        said = "，".join(_said(one, book.ledger.actions[one.action].label) for one in basis.since)
        yield f"此后台账新增{len(basis.since)}条记录：{said}。"
    if basis.found:
        said = "，".join(
            f"{day(one.on)}{book.vocabulary.label(one.element)}（第{one.number}号记录）" for one in basis.found
        )
        yield f"此后另有{len(basis.found)}项认定：{said}。"
    yield "该次处理建议以及由其推算的内容没有计入这些记录；需要计入的，由调查组重新请求处理建议，已经报送的先退回补充调查。"


def moved_since_last(dossier: Dossier, person: str) -> list[str]:
    """What came after the last recommendation on a person, until they were decided about."""
    last = dossier.evaluated(person, dossier.case.persons[person].receipt_id)
    return list(moved(dossier, dossier.deliberated(person), person, last))


def _said(record: Record, label: str) -> str:
    entered = f"，{day(record.entered_on)}补录" if record.late else ""
    return f"{day(record.on)}{label}（第{record.number}号记录{entered}）"
