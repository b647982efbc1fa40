"""The evidence of a finding: what it names has to be there, and is written down as it was when the finding was made. Source: art-9.1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from models.case.case import Case
from models.records.record import Record, told
from models.schemas.case_evidence import reference_of
from models.schemas.errors import CaseFileError, FieldError, shown
from models.schemas.finding_fields import EVIDENCE_KEYS
from models.store import attachments
from models.store.attachments import Attachment
from rules.book.contract.case_effects import Heard
from rules.reasoning.editions import Books
from service.usecases.entry import Entry
from service.usecases.matters.act_on_matter import MatterOutcome, read_matter

_HEARING = "hear"


class _NotThere(LookupError):
    """What a piece of evidence names is not there; the message says what may be named."""


class _Around:
    """Where evidence is looked for; each place is asked once."""

    def __init__(self, session: Session, books: Books, case_id: str, case: Case) -> None:
        self.books = books
        self.session, self.case_id, self.case = session, case_id, case

    @cached_property
    def files(self) -> Mapping[str, Attachment]:
        return {found.id: found for found in files_of_case(self.session, self.case_id, self.case)}

    @cached_property
    def matters(self) -> Sequence[MatterOutcome]:
        return [read_matter(self.session, self.books, matter_id) for matter_id in self.case.matters]


def with_evidence(session: Session, books: Books, case_id: str, case: Case, entry: Entry) -> Entry:
    """The entry with what the system knows of its evidence. Raises CaseFileError, with every piece that cannot stand."""
    around, faults, made = _Around(session, books, case_id, case), [], []
    for at, piece in enumerate(entry.details.get("evidence") or ()):
        name = reference_of(piece)
        if name is None:
            made.append(piece)
            continue
        try:
            known = _LOOK_UPS[name](around, piece[name])
        except _NotThere as error:
            faults.append(FieldError(f"details.evidence[{at}].{name}", str(error)))
            continue
        faults += (FieldError(f"details.evidence[{at}]{path}", said) for path, said in _differing(piece, known))
        made.append({**piece, **known})
    if faults:
        raise CaseFileError(faults)
    return replace(entry, details={**entry.details, "evidence": tuple(made)}) if made else entry


def files_of_case(session: Session, case_id: str, case: Case) -> Iterator[Attachment]:
    """The files that may be evidence: those of the case, then those of its matters."""
    yield from attachments.of(session, "case", case_id)
    for matter_id in case.matters:
        yield from attachments.of(session, "matter", matter_id)


def _differing(piece: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What was written beside the reference and is not so."""
    for name, value in known.items():
        if name in piece and piece[name] != value:
            yield f".{name}", f"由系统写入，应为“{value}”，现为“{shown(piece[name])}”；可以不写"
    if len({*piece, *known}) > EVIDENCE_KEYS:
        yield "", f"连同系统写入的{'、'.join(known)}，至多{EVIDENCE_KEYS}个字段"


def _file(around: _Around, attachment_id: str) -> Mapping[str, Any]:
    found = around.files.get(attachment_id)
    if found is None:
        raise _NotThere("本案和所涉事项都没有这个附件；请先为本案上传，并写明附件编号")
    return {"file_name": found.file_name, "sha256": found.sha256}


def _ledger_record(around: _Around, named: str) -> Mapping[str, Any]:
    matter, _, number = named.strip().rpartition("#")
    for found in around.matters:
        records = {str(record.number): record for record in found.matter.records}
        if matter in (found.number, found.id) and number in records:
            record = records[number]
            label = around.books.usual.ledger.actions[record.action].label
            return {"action": label, **_days(record)}
    known = "、".join(f"{found.number or found.id}#1至{found.matter.version}" for found in around.matters)
    raise _NotThere(f"应为本案所涉事项的记录，写作“事项#记录序号”：{known}")


def _hearing(around: _Around, number: int) -> Mapping[str, Any]:
    case = around.case
    heard = {record.number: (record, said) for record, said in told(case.records, Heard)}
    if number not in heard:
        known = f"第{'、'.join(map(str, heard))}号" if heard else "尚无"
        label = around.books.usual.proceedings.actions[_HEARING].label
        raise _NotThere(f"应为本案“{label}”记录的序号；本案现有：{known}")
    record, said = heard[number]
    return {"by": case.persons[said.person].name.name, **_days(record)}


def _days(record: Record) -> dict[str, str]:
    """When something was done, and entered where that was later."""
    entered = {"entered_on": record.entered_on.isoformat()} if record.late else {}
    return {"on": record.on.isoformat(), **entered}


_LOOK_UPS: Mapping[str, Callable[[_Around, Any], Mapping[str, Any]]] = {
    "attachment": _file,
    "ledger_record": _ledger_record,
    "hearing": _hearing,
}
"""Field that names something → what is known of it."""
