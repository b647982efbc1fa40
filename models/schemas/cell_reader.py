"""The reader of workbooks, given no more of one than its cells need.

Office programs open what a library's reader of everything refuses: styles written wrong by exporters, properties that are no days,
sheets that are pictures, the strict form of ISO/IEC 29500. None of that holds a text of the table.
"""

from __future__ import annotations

import io
import zipfile
from typing import IO, Any, Literal

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import ARC_STYLE, SHEET_MAIN_NS
from openpyxl.xml.functions import Element, SubElement, fromstring, localname, tostring

from models.schemas.workbooks import Archive

_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = {
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/": b"http://schemas.openxmlformats.org/officeDocument/2006/",
}
_HEAD = 4096
"""So many bytes of a part name its namespaces."""
_EAST_ASIAN_DAYS = frozenset((*range(27, 37), *range(50, 59)))
"""Formats of days that an office program of East Asia writes without a format code (ECMA-376, part 1, 18.8.30)."""


def cells_of(raw: bytes) -> Any:
    """The workbook, with the results of its formulas as they were stored. Raises whatever a reader meets in a damaged one."""
    reader = _Reader(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    reader.archive = _Plain(raw)
    reader.valid_files = reader.archive.namelist()
    reader.read()
    book: Any = reader.wb
    # the library knows no other way to be told of a format of days
    book._date_formats |= {at for at, style in enumerate(book._cell_styles) if style.numFmtId in _EAST_ASIAN_DAYS}
    return book


class _Reader(ExcelReader):
    def read_properties(self) -> None:
        """Nobody reads who wrote the workbook, and when."""

    read_custom = read_theme = read_properties

    def read_chartsheet(self, sheet: Any, rel: Any) -> None:
        """A sheet that is a picture holds no cells."""


class _Plain(Archive):
    """An archive whose styles are only the formats of numbers, and whose namespaces are those that the reader knows."""

    def open(
        self,
        name: str | zipfile.ZipInfo,
        mode: Literal["r", "w"] = "r",
        pwd: bytes | None = None,
        *,
        force_zip64: bool = False,
    ) -> IO[bytes]:
        part = super().open(name, mode, pwd, force_zip64=force_zip64)
        head = part.read(_HEAD)
        if name != ARC_STYLE and _STRICT not in head:
            part.close()
            return super().open(name, mode, pwd, force_zip64=force_zip64)
        with part:
            whole = head + part.read()
        for strict, known in _TRANSITIONAL.items():
            whole = whole.replace(strict, known)
        return io.BytesIO(_formats(whole) if name == ARC_STYLE else whole)


def _formats(styles: bytes) -> bytes:
    """Of a part of styles the formats of numbers and which cells have them."""
    made, given = Element(f"{{{SHEET_MAIN_NS}}}styleSheet"), fromstring(styles)
    for wanted, attributes in (("numFmts", ("numFmtId", "formatCode")), ("cellXfs", ("numFmtId",))):
        for group in (child for child in given if localname(child) == wanted):
            kept = SubElement(made, f"{{{SHEET_MAIN_NS}}}{wanted}")
            for child in group:
                SubElement(kept, child.tag, {name: child.attrib[name] for name in attributes if name in child.attrib})
    found: Any = tostring(made)
    return bytes(found)
