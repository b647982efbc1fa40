"""The annexes opened again: every field, rare characters, long texts, many units."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from docx import Document as open_docx

from rules.loading import load_rulebook
from service.documents.drawing import as_docx, as_pdf, as_xlsx
from service.documents.forms import Document, StatusRow, status_table

RARE = "喆堃昇珺"
FORM = Document(
    "附件 1",
    "登记表",
    pairs=(("工作任务", RARE + "很长的任务" * 300), ("协办", "、".join(f"第{n}学院" for n in range(20)))),
)
ROWS = [StatusRow(date(2026, 1, 8), f"单位{RARE}", f"事项{n}", [True, False, None][n % 3], "=1+1") for n in range(60)]
TABLE = status_table(
    ROWS, month=date(2026, 5, 1), cutoff=date(2026, 5, 25), submit_by=date(2026, 5, 28), book=load_rulebook()
)


def words_of(raw: bytes) -> str:
    opened = open_docx(io.BytesIO(raw))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def test_the_editable_file_has_every_word() -> None:
    words = words_of(as_docx(FORM))
    assert all(text in words for pair in FORM.pairs for text in pair)
    assert all(text in words_of(as_docx(TABLE)) for text in (*TABLE.columns, *TABLE.paragraphs, TABLE.head))


@pytest.mark.parametrize("document", [FORM, TABLE], ids=["form", "table"])
def test_the_printed_page_is_a_pdf(document: Document) -> None:
    made = as_pdf(document)
    assert made.startswith(b"%PDF-")
    assert len(made) > 10_000  # the fonts are in it


def test_the_sheet_has_every_row_and_no_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(TABLE))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[4]] == list(TABLE.columns)
    assert [cell.value for cell in sheet[5]] == ["1", "2026年1月8日", f"单位{RARE}", "事项0", "是", "=1+1"]
    assert sheet[5][5].data_type == "s"
    assert sheet.max_row == 4 + 60 + 2
