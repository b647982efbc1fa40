"""Bring in the school's units from a table: every row's problem is shown first, and nothing is written by halves."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.store.units import Unit

_COLUMNS = ("单位", "起", "止")
_MOST_ROWS, _MOST_BYTES = 10_000, 5_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: its line, what it says, and what is wrong with it (None where it is fit)."""

    line: int
    name: str
    from_on: date | None
    to_on: date | None
    problem: str | None


class TableUnreadable(ValueError):
    """The file is not such a table."""


def read_units(raw: bytes) -> list[Row]:
    """The rows of a CSV file (UTF-8 or GB 18030) with the columns 单位, 起 and 止. Raises TableUnreadable."""
    if len(raw) > _MOST_BYTES:
        raise TableUnreadable(f"文件过大，最多 {_MOST_BYTES} 字节")
    table = list(csv.reader(io.StringIO(_text(raw)), strict=True))
    if not table or tuple(cell.strip() for cell in table[0]) != _COLUMNS:
        raise TableUnreadable(f"第一行应为：{'、'.join(_COLUMNS)}")
    if len(table) > _MOST_ROWS:
        raise TableUnreadable(f"最多 {_MOST_ROWS} 行")
    seen: set[str] = set()
    rows = []
    for line, cells in enumerate(table[1:], 2):
        row = _row(line, [cell.strip() for cell in cells], seen)
        seen.add(row.name)
        rows.append(row)
    return rows


def import_units(session: Session, rows: list[Row]) -> int:
    """Write fit rows: a new unit, or new days of a known one. The number written."""
    fit = [row for row in rows if row.problem is None]
    for row in fit:
        session.merge(Unit(name=row.name, from_on=row.from_on, to_on=row.to_on))
    session.flush()
    return len(fit)


def _text(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableUnreadable("不是 UTF-8 或者 GB 18030 文字")


def _row(line: int, cells: list[str], seen: set[str]) -> Row:
    if len(cells) != len(_COLUMNS):
        return Row(line, "", None, None, f"应有{len(_COLUMNS)}列，现为{len(cells)}列")
    name, problems, days = cells[0], [], []
    if not name or len(name) > 200 or not name.isprintable():
        problems.append("单位名称应为1至200个字")
    elif name in seen:
        problems.append("单位重复")
    elif name[0] in "=+-@":
        problems.append("单位名称不能以 = + - @ 开头")
    for label, value in zip(_COLUMNS[1:], cells[1:], strict=True):
        try:
            days.append(date.fromisoformat(value) if value else None)
        except ValueError:
            days.append(None)
            problems.append(f"“{label}”应为日期，格式 YYYY-MM-DD，现为“{value[:20]}”")
    if days[0] is None and not problems:
        problems.append("缺少“起”")
    if days[0] and days[1] and days[1] < days[0]:
        problems.append("“止”不得早于“起”")
    return Row(line, name, days[0], days[1], "；".join(problems) or None)
