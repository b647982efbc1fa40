"""What a year's assessment of units is told: figures, and whom decisions of the year bar from ratings. People decide what follows.

A person is barred by a decision of the year; a unit only where a decision names it (A-12, A-13).
"""

from __future__ import annotations

import io
from collections.abc import Iterable

from models.office.bulletin import LABELS, Assessed, Assessment, figures_of
from models.office.ratings import RatingBar
from service.documents.parts.paper import Paper
from service.documents.writing.laid_out import laid_out
from service.documents.writing.wording import day, not_counted

PERSONS, UNIT, FOR_PEOPLE = "取消当年评优评先资格的人员", "取消当年评优评先资格的单位", "须由人处理"
NOTES = (
    "人员按作出问责决定的年度列出；二级单位仅在决定书写明时列出，其负责人受到问责的，不当然及于单位。",
    "作出决定时当年评定已经完成的，须由人处理。",
    "本表供年度考核参考，不产生问责记录。",
)


def notes(assessment: Assessment) -> tuple[str, ...]:
    """What is to be read with the table; last, what it leaves out."""
    damaged = not_counted(assessment.figures.left_out)
    return (*NOTES, *((damaged,) if damaged else ()))


def assessment_lines(assessment: Assessment) -> list[list[str]]:
    """The table with its heading, one row a unit."""
    heading = ["单位", *LABELS.values(), PERSONS, UNIT, FOR_PEOPLE]
    return [heading, *(_line(unit) for unit in assessment.units)]


def _line(unit: Assessed) -> list[str]:
    return [
        unit.unit,
        *figures_of(unit.figures),
        _joined(f"{bar.name}{_decision(bar)}" for bar in unit.persons),
        _joined(f"{bar.statement or ''}{_decision(bar)}" for bar in unit.barred),
        _joined(f"{bar.name if bar.kind == 'person' else '本单位'}：当年评定已经完成" for bar in unit.for_people),
    ]


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def _decision(bar: RatingBar) -> str:
    return f"（{bar.decision_number}，{day(bar.decided_on)}）"


def assessment_paper(assessment: Assessment) -> Paper:
    """The table on its side."""
    title = _title(assessment)
    heading, *rows = assessment_lines(assessment)
    return laid_out(
        "assessment",
        title,
        figures=len(LABELS),
        title=title,
        until=_until(assessment),
        heading=heading,
        rows=rows,
        notes=notes(assessment),
    )


def _title(assessment: Assessment) -> str:
    return f"{assessment.year}年度二级单位督查任务落实办理情况"


def _until(assessment: Assessment) -> str:
    return f"统计期间：{day(assessment.figures.first)}至{day(assessment.figures.last)}"


def assessment_sheet(assessment: Assessment) -> bytes:
    """A sheet; figures are numbers, what looks like a formula stays text."""
    import xlsxwriter  # here, since only this format needs it

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(f"{assessment.year}年度")
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    head = book.add_format({"border": 1, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter", "quote_prefix": True})
    heading, *rows = assessment_lines(assessment)
    sheet.merge_range(0, 0, 0, len(heading) - 1, _title(assessment), title)
    sheet.write_string(1, 0, _until(assessment))
    for column, text in enumerate(heading):
        number = 0 < column <= len(LABELS)
        sheet.set_column(column, column, 10 if number else 30)
        sheet.write_string(2, column, text, head)
        for at, row in enumerate(rows, 3):
            if number:
                sheet.write_number(at, column, int(row[column]), cell)
            else:
                sheet.write_string(at, column, row[column], cell)
    for at, text in enumerate(notes(assessment), 3 + len(rows)):
        sheet.write_string(at, 0, f"{at - 2 - len(rows)}．{text}")
    sheet.freeze_panes(3, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    book.close()
    return out.getvalue()
