"""The bulletin, the written report and the assessment: every number is a figure, and nothing says more than the ledger."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import asdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from docx import Document as open_docx
from docx.shared import Mm

from models.office.bulletin import LABELS, Assessment, Bulletin, Overdue
from models.office.figures import Figures, Month, months_of
from models.office.ratings import RatingBar
from rules.book.loading import load_rulebook
from service.documents.drawing.formats import as_docx, as_pdf
from service.documents.exports import as_csv, assessment_file
from service.documents.ledger.assessment import FOR_PEOPLE, PERSONS, UNIT
from service.documents.ledger.bulletin import NOT_ACCOUNTABILITY, bulletin_paper
from service.documents.ledger.written_report import Inspected, Resolution, WrittenReport, report_paper
from service.documents.parts.charts import as_png, as_svg
from service.documents.parts.paper import TALLEST, WIDTH, Line, Paper, Picture, Table

BOOK = load_rulebook()
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
RARE = "喆堃昇珺处"


def figures(at: int) -> Figures:
    return Figures(at % 7, at % 5, at % 11, at % 3, at % 2, at % 4, at % 6, at % 9, at % 8 + at % 3, at % 3)


def made(units: int) -> Bulletin:
    rows = tuple((RARE if at == 7 else f"第{at}学院", figures(at)) for at in range(1, units + 1))
    whole = Figures()
    for _, found in rows:
        whole.add(found)
    months = tuple((month, Month(at, 2 * at, 3 * at, at)) for at, month in enumerate(months_of(FIRST, LAST)))
    late = tuple(Overdue(None, f"事项{at}", "第2学院", date(2026, 5, 1), 60, at) for at in range(whole.overdue))
    return Bulletin(FIRST, LAST, whole, rows, months, late)


def paper(units: int, number: int | None = None) -> Paper:
    return bulletin_paper(made(units), number=number, issued_on=date(2026, 7, 6), book=BOOK)


def lines(found: Paper, style: str) -> list[str]:
    return [block.text for block in found.blocks if isinstance(block, Line) and block.style == style]


def test_the_bulletin_has_three_parts_a_number_for_people_and_says_what_it_is_not() -> None:
    found = paper(40)
    assert lines(found, "heading") == ["一、运行情况", "二、工作质量", "三、办理落实情况"]
    assert lines(found, "number") == ["督查通报〔2026〕第　期"]
    assert lines(paper(3, 12), "number") == ["督查通报〔2026〕第12期"]
    assert NOT_ACCOUNTABILITY in found.texts
    assert lines(found, "sign") == ["广西科技大学督查督办工作办公室"]
    assert lines(found, "date") == ["2026年7月6日"]


@pytest.mark.parametrize("units", [0, 1, 40])
def test_every_number_in_the_sentences_is_a_figure(units: int) -> None:
    found = made(units)
    whole = found.whole
    known = {str(value) for value in asdict(whole).values()} | {str(whole.completed)}
    known |= {str(sum(getattr(one, name) > 0 for _, one in found.units)) for name in ("running", "overdue")}
    share = whole.per_mille_in_time
    known |= set() if share is None else {f"{share / 10:.1f}"}
    sentences = "".join(lines(paper(units), "body"))
    told = re.sub(r"\d+年\d+月\d+日|[图表]\d", "", sentences)
    assert set(re.findall(r"[\d.]+", told)) <= known
    assert ("没有办结的事项" in told) is (units == 0)


def test_the_table_and_the_list_hold_every_unit_and_every_overdue_matter() -> None:
    table, late = (block for block in paper(40).blocks if isinstance(block, Table))
    rows = [[cell.lines[0].text for cell in row] for row in table.rows]
    assert rows[0] == ["牵头单位", *LABELS.values()]
    assert rows[7] == [RARE, *(str(value) for value in asdict(figures(7)).values())]
    assert (len(rows), rows[-1][0]) == (42, "合计")
    assert len(late.rows) == 1 + made(40).whole.overdue
    assert max(sum(table.widths), sum(late.widths)) <= WIDTH


def test_a_bulletin_without_overdue_matters_has_no_annex() -> None:
    found = bulletin_paper(Bulletin(FIRST, LAST, Figures(), ()), number=1, issued_on=LAST, book=BOOK)
    assert not any(isinstance(block, Table) or "附件" in getattr(block, "text", "") for block in found.blocks)
    assert "没有逾期未办结的事项" in "".join(found.texts)


def pictures(found: Paper) -> list[Picture]:
    return [block for block in found.blocks if isinstance(block, Picture)]


@pytest.mark.parametrize(("units", "charts"), [(40, 1), (41, 2), (100, 3)])
def test_units_share_charts_of_a_page_each_on_one_scale(units: int, charts: int) -> None:
    specs = [picture.spec for picture in pictures(paper(units)) if "办理结果" in picture.about]
    assert len(specs) == charts
    shown = [value["unit"] for spec in specs for value in spec["data"]["values"]]
    assert list(dict.fromkeys(shown)) == [name for name, _ in made(units).concerned]
    assert max(len({value["unit"] for value in spec["data"]["values"]}) for spec in specs) <= 40
    assert len({str(spec["layer"][0]["encoding"]["x"]["scale"]) for spec in specs}) == 1


def test_the_parts_of_a_bar_add_up_and_are_told_apart_without_colour() -> None:
    spec = pictures(paper(40))[2].spec
    counts = [value["count"] for value in spec["data"]["values"] if value["unit"] == RARE]
    assert sum(counts) == figures(7).completed + figures(7).running
    greys = spec["layer"][0]["encoding"]["color"]["scale"]["range"]
    assert all(grey[1:3] == grey[3:5] == grey[5:7] for grey in greys)
    brightness = sorted(int(grey[1:3], 16) for grey in greys)
    assert min(after - before for before, after in pairwise(brightness)) > 40


def test_charts_are_drawn_with_every_unit_named() -> None:
    months, results, units, _ = (picture.spec for picture in pictures(paper(40)))
    assert "月末逾期未办结" in as_svg(results)
    drawn = as_svg(units)
    assert [name for name, _ in made(40).concerned if name not in drawn] == []
    drawn = as_svg(months)
    assert all(f"{month}月" in drawn for month in range(1, 7))
    assert as_png(units).startswith(b"\x89PNG")


def test_the_bulletin_becomes_files_with_its_charts_in_them() -> None:
    opened = open_docx(io.BytesIO(as_docx(paper(40))))
    assert len(opened.inline_shapes) == 4
    assert all(shape._inline.docPr.get("descr") for shape in opened.inline_shapes)
    assert as_pdf(paper(40)).startswith(b"%PDF-")


def test_a_chart_of_forty_units_stands_on_one_page_with_its_legend_and_its_caption(tmp_path: Path) -> None:
    place = tmp_path / "通报.pdf"
    place.write_bytes(as_pdf(paper(40)))
    told = subprocess.run(["pdftotext", "-raw", place, "-"], capture_output=True, check=True).stdout.decode()
    (page,) = (page for page in told.split("\f") if "期末在办（未逾期）" in page)
    assert "各牵头单位事项办理结果" in page
    assert all(name in page for name, _ in made(40).concerned)
    assert page.splitlines().count("件") == 1


def test_no_picture_of_the_editable_bulletin_is_higher_than_a_page() -> None:
    shapes = open_docx(io.BytesIO(as_docx(paper(40)))).inline_shapes
    assert max(shape.height for shape in shapes) == Mm(TALLEST)
    assert min(shape.height for shape in shapes) < Mm(TALLEST)


RESOLUTION = Resolution("督〔2026〕1号", "党委常委会会议纪要", "审核评估", ("甲处", "乙处"), date(2026, 4, 30), "办理中", False, True,
                        "完成七成（4月1日反馈）")  # fmt: skip


def test_the_written_report_tells_each_resolution_and_each_inspection() -> None:
    inspected = Inspected(date(2026, 5, 28), "两项进度滞后", "党委书记", date(2026, 5, 30))
    report = WrittenReport(date(2026, 5, 1), date(2026, 5, 31), (RESOLUTION,), (inspected,))
    texts = report_paper(report, issued_on=date(2026, 6, 1), book=BOOK).texts
    assert "2026年5月28日开展会议决议督查。两项进度滞后。2026年5月30日书面报告党委书记。" in texts
    assert any("共1件，本月办结0件，在办1件，其中超过办结时限1件" in text for text in texts)
    assert list(texts)[-7:-1] == ["党委常委会会议纪要", "审核评估\n督〔2026〕1号", "甲处、乙处", "2026年\n4月30日", "办理中，已逾期",
            "完成七成（4月1日反馈）"]  # fmt: skip


def test_a_month_without_resolutions_or_inspections_is_said_to_be_so() -> None:
    texts = "".join(report_paper(WrittenReport(date(2026, 5, 1), LAST, (), ()), issued_on=LAST, book=BOOK).texts)
    assert "没有本月会议决议督查的记录" in texts
    assert "没有须报告的会议决议、决定事项" in texts
    assert "附件" not in texts


BARS = (
    RatingBar("1号", date(2026, 5, 1), "person", "赵喆堃", "第2学院"),
    RatingBar("2号", date(2026, 5, 2), "unit", "第3学院", "第3学院", "=取消评优资格", rating_final=True),
)


def test_the_assessment_sheet_has_a_row_a_unit_numbers_as_numbers_and_no_formula() -> None:
    raw = assessment_file(Assessment(2026, made(3), BARS), "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(raw)).active
    assert sheet is not None
    heading = [cell.value for cell in sheet[3]]
    assert heading == ["单位", *LABELS.values(), PERSONS, UNIT, FOR_PEOPLE]
    rows = {sheet.cell(at, 1).value: [cell.value for cell in sheet[at]] for at in (4, 5, 6)}
    assert rows["第2学院"][1:11] == list(asdict(figures(2)).values())
    assert rows["第2学院"][11:] == ["赵喆堃（1号，2026年5月1日）", "", ""]
    assert rows["第3学院"][11:] == ["", "=取消评优资格（2号，2026年5月2日）", "本单位：当年评定已经完成"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(("kind", "start"), [("docx", b"PK"), ("pdf", b"%PDF-"), ("csv", b"\xef\xbb\xbf")])
def test_the_assessment_is_made_in_every_format(kind: str, start: bytes) -> None:
    assert assessment_file(Assessment(2026, made(40), BARS), kind).startswith(start)


def test_a_text_that_a_spreadsheet_would_compute_is_marked() -> None:
    assert as_csv([["=1+1", "@甲", "5", "甲=乙"]]).decode("utf-8-sig") == "'=1+1,'@甲,5,甲=乙\r\n"
