"""What lies on top of a case's file: which documents there are, every file with its hash, every record in words. Source: art-9.3.c."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.case.case import Case
from models.records.record import Record
from models.schemas.entries import case_entries
from models.schemas.fields import Block
from rules.book.contract.case_effects import AboutPerson, Evaluated, Found, InquiryProposed, PointRaised
from rules.book.contract.effect import Effect
from rules.book.rulebook import Rulebook
from service.documents.case.papers import PaperStanding
from service.documents.case.receipts import ReceiptLine
from service.documents.ledger.archive import PackedFile
from service.documents.parts.paper import Paper
from service.documents.writing.case_words import evidence_words, finding_name, step_name, titled
from service.documents.writing.dossier import Dossier
from service.documents.writing.hand_words import aside_words, entered_words, is_aside
from service.documents.writing.laid_out import laid_out
from service.documents.writing.record_words import block_words

_OURS = {"person": "调查对象", "receipt_id": "处理建议的回执", "number": "文号", "year": "年度"}
"""What the system contributes to a record, in Chinese; and the person, who is told by name."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that the finding of a record rests on. file: where it lies in the package, None where it is gone; unchanged: whether
    its hash is still the one that was written down with the finding."""

    record: Record
    finding: Found
    piece: Mapping[str, Any]
    file: str | None
    unchanged: bool


def case_contents(
    dossier: Dossier,
    found: Iterable[tuple[PaperStanding, tuple[str, ...]]],
    proofs: Iterable[EvidenceFile],
    receipts: Iterable[tuple[ReceiptLine, str]],
    files: Iterable[PackedFile],
) -> Paper:
    """The table of contents. found: each document with the files that hold it; receipts: each with the file that holds it."""
    case = dossier.case
    subject = f"问责案卷目录（{case.title}）"
    values = {"case": case, "found": found, "files": files, "proofs": list(proofs), "receipts": receipts}
    return laid_out("case-contents", subject, dossier.book, **values)


def case_records_paper(dossier: Dossier) -> Paper:
    """Every record in words, with the provision that it rests on."""
    case, book, title = dossier.case, dossier.book, "问责案件办理记录"
    titles = {one.id: titled(one) for one in dossier.matters}

    def said(record: Record) -> str:
        return f"{record_words(record, case, book, titles)}\n{entered_words(record)}".strip()

    return laid_out(
        "records",
        f"{title}（{case.title}）",
        book,
        title=title,
        about=f"（{case.title}）",
        landscape=True,
        said=said,
        records=case.records,
        actions=book.proceedings.actions,
        kinds=book.proceedings.actors,
    )


def record_words(record: Record, case: Case, book: Rulebook, titles: Mapping[str, str]) -> str:
    """The details of a record, each under its Chinese name. titles: id of a matter → how it is called."""
    if is_aside(record):
        return aside_words(record, book.proceedings.actions, lambda act: record_words(act, case, book, titles))
    fields = case_entries(book).blocks[record.action].fields["details"]
    assert isinstance(fields, Block)
    said = {**record.details, **_in_words(record.effect, case, book, titles)}
    return block_words(fields, {_named(name, fields): value for name, value in said.items()})


def _named(name: str, fields: Block) -> str:
    """A field's name, or the Chinese of what is no field, or stands for another one."""
    return _OURS.get(name, name) if name == "person" or name not in fields.fields else name


def _in_words(effect: Effect | None, case: Case, book: Rulebook, titles: Mapping[str, str]) -> dict[str, Any]:
    """What stands in a record by its code."""
    about = {"person": case.persons[effect.person].name} if isinstance(effect, AboutPerson) else {}
    match effect:
        case InquiryProposed():
            return {"matters": tuple(titles.get(one, one) for one in effect.matters)}
        case Evaluated(matter=str() as matter):
            return about | {"matter": titles.get(matter, matter)}
        case Found():
            value = book.proceedings.elements[effect.element].get(effect.value, effect.value)
            evidence = {"evidence": evidence_words(effect.evidence).replace("\n", "；")} if effect.evidence else {}
            return about | {"element": finding_name(effect.element, book), "value": value} | evidence
        case PointRaised():
            accepting = tuple(
                f"{finding_name(one.element, book)}为{book.proceedings.elements[one.element].get(one.value, one.value)}"
                for one in effect.accepting
            )
            said: dict[str, Any] = {"accepting": accepting} if accepting else {}
            return about | {"step": step_name(effect.step, book)} | said
    return about
