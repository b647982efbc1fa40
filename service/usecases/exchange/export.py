"""Everything out again: as JSON lines, which another system reads, or as sheets, which people read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import IO, Any

import orjson
from sqlalchemy.orm import Session

from models.records.stored import dated
from models.store.database import SCHEMA
from models.whole.everything import KINDS, rows_of
from rules.reasoning.calendar import LOCAL
from rules.reasoning.editions import Books

FORMATS = ("jsonl", "xlsx")
MayRead = Callable[[str], bool]


def everybody(receipt_id: str) -> bool:
    """Whoever may have everything may read every receipt."""
    return True


def export_lines(session: Session, books: Books, *, now: datetime, may_read: MayRead = everybody) -> Iterator[bytes]:
    """A line for each row, ``{"type": …, "data": {…}}``, between a first that says when and a last that counts.

    Where the last line is missing, the file is not whole. may_read: by the id of a receipt, whether it goes out.
    """
    yield _line("begin", {"exported_at": now, "schema": SCHEMA})
    counts = dict.fromkeys(KINDS, 0)
    for kind in KINDS:
        for row in _rows(session, books, kind, may_read):
            counts[kind] += 1
            yield _line(kind, row)
    yield _line("end", counts)


def export_workbook(session: Session, books: Books, out: str | IO[bytes], *, may_read: MayRead = everybody) -> None:
    """A sheet for each kind."""
    from service.documents.ledger.export_sheets import (
        export_sheets,  # here, since its libraries take half of a start-up
    )
    from service.documents.parts.plain_sheets import PlainWorkbook

    with PlainWorkbook(out) as book:
        for sheet in export_sheets(books.usual):
            rows = _rows(session, books, sheet.kind, may_read)
            book.write(sheet.title, list(sheet.columns), (sheet.line(row) for row in rows))


def write_export(
    session: Session, books: Books, kind: str, out: IO[bytes], *, now: datetime, may_read: MayRead = everybody
) -> None:
    """Write an export of a kind of ``FORMATS``."""
    if kind == "xlsx":
        export_workbook(session, books, out, may_read=may_read)
    else:
        out.writelines(export_lines(session, books, now=now, may_read=may_read))


def _rows(session: Session, books: Books, kind: str, may_read: MayRead) -> Iterator[dict[str, Any]]:
    """The rows of a kind without the recommendations that are not for whoever asks: they belong to cases.

    Of a record it is told whether it was entered later than its day; one that cannot be read goes out as it lies.
    """
    if kind != "record":
        return (row for row in rows_of(session, kind) if kind != "evaluation" or may_read(row["receipt_id"]))
    return (row | {"late": _late(row)} for row in rows_of(session, kind))


def _late(row: Mapping[str, Any]) -> bool:
    done_on, recorded_at = row["done_on"], row["recorded_at"]
    return dated(done_on, recorded_at) and bool(recorded_at.astimezone(LOCAL).date() > done_on)


def _line(kind: str, data: dict[str, Any]) -> bytes:
    return orjson.dumps({"type": kind, "data": data}, option=orjson.OPT_APPEND_NEWLINE)
