"""The monthly written report to the school's leaders: how resolutions of important meetings are carried out. Source: art-5.1.b."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rules.rulebook import Rulebook
from service.documents.forms import day, narrow_day, not_counted, office_signature
from service.documents.paper import Block, Line, NewPage, Paper, listing

_COLUMNS = ("序号", "会议决议、决定", "事项", "承办单位", "办结时限", "状态", "进展情况")
_WIDTHS = (10.0, 28.0, 31.0, 22.0, 21.0, 16.0, 28.0)


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
    head = f"关于{month}重要会议决议、决定"
    blocks: list[Block] = [
        Line(f"{head}\n贯彻落实情况的督查报告", "title"),
        Line("校领导：", "plain"),
        Line(f"现将{month}学校党委常委会、校长办公会等重要会议决议、决定的贯彻落实情况报告如下。"),
        Line("一、督查情况", "heading"), *_inspections(report),
        Line("二、贯彻落实情况", "heading"), Line(_summary(report) + not_counted(report.left_out), "last"),
    ]  # fmt: skip
    if report.resolutions:
        blocks.append(Line("附件：会议决议、决定贯彻落实情况表", "last"))
    blocks += [Line(office_signature(book), "sign"), Line(day(issued_on), "date")]
    if report.resolutions:
        blocks += _annex(report)
    return Paper(f"{head}贯彻落实情况的督查报告", tuple(blocks))


def _inspections(report: WrittenReport) -> Iterator[Block]:
    if not report.inspections:
        yield Line("台账中没有本月会议决议督查的记录。")
    for found in report.inspections:
        told = f"{day(found.reported_on)}书面报告{found.reported_to}。" if found.reported_to else ""
        note = f"{found.note.rstrip('。')}。" if found.note else ""
        yield Line(f"{day(found.on)}开展会议决议督查。{note}{told}")


def _summary(report: WrittenReport) -> str:
    rows = report.resolutions
    if not rows:
        return f"截至{day(report.last)}，台账中没有须报告的会议决议、决定事项。"
    done, late = sum(row.done for row in rows), sum(row.overdue for row in rows)
    overdue = f"其中超过办结时限{late}件" if late else "没有超过办结时限的事项"
    return (
        f"截至{day(report.last)}，列入督查督办的会议决议、决定共{len(rows)}件，本月办结{done}件，"
        f"在办{len(rows) - done}件，{overdue}。各项情况见附件。"
    )


def _annex(report: WrittenReport) -> Iterator[Block]:
    yield NewPage()
    yield Line("附件", "mark")
    yield Line("会议决议、决定贯彻落实情况表", "title")
    rows = (
        (str(at), row.basis, f"{row.title}{_number(row)}", "、".join(row.units), narrow_day(row.due_on),
         f"{row.state}{'，已逾期' if row.overdue else ''}", row.progress)
        for at, row in enumerate(report.resolutions, 1)
    )  # fmt: skip
    yield listing(_COLUMNS, rows, _WIDTHS, centred=frozenset({0, 4, 5}))
    yield Line(f"注：统计截至{day(report.last)}。", "note")


def _number(row: Resolution) -> str:
    return f"\n{row.number}" if row.number else ""
