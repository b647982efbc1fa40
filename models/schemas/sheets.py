"""The sheets of a file from outside, xlsx or CSV, as text: every cell that cannot be taken is told by its place.

Days become YYYY-MM-DD and whole numbers lose their ``.0``; of a formula the stored result is read. Formulas without one, error
values and control characters are refused, never guessed at. Below the first line of a merged cell stands what it says.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice
from typing import Any

from models.schemas.workbooks import MOST_BYTES, Extent, TableUnreadable, extent, is_workbook, opened

MOST_ROWS, MOST_COLUMNS = 20_000, 100
MOST_TOLD = 20
"""Places that one message names."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SEPARATORS = ",;\t"
_LITERAL = re.compile(r'="([^"]*)"\Z')
"""How an office program keeps a text a text in CSV."""
_ESCAPED = re.compile("_x00([01][0-9A-Fa-f])_")
"""How a workbook writes a control character."""


Lines = tuple[tuple[int, tuple[str, ...]], ...]


class CellFault(str):
    """In the place of a text: why the cell cannot be taken."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its lines that hold something, by number from 1. hidden: not shown to who opens the workbook.

    A cell that cannot be taken is a ``CellFault``: it matters where its column is used.
    fault: why the sheet cannot be taken, where it cannot; then it has no lines.
    """

    title: str
    lines: Lines
    hidden: bool = False
    fault: str | None = None


def read_sheets(raw: bytes, name: str) -> list[Sheet]:
    """Every sheet of a file by its bytes, whatever it is called; a name with another extension is refused.

    Raises TableUnreadable.
    """
    kind = name.rpartition(".")[2].lower()
    if len(raw) > MOST_BYTES:
        raise TableUnreadable(f"文件过大，最多 {MOST_BYTES // 1_000_000} MB")
    if not raw.strip():
        raise TableUnreadable("文件是空的")
    found = "xlsx" if is_workbook(raw) else "csv"
    if kind in ("xlsm", "xltm", "xlam", "xlsb", "xls"):
        raise TableUnreadable(f"不接受 .{kind} 文件；请另存为不含宏的 .xlsx 再交来")
    if kind not in ("xlsx", "csv"):
        raise TableUnreadable("只接受 .xlsx 或者 .csv 文件")
    if found != kind:
        raise TableUnreadable(f"文件扩展名为 .{kind}，内容却不是；请核对文件")
    return list(_workbook(raw)) if found == "xlsx" else [_comma_separated(raw)]


def places(found: Sequence[str]) -> str:
    """The first of these places, in one line."""
    return "；".join(found[:MOST_TOLD]) + ("……" if len(found) > MOST_TOLD else "")


def letter_of(column: int) -> str:
    """A column, from 1, as a spreadsheet names it."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _workbook(raw: bytes) -> Iterator[Sheet]:
    archive = opened(raw)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that concern no text
            from models.schemas.cell_reader import cells_of  # here, since it takes long and a start-up needs none

            for sheet in cells_of(raw).worksheets:
                yield _sheet(archive, sheet)
    except TableUnreadable:
        raise
    except Exception:  # what a reader of workbooks meets in a damaged one has no common name
        raise TableUnreadable("文件不完整或者已损坏，不是有效的 xlsx 工作簿") from None


def _sheet(archive: zipfile.ZipFile, sheet: Any) -> Sheet:
    hidden = sheet.sheet_state != "visible"
    reach = extent(archive, sheet._worksheet_path, rows=MOST_ROWS, columns=MOST_COLUMNS)
    if reach.far is not None:
        far = f"{reach.far}有内容，最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列；请删去多余的行列"
        return Sheet(sheet.title, (), hidden, f"工作表“{sheet.title}”过大：{far}")
    grid = islice(sheet.iter_rows(max_row=reach.row, max_col=reach.column), reach.row) if reach.row else ()
    texts = (
        (at, [_text(cell, (at, c) in reach.bare) for c, cell in enumerate(cells, 1)])
        for at, cells in enumerate(grid, 1)
    )
    return Sheet(sheet.title, _filled(_lines(texts), reach), hidden)


def _filled(lines: Lines, reach: Extent) -> Lines:
    """What a cell merged over several lines says stands in each of them that says anything."""
    found = {number: list(cells) for number, cells in lines}
    for column, merged in reach.merged.items():
        last, text = 0, ""
        for number, cells in found.items():
            if number in merged:
                last, text = merged[number], cells[column - 1]
            elif number <= last and not cells[column - 1]:
                cells[column - 1] = text
    return tuple((number, tuple(cells)) for number, cells in found.items())


def _text(cell: Any, bare: bool) -> str:
    """What a cell says, or why it cannot be taken. bare: it is a formula without a stored result."""
    value = cell.value
    if bare:
        return CellFault("是公式，没有存下结果，请改为数值")
    if value is None:
        return ""
    if cell.data_type == "e":
        return CellFault("是错误值")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _lines(lines: Iterable[tuple[int, Sequence[str]]]) -> Lines:
    """The lines that hold something; a cell that cannot be taken is a CellFault."""
    checked = ((number, tuple(_checked(cell) for cell in cells)) for number, cells in lines)
    return tuple((number, cells) for number, cells in checked if any(cells))


def _checked(cell: str) -> str:
    if isinstance(cell, CellFault):
        return cell
    text = cell.strip().replace("\r\n", "\n").replace("\r", "\n")
    fault = _control(text)
    return text if fault is None else CellFault(fault)


def _control(text: str) -> str | None:
    found = _CONTROL.search(text)
    return None if found is None else f"含有控制字符（U+{ord(found.group()):04X}）"


def _comma_separated(raw: bytes) -> Sheet:
    text = _decoded(raw)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(reader, 1):
            if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
                raise TableUnreadable(f"表过大，最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列")
            lines.append((number, [] if number == 1 and _says_separator(text) else [_of_comma(cell) for cell in cells]))
    except csv.Error:
        raise TableUnreadable(f"第{reader.line_num}行附近的引号或者格式有误，不是有效的 CSV") from None
    width = next((len(cells) for _, cells in lines if cells), 0)
    lines = [(number, cells if any(cells[width:]) else cells[:width]) for number, cells in lines]
    _check_widths([(number, len(cells)) for number, cells in lines if cells])
    return Sheet("CSV", _lines(lines))


def _separator(text: str) -> str:
    """What the first line says it is (``sep=;``), else what divides that line most."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return first[4] if _says_separator(text) else max(_SEPARATORS, key=first.count)


def _says_separator(text: str) -> bool:
    first = text.partition("\n")[0].rstrip("\r")
    return len(first) == 5 and first.startswith("sep=") and first[4] in _SEPARATORS


def _of_comma(cell: str) -> str:
    literal = _LITERAL.match(cell.strip())
    if literal is not None:
        return literal[1]
    return CellFault("是公式，请改为数值") if cell.lstrip().startswith("=") else cell


def _check_widths(widths: list[tuple[int, int]]) -> None:
    """Every line has as many cells as the first one, or a comma was lost somewhere."""
    wrong = [f"第{number}行有{width}列" for number, width in widths if width != widths[0][1]]
    if wrong:
        raise TableUnreadable(f"应有{widths[0][1]}列，而{places(wrong)}")


def _decoded(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableUnreadable("不是 UTF-8、UTF-16 或者 GB 18030 文字")
