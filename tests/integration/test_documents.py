"""The annexes opened again: every field, rare characters, long texts, many units."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document as open_docx
from docx.oxml.ns import qn

from models.matter.matter import Matter, matter_fold
from models.records.fold import with_effect
from models.records.record import Actor, Hand, Record
from rules.book.loading import load_rulebook
from service.documents.drawing.formats import as_docx, as_pdf, as_xlsx
from service.documents.parts.paper import STYLES, Paper, Table
from service.documents.writing.forms import Document, StatusRow, registration_form, status_table, urging_notice
from tests.conftest import ROOT

RARE = "喆堃昇珺"
ROWS = [StatusRow(date(2026, 1, 8), f"单位{RARE}", f"事项{n}", [True, False, None][n % 3], "=1+1") for n in range(60)]
TABLE = status_table(
    ROWS, month=date(2026, 5, 1), cutoff=date(2026, 5, 25), submit_by=date(2026, 5, 28), book=load_rulebook()
)


def fields(made: Paper) -> dict[str, str]:
    """Label → what stands beside it first."""
    cells = [cell for block in made.blocks if isinstance(block, Table) for row in block.rows for cell in row]
    texts = ["\n".join(line.text for line in cell.lines) for cell in cells]
    return dict(reversed(list(pairwise(texts))))


def words_of(raw: bytes) -> str:
    opened = open_docx(io.BytesIO(raw))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def test_the_editable_file_has_every_word() -> None:
    form = LAID_OUT["annex 1"]
    assert isinstance(form, Paper)
    words = words_of(as_docx(form))
    assert all(text in words for text in form.texts)
    assert all(text in words_of(as_docx(TABLE)) for text in (*TABLE.columns, *TABLE.paragraphs, TABLE.head))


@pytest.mark.parametrize("name", ["annex 1", "annex 3"])
def test_the_printed_page_is_a_pdf(name: str) -> None:
    made = as_pdf(LAID_OUT[name])
    assert made.startswith(b"%PDF-")
    assert len(made) > 10_000  # the fonts are in it


def test_the_sheet_has_every_row_and_no_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(TABLE))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[4]] == list(TABLE.columns)
    assert [cell.value for cell in sheet[5]] == ["1", "2026年1月8日", f"单位{RARE}", "事项0", "是", "=1+1"]
    assert sheet[5][5].data_type == "s"
    assert sheet.max_row == 4 + 60 + 2


BOOK = load_rulebook()
LONG = "逐项整改、按期销号，" * 400
CO_UNITS = tuple(f"第{number}学院（{RARE}）" for number in range(1, 21))


def urged(title: str = "审核评估自评报告", co_units: tuple[str, ...] = ()) -> Matter:
    steps: list[tuple[str, date, dict[str, Any]]] = [
        ("propose", date(2026, 1, 5), {"title": title, "category": "plan", "basis": "会议纪要", "lead_unit": "甲处", "co_units": co_units,
                                       "due_on": date(2026, 4, 30)}),
        ("register", date(2026, 1, 6), {"route": "leader", "approved_by": f"校领导{RARE}", "opinion": "建议立项"}),
        ("assign", date(2026, 1, 8), {"channel": "oa"}),
        ("urge", date(2026, 5, 4), {"contact": "李四", "phone": "0772-2686000"}),
        ("record_urging", date(2026, 5, 5), {"signed_by": "王五"}),
        ("decide_extension", date(2026, 5, 8), {"granted": True, "new_due_on": date(2026, 5, 31)}),
        ("urge", date(2026, 6, 4), {}),
    ]  # fmt: skip
    steps.insert(5, ("request_extension", date(2026, 5, 6), {"reason": "等数据"}))
    at = datetime(2026, 12, 31, tzinfo=UTC)
    records = [
        Record(n, action, on, Hand(Actor("李四", "office")), said, at) for n, (action, on, said) in enumerate(steps, 1)
    ]
    return matter_fold(records, BOOK.ledger.actions)


def notice(matter: Matter, at: int) -> Paper:
    urgings = [record for record in matter.records if record.action == "urge"]
    return urging_notice(matter, "督〔2026〕1号", urgings[at], BOOK)


def body_of(raw: bytes) -> Any:
    return open_docx(io.BytesIO(raw))


def texts(row: Any) -> list[str]:
    return ["".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in row._tr.findall(qn("w:tc"))]


LAID_OUT: dict[str, Document | Paper] = {
    "annex 1": registration_form(urged(LONG, CO_UNITS), "督〔2026〕1号", BOOK),
    "annex 2": notice(urged(LONG, CO_UNITS), 0),
    "annex 3": TABLE,
}


@pytest.mark.parametrize("document", LAID_OUT.values(), ids=LAID_OUT)
def test_the_page_is_that_of_official_documents(document: Document | Paper) -> None:
    made = body_of(as_docx(document))
    section, flat = made.sections[0], isinstance(document, Document)
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert sorted(round(side.mm) for side in sides) == [26, 28, 35, 37]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == ((297, 210) if flat else (210, 297))
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        assert "PAGE" in footer.paragraphs[0]._p.xml
        assert f'w:jc w:val="{side}"' in footer.paragraphs[0]._p.xml
    fonts = {style.name: style.element.rPr.rFonts.get(qn("w:eastAsia")) for style in made.styles
             if style.name in {found.name for found in STYLES.values()}}  # fmt: skip
    assert fonts["公文标题"] == "方正小标宋简体"
    assert fonts["正文段落"] == fonts["表格文字"] == "仿宋"


@pytest.mark.parametrize("document", LAID_OUT.values(), ids=LAID_OUT)
def test_long_texts_and_many_units_keep_the_widths_and_let_rows_break(document: Document | Paper) -> None:
    table = body_of(as_docx(document)).tables[0]._tbl
    widths = [int(column.get(qn("w:w"))) for column in table.tblGrid.findall(qn("w:gridCol"))]
    assert abs(sum(widths) - (225 if isinstance(document, Document) else 156) * 1440 / 25.4) < 8
    assert table.tblPr.find(qn("w:tblLayout")).get(qn("w:type")) == "fixed"
    for row in table.findall(qn("w:tr")):
        assert row.trPr is None or row.trPr.find(qn("w:cantSplit")) is None
        assert sum(int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in row.findall(qn("w:tc"))) == sum(widths)


def test_annex_1_has_two_rows_of_boxes_under_one_label() -> None:
    rows = body_of(as_docx(LAID_OUT["annex 1"])).tables[0].rows
    assert [texts(row)[0] for row in rows] == [
        "工作任务", "立项依据", "牵头单位", "办公室意见", "校领导意见", "办理结果", "是否准予结项", "", "备注",
    ]  # fmt: skip
    assert [texts(row)[1:] for row in rows[6:8]] == [["党校办意见", "☐ 是　☐ 否"], ["校领导意见", "☐ 是　☐ 否"]]
    assert all(unit in texts(rows[8])[1] for unit in CO_UNITS)


def test_annex_2_has_a_head_of_four_columns_and_a_box_that_is_signed() -> None:
    made = body_of(as_docx(notice(urged(), 0)))
    rows = [texts(row) for row in made.tables[0].rows]
    assert [row[::2] for row in rows[:2]] == [["被催办单位", "责任人"], ["催办人", "签收人"]]
    assert (rows[2][0], len(rows[2]), len(rows[3])) == ("催办事项", 2, 1)
    assert rows[3][0].startswith("甲处：2026年1月8日转你单位的以上表格中的督办事项，要求你单位于2026年4月30日前")
    assert rows[3][0].endswith("广西科技大学督查督办工作办公室2026年5月4日")
    assert [paragraph.text for paragraph in made.paragraphs[-2:]] == [
        "督查督办工作办公室联系人：李四",
        "电话：0772-2686000",
    ]


@pytest.mark.parametrize("co_units", [(), ("乙处",), CO_UNITS], ids=["one", "two", "many"])
def test_annex_2_is_addressed_to_every_handling_unit(co_units: tuple[str, ...]) -> None:
    made = notice(urged(co_units=co_units), 0)
    everybody = "、".join(("甲处", *co_units))
    assert fields(made)["被催办单位"] == everybody
    assert f"{everybody}：" in made.texts


def test_annex_2_is_addressed_to_the_units_of_its_day() -> None:
    matter = urged(co_units=("乙处",))
    moved = Record(matter.version + 1, "arrange", date(2026, 6, 5), Hand(Actor("李四", "office")), {"co_units": ("丙处",)},
                   datetime(2026, 12, 31, tzinfo=UTC))  # fmt: skip
    later = matter_fold.applied(matter, with_effect(moved, BOOK.ledger.actions[moved.action]), None)
    assert "甲处、乙处：" in notice(later, 1).texts


def test_each_notice_shows_the_matter_as_it_stood_and_the_signature_for_itself() -> None:
    first, second = notice(urged(), 0), notice(urged(), 1)
    assert ("2026年4月30日前" in "".join(first.texts), fields(first)["签收人"]) == (True, "王五")
    assert ("2026年5月31日前" in "".join(second.texts), fields(second)["签收人"]) == (True, "")


def test_annex_3_repeats_its_heading_row() -> None:
    rows = body_of(as_docx(TABLE)).tables[0].rows
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in rows] == [True] + [False] * 60


@pytest.mark.parametrize("draw", [as_docx, as_pdf], ids=["docx", "pdf"])
def test_the_same_form_makes_the_same_bytes(draw: Callable[[Document | Paper], bytes]) -> None:
    made = [draw(LAID_OUT["annex 1"]) for _ in range(2)]
    assert made[0] == made[1]


def test_the_printed_form_has_its_rare_characters_and_every_unit(tmp_path: Path) -> None:
    place = tmp_path / "form.pdf"
    place.write_bytes(as_pdf(registration_form(urged("任务" + "x" * 300, CO_UNITS), None, BOOK)))
    told = subprocess.run(["pdftotext", "-raw", place, "-"], capture_output=True, check=True).stdout.decode()
    plain = "".join(told.split()).replace("\u200b", "")
    assert all(unit in plain for unit in CO_UNITS)
    assert "x" * 300 in plain


def test_no_document_library_is_loaded_before_a_document_is_asked_for() -> None:
    heavy = {"docx", "typst", "vl_convert", "xlsxwriter"}
    command = "import sys, service.app, service.cli.papers; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", command], capture_output=True, check=True, cwd=ROOT)
    assert not heavy & set(run.stdout.decode().split())
