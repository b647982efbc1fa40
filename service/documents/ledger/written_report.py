"""The monthly written report to the school's leaders: how resolutions of important meetings are carried out. Source: art-5.1.b."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.book.rulebook import Rulebook
from service.documents.parts.paper import Paper
from service.documents.writing.laid_out import laid_out


@dataclass(frozen=True, slots=True)
class Resolution:
    """A matter that a meeting decided. basis: the resolution; state: in words, on the last day of the report."""

    number: str | None
    basis: str
    title: str
    units: tuple[str, ...]
    due_on: date | None
    state: str
    done: bool
    overdue: bool
    progress: str


@dataclass(frozen=True, slots=True)
class Inspected:
    """An inspection of the month, and to whom its written report went."""

    on: date
    note: str | None
    reported_to: str | None
    reported_on: date | None


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A month's report. last: until which day it tells."""

    month: date
    last: date
    resolutions: tuple[Resolution, ...]
    inspections: tuple[Inspected, ...]
    left_out: tuple[str, ...] = ()


def report_paper(report: WrittenReport, *, issued_on: date, book: Rulebook) -> Paper:
    """The paper, with every resolution in a table behind it."""
    month = f"{report.month.year}年{report.month.month}月"
    subject = f"关于{month}重要会议决议、决定贯彻落实情况的督查报告"
    return laid_out("written-report", subject, book, report=report, month=month, issued_on=issued_on)
