"""Annex 3 as a sheet to be filled in and sent back."""

from __future__ import annotations

import io

import xlsxwriter

from service.documents.forms import Document


def as_xlsx(document: Document) -> bytes:
    """A sheet to be filled in; what looks like a formula stays text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("办理情况表")
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    head = book.add_format({"border": 1, "bold": True, "align": "center", "text_wrap": True})
    last = len(document.columns) - 1
    sheet.write_string(0, 0, document.number)
    sheet.merge_range(1, 0, 1, last, document.title, title)
    sheet.write_string(2, 0, document.head)
    for column, (text, width) in enumerate(zip(document.columns, (6, 16, 18, 40, 10, 40), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, text, head)
    for at, row in enumerate(document.rows, 4):
        for column, text in enumerate(row):
            sheet.write_string(at, column, text, cell)
    for at, text in enumerate(document.paragraphs, 4 + len(document.rows)):
        sheet.write_string(at, 0, text)
    book.close()
    return out.getvalue()
