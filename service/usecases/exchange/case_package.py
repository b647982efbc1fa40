"""A case's file as one package: every document that exists so far, the records, the stored evaluations, the files of the case
and those of its matters that are evidence, a table of contents.

The same case makes the same bytes. Source: art-9.3.c.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

from sqlalchemy.orm import Session

from models.case.case import Case
from models.records.record import Record, told
from models.schemas.case_evidence import reference_of
from models.store.attachments import Attachment
from rules.book.contract.case_effects import Found
from rules.reasoning.editions import Books
from service.documents.case.contents import EvidenceFile, case_contents, case_records_paper
from service.documents.case.papers import PaperStanding, standings
from service.documents.case.receipts import ReceiptLine, receipt_lines
from service.documents.writing.dossier import Dossier
from service.usecases.cases.evidence import files_of_case
from service.usecases.cases.papers import dossier
from service.usecases.exchange.packing import (
    PackagePart,
    attached_part,
    drawn,
    made_part,
    named_files,
    records,
    safe_name,
    write_package,
)

_DOCUMENTS, _RECORDS, _EVALUATIONS, _ATTACHED = "1-文书", "2-办理记录", "3-处理建议", "4-附件"
Held = list[tuple[PaperStanding, tuple[str, ...]]]
"""Each document with the files that hold it."""


def write_case_package(session: Session, books: Books, case_id: str, out: IO[bytes], *, folder: Path) -> None:
    """Write the package as zip into ``out``. folder: where the bytes of attachments lie.

    Raises CaseUnknown, attachments.ContentLost.
    """
    found = dossier(session, books, case_id)
    held: Held = []
    attached = _attached(session, found)
    actions = found.book.proceedings.actions
    receipts = _receipts(found)
    parts = [*_documents(found, held), *(made_part(name, one.receipt.raw) for one, name in receipts)]
    parts += records(_RECORDS, found.case.records, actions, case_records_paper(found))
    parts += (attached_part(name, row) for name, row in attached.items())
    proofs = list(_proofs(found, attached))
    write_package(
        parts, partial(case_contents, found, held, proofs, receipts), _index(found, held, proofs, receipts), out, folder
    )


def _attached(session: Session, found: Dossier) -> dict[str, Attachment]:
    """The files of the case, and those of its matters that a finding names, under their names in the package."""
    cited = {piece["attachment"] for _, _, piece in _cited(found.case)}
    rows = files_of_case(session, found.id, found.case)
    return named_files(_ATTACHED, (row for row in rows if row.case_id is not None or row.id in cited))


def _cited(case: Case) -> Iterator[tuple[Record, Found, Mapping[str, Any]]]:
    """Every piece of evidence that was written down with the hash of its file, with its record and finding."""
    for record, found in told(case.records, Found):
        for piece in found.evidence:
            if isinstance(piece, Mapping) and reference_of(piece) == "attachment" and "sha256" in piece:
                yield record, found, piece


def _proofs(found: Dossier, attached: Mapping[str, Attachment]) -> Iterator[EvidenceFile]:
    names = {row.id: name for name, row in attached.items()}
    for record, finding, piece in _cited(found.case):
        name = names.get(piece["attachment"])
        yield EvidenceFile(record, finding, piece, name, name is not None and attached[name].sha256 == piece["sha256"])


def _documents(found: Dossier, held: Held) -> Iterator[PackagePart]:
    """Each document as often as it was made, numbered in the order of the procedure; no draft."""
    at = 0
    for one in standings(found):
        names: list[str] = []
        for make in one.papers:
            at += 1
            about = f"-{found.case.persons[one.person].name}" if one.person else ""
            made = list(drawn(f"{_DOCUMENTS}/{safe_name(f'{at:03}-{one.kind.title}{about}')}", make()))
            names += [part.filed.name for part in made]
            yield from made
        held.append((one, tuple(names)))


def _receipts(found: Dossier) -> list[tuple[ReceiptLine, str]]:
    """Every receipt exactly as it was answered, with its name in the package: by its record, or by its number where it is no step."""
    steps = {
        one.receipt_id: f"{one.record.number:04}-{found.case.persons[person].name}-第{one.at}次.json"
        for person, evaluations in found.evaluations.items()
        for one in evaluations
    }
    return [
        (
            one,
            f"{_EVALUATIONS}/{safe_name(steps.get(one.receipt.receipt_id, f'推算-第{one.receipt.number:04}号.json'))}",
        )
        for one in receipt_lines(found)
    ]


def _index(
    found: Dossier, held: Held, proofs: list[EvidenceFile], receipts: list[tuple[ReceiptLine, str]]
) -> Mapping[str, Any]:
    case = found.case
    return {
        "case": {"id": found.id, "title": case.title, "state": case.state, "version": case.version,
                 "matters": [{"id": one.id, "number": one.number, "title": one.title} for one in found.matters],
                 "persons": [{"id": one.id, "name": one.name.name} for one in case.persons.values()]},
        "documents": [
            {"name": one.kind.name, "title": one.kind.title, "person": one.person, "state": one.state,
             "why": one.why or None, "provision": one.provision, "files": names}
            for one, names in held
        ],
        "evidence": [
            {"record": proof.record.number, "person": proof.finding.person,
             "element": proof.finding.element, "attachment": proof.piece["attachment"],
             "file_name": proof.piece["file_name"], "sha256": proof.piece["sha256"], "file": proof.file,
             "unchanged": proof.unchanged}
            for proof in proofs
        ],
        "receipts": [
            {"number": one.receipt.number, "receipt": one.receipt.receipt_id, "at": one.receipt.asked_at.isoformat(),
             "by": one.by, "step": one.step, "what": one.what, "differs": one.differs, "file": name}
            for one, name in receipts
        ],
    }  # fmt: skip
