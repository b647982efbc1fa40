"""Whatever people write stays text in every file that goes out: no formula, no field, no template, no link."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from docx import Document as open_docx
from hypothesis import given, settings
from hypothesis import strategies as st

from models.office.bulletin import Assessment, Bulletin
from models.office.figures import Figures
from rules.book.loading import load_rulebook
from service.documents.drawing.formats import as_docx, as_pdf, as_xlsx
from service.documents.exports import as_csv
from service.documents.ledger.assessment import assessment_sheet
from service.documents.parts.charts import as_svg, stacked
from service.documents.parts.paper import Cell, Line, Paper, Table
from service.documents.parts.plain_sheets import PlainWorkbook
from service.documents.writing.forms import StatusRow, status_table

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "⁺", "₌", "﹣")
BEFORE = ("", " ", "\u3000", "\u00a0", "\ufeff", "\u200b", " \u3000")
PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
TEXTS = st.one_of(
    PLAIN, st.builds(lambda *parts: "".join(parts), st.sampled_from(BEFORE), st.sampled_from(STARTS), PLAIN)
)


def could_be_a_formula(text: str) -> bool:
    """As the most eager spreadsheet reads it: without what cannot be seen, in the narrow form."""
    seen = "".join(one for one in text if unicodedata.category(one) not in ("Zs", "Cf"))
    return bool(text) and (text[0] in "\t\r\n" or unicodedata.normalize("NFKC", seen)[:1] in tuple("=+-@"))


@settings(max_examples=300)
@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_no_field_of_comma_separated_text_begins_as_a_formula(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig"), newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert [cell for row in read for cell in row if could_be_a_formula(cell)] == []


def cells(raw: bytes) -> list[tuple[str, str, bool]]:
    """Type, text and whether it is kept as text when it is edited, of every cell with text; there is no link."""
    assert not [name for name in zipfile.ZipFile(io.BytesIO(raw)).namelist() if "externalLink" in name or "vba" in name]
    book = openpyxl.load_workbook(io.BytesIO(raw))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in found if cell.hyperlink]
    return [(cell.data_type, str(cell.value), bool(cell.quotePrefix)) for cell in found]


def plain_book(text: str) -> bytes:
    out = io.BytesIO()
    with PlainWorkbook(out) as book:
        book.write("表", ["列"], [[text], [f"{text}{text}"]])
    return out.getvalue()


def annex_3(text: str) -> bytes:
    row = StatusRow(date(2026, 1, 8), text, text, None, text, "1", 1)
    return as_xlsx(
        status_table(
            [row], month=date(2026, 5, 1), cutoff=date(2026, 5, 25), submit_by=date(2026, 5, 28), book=load_rulebook()
        )
    )


def assessment(text: str) -> bytes:
    figures = Bulletin(date(2026, 1, 1), date(2026, 6, 30), Figures(), ((text, Figures()),), (), ())
    return assessment_sheet(Assessment(2026, figures, ()))


VISIBLE = TEXTS.filter(lambda text: bool(text.strip()))


@pytest.mark.parametrize("made", [plain_book, annex_3, assessment])
@settings(max_examples=60, deadline=None)
@given(text=VISIBLE)
def test_no_cell_of_a_workbook_is_or_becomes_a_formula(made: Callable[[str], bytes], text: str) -> None:
    found = cells(made(text))
    assert {kind for kind, _, _ in found} <= {"s", "n"}
    assert [said for kind, said, kept in found if kind == "s" and could_be_a_formula(said) and not kept] == []


INJECTED = (
    '#{40+2}', '#eval("40+2")', '#read("/etc/hostname")', "$40+2$", '#image("x.svg")', "*粗*", "{{ 40+2 }}", "{% raw %}", "${40+2}",
    "<w:fldSimple w:instr='DDE'/>", "</w:t><w:br/>", "&amp;&#65;", "<svg onload=x>", "]]>", "=cmd|' /C calc'!A0", "\\u0041", "@cite",
)  # fmt: skip


@pytest.fixture(scope="module")
def paper() -> Paper:
    cell = tuple(Cell((Line(text),)) for text in INJECTED[:2])
    lines = tuple(Line(text) for text in INJECTED)
    return Paper(
        "附件",
        (*lines, Table((80, 80), (cell,)), Table((80, 80), (cell, cell), heading=True)),
        mark="#{40+2}",
        mark_note="{{ 40+2 }}",
    )


def test_a_word_processor_gets_every_text_as_it_was_written(paper: Paper) -> None:
    raw = as_docx(paper)
    opened = open_docx(io.BytesIO(raw))
    assert [text for text in INJECTED if text not in [paragraph.text for paragraph in opened.paragraphs]] == []
    parts = zipfile.ZipFile(io.BytesIO(raw))
    written = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels")))
    fields = re.findall(r"<w:(?:fldSimple w:instr=\"|instrText[^>]*>)([^\"<]*)", written)
    assert {found.strip() for found in fields} == {"PAGE"}
    assert 'TargetMode="External"' not in written


def test_a_printed_page_shows_every_text_as_it_was_written(paper: Paper, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(as_pdf(paper))
    shown = subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True).stdout
    joined = re.sub(r"[\s\u200b]", "", shown)
    assert [text for text in INJECTED if re.sub(r"\s", "", text) not in joined] == []
    assert "42" not in joined


@pytest.mark.parametrize("text", INJECTED)
def test_a_chart_shows_a_name_as_it_was_written(text: str) -> None:
    drawn = as_svg(stacked([(text, {"甲": 1, "乙": 2})], ("甲", "乙"), most=3))
    assert "<script" not in drawn
    assert "onload=x>" not in drawn.replace("&lt;svg onload=x&gt;", "")
    assert not re.search(r">[^<]*\b42\b", drawn)
