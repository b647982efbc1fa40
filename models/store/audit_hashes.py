"""Hashes of what the audit trail vouches for: of an event, and of a record of a matter or a case as it is stored."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.store.audit_notes import Key
from models.store.cases import CaseRecordRow
from models.store.matters import RecordRow
from models.store.records import RecordColumns

ALGORITHMS = ("sha256", "sm3")
RECORDS: Mapping[str, tuple[type[RecordColumns], InstrumentedAttribute[str]]] = {
    "matter": (RecordRow, RecordRow.matter_id),
    "case": (CaseRecordRow, CaseRecordRow.case_id),
}
"""Kind → its records, and the column that says whose they are."""
_FIELDS = ("action", "done_on", "actor_name", "actor_kind", "actor_unit", "recorded_at", "entered_by", "request_key")
"""Named here once and for all: a column that is added later must not change the hashes of what is there."""
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
    table, owner = RECORDS[kind]
    columns = [owner, table.number, *(getattr(table, name) for name in _FIELDS), table.details]
    for at in range(0, len(keys), _AT_ONCE):
        yield from session.execute(select(*columns).where(tuple_(owner, table.number).in_(keys[at : at + _AT_ONCE])))


def _hash(kind: str, row: Sequence[Any], algorithm: str) -> str:
    values = dict(zip(("owner", "number", *_FIELDS), row, strict=False))
    return digest(algorithm, {"kind": kind, **values}, row[-1])
