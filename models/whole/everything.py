"""All that the ledger holds, kind by kind, row by row: for an export, in one pass, without the memory growing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from models.matter.matters import MatterRow, RecordRow
from models.office.inspections import InspectionRow
from models.people.posts import PostRow
from models.people.units import Unit, aliases
from models.receipts.evaluations import Evaluation
from models.receipts.receipts import Receipt
from models.records.stored import HAND
from models.store.attachments import Attachment
from models.store.database import Base

KINDS: Mapping[str, type[Base]] = {
    "unit": Unit,
    "post": PostRow,
    "matter": MatterRow,
    "record": RecordRow,
    "attachment": Attachment,
    "inspection": InspectionRow,
    "evaluation": Evaluation,
}
"""Kind → its rows; an evaluation comes with its receipt, a unit with its other names."""
_BATCH = 500
DAMAGED = "damaged"
"""Under this name goes out what cannot be read: the export goes on, and shows it."""
_DATA = frozenset({"details", "known", "members"})
"""What goes out as data. Other bytes, of which a hash was taken, go out as the same text."""


def rows_of(session: Session, kind: str) -> Iterator[dict[str, Any]]:
    """Every row of a kind in the order of its key: plain values, days, points in time."""
    columns = KINDS[kind].__table__.columns
    wanted: Select[Any] = select(*columns).order_by(*KINDS[kind].__table__.primary_key)
    named = dict(_named(session)) if kind == "unit" else {}
    if kind == "evaluation":
        wanted = select(*columns, *_receipt()).join(Receipt, Receipt.id == Evaluation.receipt_id)
        wanted = wanted.order_by(Receipt.number)
    for row in session.execute(wanted.execution_options(yield_per=_BATCH)).mappings():
        found = {name: _plain(name, value) for name, value in row.items()}
        if isinstance(said := found.get("details"), dict):
            found[HAND] = said.pop(HAND, None)
        yield found | ({"aliases": named.get(found["name"], [])} if kind == "unit" else {})


def _receipt() -> list[ColumnElement[Any]]:
    return [column for column in Receipt.__table__.columns if column.name != "id"]


def _plain(name: str, value: Any) -> Any:
    if name not in _DATA:
        return value.decode(errors="replace") if isinstance(value, bytes) else value
    if value is None:
        return None
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return {DAMAGED: value.decode(errors="replace") if isinstance(value, bytes) else str(value)}


def _named(session: Session) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for alias, unit in sorted(aliases(session).items()):
        found.setdefault(unit, []).append(alias)
    yield from found.items()
