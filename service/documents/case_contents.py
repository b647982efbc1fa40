"""What lies on top of a case's file: which documents there are, every file with its hash, every record in words. Source: art-9.3.c."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.domain.cases.case import Case
from models.domain.matter import Record
from models.schemas.entries import case_entries
from models.schemas.fields import Block
from rules.contract.case_effects import AboutPerson, Evaluated, Found, InquiryProposed, PointRaised
from rules.contract.effect import Effect
from rules.loading import load_rulebook
from rules.rulebook import Rulebook
from service.documents.archive import RECORD_COLUMNS, Filed, block_words, entry_words, files_table, record_row
from service.documents.case_dossier import Dossier
from service.documents.case_papers import Standing
from service.documents.case_words import evidence_words, finding_name, step_name, titled
from service.documents.paper import Line, Paper, Table, listing

_STATES = {"exists": "有", "draft": "草稿，不入卷", "not_yet": "尚无"}
_DOCUMENT_COLUMNS, _DOCUMENT_WIDTHS = ("文书", "调查对象", "有无", "所在文件或者原因"), (42.0, 24.0, 20.0, 70.0)
_PROOF_COLUMNS = ("办理记录", "调查对象", "认定事项", "证据", "所在文件和核对")
_PROOF_WIDTHS = (18.0, 22.0, 42.0, 38.0, 36.0)
_RECORD_WIDTHS = (12.0, 22.0, 28.0, 30.0, 101.0, 32.0)
_OURS = {"person": "调查对象", "receipt_id": "处理建议的回执", "number": "文号", "year": "年度"}
"""What the system contributes to a record, in Chinese; and the person, who is told by name."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that the finding of a record rests on. file: where it lies in the package, None where it is gone; unchanged: whether
    its hash is still the one that was written down with the finding."""

    record: Record
    finding: Found
    piece: Mapping[str, Any]
    file: str | None
    unchanged: bool


def case_contents(
    dossier: Dossier, found: Iterable[tuple[Standing, tuple[str, ...]]], files: Iterable[Filed], proofs: Iterable[Proof]
) -> Paper:
    """The table of contents. found: each document with the files that hold it."""
    case = dossier.case
    rows = [
        (one.kind.title, case.persons[one.person].name if one.person else "", _state(one, held),
         "\n".join(held) or f"{one.why}")
        for one, held in found
    ]  # fmt: skip
    blocks = (
        Line("问责案卷目录", "title"),
        Line(f"{case.title}（{dossier.book.proceedings.states[case.state]}）", "number"),
        Line("文书核对", "caption"),
        listing(_DOCUMENT_COLUMNS, rows, _DOCUMENT_WIDTHS, centred=frozenset({1, 2})),
        *_proofs_checked(dossier, list(proofs)),
        Line("文件清单", "caption"),
        files_table(files),
    )
    return Paper(f"问责案卷目录（{case.title}）", blocks)


def _proofs_checked(dossier: Dossier, proofs: list[Proof]) -> Iterator[Line | Table]:
    """Every file that is evidence, held against what was written down with the finding."""
    if not proofs:
        return
    rows = (
        (f"第{one.record.number}号", dossier.case.persons[one.finding.person].name,
         finding_name(one.finding.element, dossier.book), evidence_words([one.piece]), _checked(one))
        for one in proofs
    )  # fmt: skip
    yield Line("证据文件核对", "caption")
    yield listing(_PROOF_COLUMNS, rows, _PROOF_WIDTHS, centred=frozenset({0, 1}))


def _checked(one: Proof) -> str:
    if one.file is None:
        return "已没有这个文件"
    return f"{one.file}\n{'与认定时一致' if one.unchanged else '已不是认定时的文件'}"


def _state(one: Standing, held: tuple[str, ...]) -> str:
    return "有，已退回" if held and one.state == "draft" else _STATES[one.state]


def case_records_paper(dossier: Dossier) -> Paper:
    """Every record in words, with the provision that it rests on."""
    case, book = dossier.case, dossier.book
    titles = {one.id: titled(one) for one in dossier.matters}
    said = {one.number: f"{record_words(one, case, book, titles)}\n{entry_words(one)}".strip() for one in case.records}
    rows = (
        record_row(
            one,
            book.proceedings.actions[one.action],
            load_rulebook().proceedings.actors[one.actor.kind],
            said[one.number],
            book,
        )
        for one in case.records
    )
    blocks = (
        Line("问责案件办理记录", "title"),
        Line(f"（{case.title}）", "number"),
        listing(RECORD_COLUMNS, rows, _RECORD_WIDTHS, centred=frozenset({0, 1})),
    )
    return Paper(f"问责案件办理记录（{case.title}）", blocks, landscape=True)


def record_words(record: Record, case: Case, book: Rulebook, titles: Mapping[str, str]) -> str:
    """The details of a record, each under its Chinese name. titles: id of a matter → how it is called."""
    fields = case_entries(load_rulebook()).blocks[record.action].fields["details"]
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
            value = load_rulebook().proceedings.elements[effect.element].get(effect.value, effect.value)
            evidence = {"evidence": evidence_words(effect.evidence).replace("\n", "；")} if effect.evidence else {}
            return about | {"element": finding_name(effect.element, book), "value": value} | evidence
        case PointRaised():
            accepting = tuple(
                f"{finding_name(one.element, book)}为{load_rulebook().proceedings.elements[one.element].get(one.value, one.value)}"
                for one in effect.accepting
            )
            said: dict[str, Any] = {"accepting": accepting} if accepting else {}
            return about | {"step": step_name(effect.step, book)} | said
    return about
