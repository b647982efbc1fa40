"""Documents as files: docx to edit, PDF to sign. Measures of paper and type follow GB/T 9704-2012."""

from __future__ import annotations

import io
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import typst
from docx import Document as new_document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from service.documents.forms import Document
from service.documents.sheets import as_xlsx

_TEMPLATE = Path(__file__).parent / "templates" / "form.typ"
_TITLE, _BODY, _CELL = Pt(22), Pt(16), Pt(14)
_TITLE_FONT, _BODY_FONT = "方正小标宋简体", "仿宋_GB2312"
_MARGINS = {"top_margin": Mm(37), "bottom_margin": Mm(35), "left_margin": Mm(28), "right_margin": Mm(26)}
_LABEL_WIDTH, _VALUE_WIDTH = Mm(40), Mm(116)


def as_docx(document: Document) -> bytes:
    """An editable file."""
    made = new_document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, width in _MARGINS.items():
        setattr(section, name, width)
    _paragraph(made, document.number, _BODY)
    _paragraph(made, document.title, _TITLE, font=_TITLE_FONT, align=WD_ALIGN_PARAGRAPH.CENTER)
    if document.head:
        _paragraph(made, document.head, _BODY)
    if document.pairs:
        _table(made, [list(pair) for pair in document.pairs], [_LABEL_WIDTH, _VALUE_WIDTH])
    if document.columns:
        widths = [Mm(14), Mm(30), Mm(30), Mm(36), Mm(18), Mm(28)]
        _table(made, [list(document.columns), *(list(row) for row in document.rows)], widths)
    for text in document.paragraphs:
        _paragraph(made, text, _BODY)
    for text in document.sign:
        _paragraph(made, text, _BODY, align=WD_ALIGN_PARAGRAPH.RIGHT)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _paragraph(made: Any, text: str, size: Any, *, font: str = _BODY_FONT, align: Any = None) -> None:
    paragraph = made.add_paragraph()
    if align is not None:
        paragraph.alignment = align
    _run(paragraph, text, size, font)


def _run(paragraph: Any, text: str, size: Any, font: str = _BODY_FONT) -> None:
    run = paragraph.add_run(text)
    run.font.size = size
    run.font.name = font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _table(made: Any, rows: list[list[str]], widths: list[Any]) -> None:
    table = made.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for row in rows:
        cells = table.add_row().cells
        for cell, text, width in zip(cells, row, widths, strict=True):
            cell.width = width
            _run(cell.paragraphs[0], text, _CELL)


def as_pdf(document: Document) -> bytes:
    """A page as it is printed; Chinese fonts of the system."""
    data = orjson.dumps(asdict(document)).decode()
    made: bytes = typst.compile(str(_TEMPLATE), sys_inputs={"data": data})
    return made


DRAW = {"docx": as_docx, "pdf": as_pdf, "xlsx": as_xlsx}
"""File format → how it is made."""
