"""Plain tables as a workbook, written row by row: however many there are, the memory does not grow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import IO, Any

import xlsxwriter

from service.documents.parts.cell_text import harmless

_MOST_ROWS, _LONGEST = 1_048_576, 32_767
"""What a spreadsheet holds in a sheet, and in a cell."""
_CUT = "……（过长，从略；全文见 JSON Lines 导出）"
_WIDTH = 18


class PlainWorkbook:
    """A workbook of plain tables, for ``with``. A table too long for a sheet goes on in another."""

    def __init__(self, out: str | IO[bytes]) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(out, options)
        self._head = self._book.add_format({"bold": True})

    def __enter__(self) -> PlainWorkbook:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._book.close()

    def write(self, title: str, header: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> int:
        """Write a table, and return how many rows it has."""
        sheet, at, sheets, written = self._sheet(title, header), 1, 1, 0
        for row in rows:
            if at == _MOST_ROWS:
                sheets += 1
                sheet, at = self._sheet(f"{title}{sheets}", header), 1
            for column, value in enumerate(row):
                _put(sheet, at, column, value)
            at, written = at + 1, written + 1
        return written

    def _sheet(self, title: str, header: Sequence[str]) -> Any:
        sheet = self._book.add_worksheet(title)
        sheet.set_column(0, len(header) - 1, _WIDTH)
        sheet.freeze_panes(1, 0)
        for column, text in enumerate(header):
            sheet.write_string(0, column, text, self._head)
        return sheet


def _put(sheet: Any, at: int, column: int, value: str | int | None) -> None:
    if isinstance(value, int):
        sheet.write_number(at, column, value)
    elif value:
        text = harmless(value)
        sheet.write_string(at, column, text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT)
