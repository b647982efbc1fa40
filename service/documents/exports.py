"""The bulletin, the written report and the assessment in each file format."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson

from models.office.bulletin import Assessment, Bulletin
from rules.book.rulebook import Rulebook
from service.documents.ledger.assessment import NOTES, assessment_lines, assessment_paper, assessment_sheet, notes
from service.documents.ledger.bulletin import bulletin_paper
from service.documents.ledger.written_report import WrittenReport, report_paper
from service.documents.parts.cell_text import harmless
from service.documents.parts.paper import Paper

BULLETIN = ("docx", "pdf", "csv", "json")
WRITTEN_REPORT = ("docx", "pdf")
ASSESSMENT = ("xlsx", "docx", "pdf", "csv")
"""The formats of each, the usual one first."""


def bulletin_file(found: Bulletin, kind: str, *, number: int | None, issued_on: date, book: Rulebook) -> bytes:
    """kind: one of ``BULLETIN``."""
    if kind == "csv":
        return as_csv(found.lines())
    if kind == "json":
        return orjson.dumps(bulletin_data(found))
    return _drawn(bulletin_paper(found, number=number, issued_on=issued_on, book=book), kind)


def report_file(found: WrittenReport, kind: str, *, issued_on: date, book: Rulebook) -> bytes:
    """kind: one of ``WRITTEN_REPORT``."""
    return _drawn(report_paper(found, issued_on=issued_on, book=book), kind)


def assessment_file(found: Assessment, kind: str) -> bytes:
    """kind: one of ``ASSESSMENT``."""
    if kind == "csv":
        return as_csv([*assessment_lines(found), *([said] for said in notes(found)[len(NOTES) :])])
    return assessment_sheet(found) if kind == "xlsx" else _drawn(assessment_paper(found), kind)


def bulletin_data(found: Bulletin) -> dict[str, Any]:
    """The bulletin's figures: as a whole, by unit, by month, and what is overdue."""
    return {
        "first": found.first,
        "last": found.last,
        "whole": asdict(found.whole),
        "units": [{"unit": name, **asdict(figures)} for name, figures in found.units],
        "months": [{"month": f"{month:%Y-%m}", **asdict(figures)} for month, figures in found.months],
        "overdue": [asdict(row) for row in found.overdue],
        "left_out": list(found.left_out),
    }


def as_csv(lines: Iterable[Iterable[str]]) -> bytes:
    """UTF-8 with its mark, which spreadsheets need; what they would take for a formula is marked as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    for line in lines:
        writer.writerow([harmless(text) for text in line])
    return out.getvalue().encode("utf-8-sig")


def _drawn(paper: Paper, kind: str) -> bytes:
    from service.documents.drawing import formats  # here, since its libraries take half of a start-up

    return formats.PAGES[kind](paper)
