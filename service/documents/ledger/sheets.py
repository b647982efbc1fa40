"""Annex 3 as a sheet to be filled in and sent back."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter

from service.documents.writing.forms import KEYS, Document

_MADE = {"created": datetime(2021, 6, 28)}
"""The same table makes the same bytes, whenever it is drawn."""
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def as_xlsx(document: Document) -> bytes:
    """A sheet to be filled in; what looks like a formula stays text. A hidden one says which matter each row is."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties(_MADE)
    _form(book, document)
    if document.keys:
        _keys(book, document)
    book.close()
    return out.getvalue()


def _form(book: Any, document: Document) -> None:
    """Exactly the fields of the form."""
    sheet = book.add_worksheet("办理情况表")
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "quote_prefix": True})
    head = book.add_format({"border": 1, "bold": True, "align": "center", "text_wrap": True})
    sheet.write_string(0, 0, document.number)
    sheet.merge_range(1, 0, 1, len(document.columns) - 1, document.title, title)
    sheet.write_string(2, 0, document.head)
    for column, (text, width) in enumerate(zip(document.columns, (6, 16, 18, 40, 10, 40), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, text, head)
    for at, row in enumerate(document.rows, 4):
        for column, text in enumerate(row):
            sheet.write_string(at, column, text, cell)
    if document.rows:
        answer = len(document.columns) - 2
        only = {
            "validate": "list",
            "source": ["是", "否"],
            "error_title": document.columns[answer],
            "error_message": "只能填“是”或者“否”",
        }
        sheet.data_validation(4, answer, 3 + len(document.rows), answer, only)
    for at, text in enumerate(document.paragraphs, 4 + len(document.rows)):
        sheet.write_string(at, 0, text)


def _keys(book: Any, document: Document) -> None:
    """Matter and version of each row, and the row as it was drawn: what the unit changes is thereby seen."""
    sheet = book.add_worksheet(KEYS)
    sheet.very_hidden()
    kept = book.add_format({"quote_prefix": True})
    for at, (key, row) in enumerate(zip(document.keys, document.rows, strict=True)):
        for column, text in enumerate((*map(str, key), *row)):
            sheet.write_string(at, column, text, kept)
