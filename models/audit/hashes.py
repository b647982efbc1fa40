"""Hashes of what the audit trail vouches for: of an event, and of a row as it is stored."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Integer, func, literal_column, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.case.cases import CaseRecordRow, DecisionRow
from models.matter.matters import MatterRow, RecordRow
from models.office.periods import PeriodActRow
from models.receipts.case_receipts import CaseReceipt
from models.receipts.evaluations import Evaluation
from models.receipts.proofs import Proof
from models.receipts.receipts import Receipt
from models.receipts.rulebooks import BOOK_ID, KeptRulebook
from models.store.attachments import Attachment
from models.store.audit_notes import Key
from models.store.database import Base

ALGORITHMS = ("sha256", "sm3")
_RECORD = ("action", "done_on", "actor_name", "actor_kind", "actor_unit", "recorded_at", "entered_by", "request_key")
_ONE = literal_column("1", Integer)
"""Of what has an id of its own and no number."""
_NUMBER: Any = MatterRow.number
"""Of a matter that is not registered yet there is none, and no event vouches for it."""
_BOOK = func.substr(KeptRulebook.sha256, 1, BOOK_ID).label("sha256")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that events vouch for. owner, number: what names one; called: how, in Chinese; fields, raw: what is hashed of it.

    The fields are named once and for all: a column that is added later must not change the hashes of what is there.
    """

    table: type[Base]
    owner: ColumnElement[str] | InstrumentedAttribute[str]
    number: ColumnElement[int] | InstrumentedAttribute[int]
    called: str
    fields: tuple[str, ...]
    raw: str | None = None


RECORDS: Mapping[str, Rows] = {
    "matter": Rows(RecordRow, RecordRow.matter_id, RecordRow.number, "事项 {} 的第{}号记录", _RECORD, "details"),
    "case": Rows(CaseRecordRow, CaseRecordRow.case_id, CaseRecordRow.number, "案件 {} 的第{}号记录", _RECORD, "details"),
    "receipt": Rows(
        Receipt, Receipt.id, Receipt.number, "处理建议回执 {}",
        ("created_at", "actor", "rulebook_id", "rulebook_sha256", "engine", "facts", "recommendation", "sha256"),
    ),
    "rulebook": Rows(KeptRulebook, _BOOK, _ONE, "规则库 {}", ("sha256", "kept_at"), "files"),
    "proof": Rows(Proof, Proof.receipt_id, _ONE, "处理建议回执 {} 的证明材料", ("sha256",), "parts"),
    "evaluation": Rows(
        Evaluation, Evaluation.receipt_id, Evaluation.version, "由台账请求的处理建议 {}", ("matter_id",)
    ),
    "of_case": Rows(
        CaseReceipt, CaseReceipt.receipt_id, CaseReceipt.number, "处理建议回执 {} 在案件中的第{}号", ("case_id", "account_id")
    ),
    "attachment": Rows(
        Attachment, Attachment.id, _ONE, "附件 {}",
        ("matter_id", "case_id", "sha256", "file_name", "media_type", "size", "uploaded_at", "uploaded_by"),
    ),
    "numbering": Rows(MatterRow, MatterRow.id, _NUMBER, "事项 {} 的编号{}", ("number_year",)),
    "decision": Rows(DecisionRow, DecisionRow.number, DecisionRow.record_number, "决定文号 {}", ("case_id", "person")),
    "period": Rows(
        PeriodActRow, PeriodActRow.row, PeriodActRow.number, "影响期表 {} 的第{}次登记",
        ("kind", "done_on", "by", "document", "months", "start", "reason", "recorded_at", "entered_by"),
    ),
}  # fmt: skip
"""Kind → its rows. The trail of the first release vouched for records alone."""
_AT_ONCE = 400


def digest(algorithm: str, fields: Mapping[str, Any], raw: bytes) -> str:
    """Over the canonical JSON of the fields (keys in order) and bytes as they are. Raises ValueError for an unknown algorithm."""
    if algorithm not in ALGORITHMS:
        raise ValueError(algorithm)
    text = orjson.dumps(fields, default=repr, option=orjson.OPT_SORT_KEYS)
    return hashlib.new(algorithm, text + b"\n" + raw).hexdigest()


def record_hashes(session: Session, wanted: Collection[Key], algorithm: str) -> dict[Key, str]:
    """The hash of each of these records that is there. Raises whatever a value raises that cannot be read."""
    of_kind: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for kind, owner_id, number in wanted:
        of_kind[kind].append((owner_id, number))
    found = {}
    for kind, keys in of_kind.items():
        for row in _rows(session, kind, keys):
            found[kind, str(row[0]), int(row[1])] = _hash(kind, row, algorithm)
    return found


def _rows(session: Session, kind: str, keys: list[tuple[str, int]]) -> Iterator[Sequence[Any]]:
    if kind not in RECORDS:
        return
    of = RECORDS[kind]
    columns = [of.owner, of.number, *(getattr(of.table, name) for name in (*of.fields, *([of.raw] if of.raw else ())))]
    for at in range(0, len(keys), _AT_ONCE):
        yield from session.execute(select(*columns).where(tuple_(of.owner, of.number).in_(keys[at : at + _AT_ONCE])))


def _hash(kind: str, row: Sequence[Any], algorithm: str) -> str:
    of = RECORDS[kind]
    values = dict(zip(of.fields, row[2:], strict=False))
    said = {"kind": kind, "owner": row[0], "number": row[1]}
    return digest(algorithm, said | values, row[-1]) if of.raw else digest(algorithm, said | {"row": values}, b"")


def named(key: Key) -> str:
    """A row as people find it."""
    kind, owner_id, number = key
    return RECORDS[kind].called.format(owner_id, number) if kind in RECORDS else f"{kind} {owner_id} {number}"
