"""A table from outside: its columns found by their names, its rows by the numbers of their lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.schemas.errors import shown
from models.schemas.sheets import CellFault, Sheet, letter_of, places, read_sheets
from models.schemas.workbooks import MOST_BYTES, TableUnreadable

__all__ = [
    "IGNORED",
    "MOST_BYTES",
    "TableColumn",
    "TableRead",
    "TableRow",
    "TableUnreadable",
    "day_of",
    "read_table",
    "several",
]
_HEAD_WITHIN = 10
"""The header is looked for in so many lines: above it a table may have a title."""
IGNORED = "不导入"
"""What a column is renamed to, to be left out knowingly."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column that is looked for: its name, and what else it may be called. unused: known, and left out."""

    name: str
    others: tuple[str, ...] = ()
    required: bool = False
    unused: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its line in the file, and the text of each column by name, empty where nothing stands."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table by its columns' names; ``header`` as it stands in the file."""

    title: str
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]


def read_table(
    raw: bytes,
    name: str,
    columns: Sequence[TableColumn],
    *,
    sheet: str | None = None,
    renamed: Mapping[str, str] | None = None,
) -> TableRead:
    """The table of a file. Raises TableUnreadable.

    name: the file's name; sheet: which of several; renamed: a column's name in the file → ours, or ``IGNORED``.
    """
    return table_of(_chosen(read_sheets(raw, name), sheet), columns, renamed or {})


def table_of(sheet: Sheet, columns: Sequence[TableColumn], renamed: Mapping[str, str]) -> TableRead:
    """The columns of a sheet by name. Raises TableUnreadable with everything that is wrong with the header."""
    if not sheet.lines:
        raise TableUnreadable("表中没有内容")
    own = {plain(theirs): ours for theirs, ours in renamed.items()}
    names = {plain(other): column.name for column in columns for other in (column.name, *column.others)} | own
    at, header = _header(sheet, names)
    _check_cells(sheet.title, [sheet.lines[at]], [True] * len(header))
    found = [names.get(plain(text)) for text in header]
    _check_header(header, found, columns, own)
    left_out = {IGNORED, *(column.name for column in columns if column.unused)}
    used = [name not in left_out for name in found]
    written = [line for line in sheet.lines[at + 1 :] if _says_something(line[1], used)]
    _check_cells(sheet.title, written, used)
    _check_bare(sheet.lines[at + 1 :], header)
    rows = tuple(
        TableRow(line, {name: cell for name, cell in zip(found, cells, strict=False) if name and name not in left_out})
        for line, cells in written
    )
    return TableRead(sheet.title, header, rows)


def plain(text: str) -> str:
    """A column's name without blanks and line breaks, which a header is often set with."""
    return re.sub(r"\s+", "", text)


def _header(sheet: Sheet, names: Mapping[str, str]) -> tuple[int, tuple[str, ...]]:
    """The line that names most of the columns, with those that only a line above it names; the first one where none does."""
    near = sheet.lines[:_HEAD_WITHIN]
    known = [sum(plain(cell) in names for cell in cells) for _, cells in near]
    at = known.index(max(known))
    above = [cells for _, cells in reversed(near[:at])]
    header = (
        cell or next((cells[c] for cells in above if plain(cells[c]) in names), "")
        for c, cell in enumerate(near[at][1])
    )
    return at, tuple(header)


def _check_header(
    header: tuple[str, ...], found: list[str | None], columns: Sequence[TableColumn], own: Mapping[str, str]
) -> None:
    problems = []
    missing = [column.name for column in columns if column.required and column.name not in found]
    unknown = [shown(text) for text, name in zip(header, found, strict=True) if text and name is None]
    twice = [name for name, times in Counter(found).items() if name and name != IGNORED and times > 1]
    strangers = sorted(set(own.values()) - {column.name for column in columns} - {IGNORED})
    absent = [theirs for theirs in own if theirs not in {plain(text) for text in header}]
    if missing:
        problems.append(f"缺少列：{'、'.join(missing)}")
    if unknown:
        problems.append(f"不认识的列：{'、'.join(unknown)}（可用的列：{'、'.join(column.name for column in columns)}）")
    if twice:
        problems.append(f"重复的列：{'、'.join(twice)}")
    if strangers:
        problems.append(f"对应表中不认识的字段：{'、'.join(map(shown, strangers))}")
    if absent:
        problems.append(f"对应表中的列在表头中没有：{'、'.join(map(shown, absent))}")
    if problems:
        raise TableUnreadable("；".join(problems))


def _check_cells(title: str, lines: Sequence[tuple[int, tuple[str, ...]]], used: Sequence[bool]) -> None:
    """No cell of a column that is used is a formula or the like; one that is left out raises nothing."""
    faults = [
        f"{letter_of(c)}{number} {cell}"
        for number, cells in lines
        for c, (cell, use) in enumerate(zip(cells, used, strict=False), 1)
        if use and isinstance(cell, CellFault)
    ]
    if faults:
        raise TableUnreadable(f"工作表“{title}”中有不能接受的单元格：{places(faults)}")


def _says_something(cells: Sequence[str], used: Sequence[bool]) -> bool:
    """Whether a line has more than formulas and the like in columns that are left out."""
    wanted = (*used, *[False] * (len(cells) - len(used)))
    return any(cell and (use or not isinstance(cell, CellFault)) for cell, use in zip(cells, wanted, strict=False))


def _check_bare(lines: Sequence[tuple[int, tuple[str, ...]]], header: tuple[str, ...]) -> None:
    """Nothing stands where no column is named: it would be lost."""
    bare = [column for column, text in enumerate(header) if not text]
    lost = [f"{letter_of(c + 1)}{number}" for number, cells in lines for c in bare if cells[c]]
    if lost:
        raise TableUnreadable(f"没有表头的列中有内容：{places(lost)}")


def _chosen(sheets: list[Sheet], wanted: str | None) -> Sheet:
    if wanted is not None:
        found = [sheet for sheet in sheets if sheet.title == wanted]
    else:
        found = [sheet for sheet in sheets if not sheet.hidden and (sheet.lines or sheet.fault)]
    titles = "、".join(sheet.title for sheet in sheets)
    if len(found) > 1:
        raise TableUnreadable(f"有内容的工作表不止一张：{'、'.join(s.title for s in found)}；请指明，或者只留一张")
    if not found:
        raise TableUnreadable("表中没有内容" if wanted is None else f"没有工作表“{shown(wanted)}”；现有：{titles}")
    if found[0].fault is not None:
        raise TableUnreadable(found[0].fault)
    return found[0]


_DAY = re.compile(r"([0-9]{4})(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})日?\Z|([0-9]{4})([0-9]{2})([0-9]{2})\Z")


def day_of(text: str) -> date | None:
    """A day as people write it, year first; None where it is none."""
    found = _DAY.match(text)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def several(text: str) -> list[str]:
    """What a cell names one after another: divided by 、 ； or ，, or by lines."""
    return [part for part in (piece.strip() for piece in re.split(r"[、；;，,\n]+", text)) if part]
