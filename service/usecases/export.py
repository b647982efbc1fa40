"""Everything out again: as JSON lines, which another system reads, or as sheets, which people read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

import orjson
from sqlalchemy.orm import Session

from models.store.database import SCHEMA
from models.store.everything import KINDS, rows_of
from rules.loading import load_rulebook

FORMATS = ("jsonl", "xlsx")


def export_lines(session: Session, *, now: datetime) -> Iterator[bytes]:
    """A line for each row, ``{"type": …, "data": {…}}``, between a first that says when and a last that counts.

    Where the last line is missing, the file is not whole.
    """
    yield _line("begin", {"exported_at": now, "schema": SCHEMA})
    counts = dict.fromkeys(KINDS, 0)
    for kind in KINDS:
        for row in rows_of(session, kind):
            counts[kind] += 1
            yield _line(kind, row)
    yield _line("end", counts)


def export_workbook(session: Session, out: str | IO[bytes]) -> None:
    """A sheet for each kind."""
    from service.documents.export_sheets import export_sheets  # here, since its libraries take half of a start-up
    from service.documents.plain_sheets import PlainWorkbook

    with PlainWorkbook(out) as book:
        for kind, sheet in export_sheets(load_rulebook()).items():
            book.write(sheet.title, list(sheet.columns), (sheet.line(row) for row in rows_of(session, kind)))


def write_export(session: Session, kind: str, out: IO[bytes], *, now: datetime) -> None:
    """Write an export of a kind of ``FORMATS``."""
    if kind == "xlsx":
        export_workbook(session, out)
    else:
        out.writelines(export_lines(session, now=now))


def _line(kind: str, data: dict[str, Any]) -> bytes:
    return orjson.dumps({"type": kind, "data": data}, option=orjson.OPT_APPEND_NEWLINE)
