"""Documents as files: the annexes, the bulletin, the written report, the year's assessment, a matter's archive package."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import Response, g
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound

from models.office.figures import Figures, Month
from rules.reasoning.calendar import LOCAL
from service import config
from service.api.asked import DAY, Parameter, day, required, whole, word, year_within
from service.api.files import as_file, file_answer, package_answer
from service.api.openapi import answers, asks, interface
from service.documents.exports import (
    ASSESSMENT,
    BULLETIN,
    WRITTEN_REPORT,
    assessment_file,
    bulletin_file,
    report_file,
)
from service.documents.parts.paper import Paper
from service.documents.writing.forms import Document
from service.request_context import context
from service.routes import Shows
from service.usecases.exchange.archive_package import write_archive_package
from service.usecases.matters.bulletin import LABELS, LONGEST_YEARS, assessment, bulletin
from service.usecases.matters.forms import NeverIssued, matter_form, status_table_of
from service.usecases.matters.written_report import written_report

routes = interface("documents", "附件1至附件3、督查通报、书面报告、年度考核、归档材料")
_FORM = ("docx", "pdf")
_TABLE = ("docx", "pdf", "xlsx")
_DAY, _MONTH = f"^{DAY}$", re.compile("[0-9]{4}-(0[1-9]|1[0-2])")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def _today() -> date:
    return datetime.now(LOCAL).date()


def _month(given: Sequence[str]) -> date:
    """The first day of a month. Raises BadRequest."""
    if not _MONTH.fullmatch(given[0]) or not _FIRST_YEAR <= int(given[0][:4]) <= _LAST_YEAR:
        raise BadRequest("month 应为月份，格式 YYYY-MM")
    return date.fromisoformat(f"{given[0]}-01")


_FORM_AS, _TABLE_AS, _BULLETIN_AS, _REPORT_AS, _ASSESSMENT_AS = (
    word("format", "文件格式", kinds) for kinds in (_FORM, _TABLE, BULLETIN, WRITTEN_REPORT, ASSESSMENT)
)
_CUTOFF, _SUBMIT_BY = (
    day(name, about, required, pattern=_DAY) for name, about in (("cutoff", "统计截止日期"), ("submit_by", "上交日期"))
)
_FROM = day("first", "起日，含当日", required, pattern=_DAY)
_UNTIL = day("last", "止日，含当日，不晚于今天", required, pattern=_DAY)
_ISSUED = day("issued_on", "成文日期；默认今天", _today, pattern=_DAY)
_NUMBER = whole("number", "期号；不写的，留空由人填写", 1, 9999, None)
_OF_MONTH = Parameter(
    "month", "月份，不晚于本月", {"type": "string", "pattern": f"^{_MONTH.pattern}$"}, _month, required
)
_YEAR = year_within(_FIRST_YEAR, _LAST_YEAR, "年度，不晚于本年", lambda: _today().year)


@routes.get("/matters/<matter_id>/registration-form", "ledger:read", None)
@asks(_FORM_AS)
@answers("registrationForm", as_file(*_FORM))
def registration(session: Session, matter_id: str, format: str) -> Response:
    """登记表（附件1）"""
    return _drawn(matter_form(session, context().books, matter_id, "registration-form"), "registration-form", format)


@routes.get("/matters/<matter_id>/urging-notice", "ledger:read", None)
@asks(_FORM_AS)
@answers("urgingNotice", as_file(*_FORM))
def urging(session: Session, matter_id: str, format: str) -> Response:
    """催办通知（附件2），最近一次催办"""
    try:
        found = matter_form(session, context().books, matter_id, "urging-notice")
    except NeverIssued:
        raise NotFound from None
    return _drawn(found, "urging-notice", format)


@routes.get("/status-table", "office:read", None)
@asks(_TABLE_AS, _CUTOFF, _SUBMIT_BY)
@answers("statusTable", as_file(*_TABLE))
def status(session: Session, format: str, cutoff: date, submit_by: date) -> Response:
    """办理情况表（附件3）：截止日之前交办、尚未结项的事项"""
    if submit_by < cutoff:
        raise BadRequest(f"上交日期 submit_by（{submit_by}）不得早于统计截止日期 cutoff（{cutoff}）")
    found = status_table_of(session, context().books, month=cutoff, cutoff=cutoff, submit_by=submit_by)
    return _drawn(found, "status-table", format)


_COUNT = {"type": "integer", "minimum": 0}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _bulletin_shape() -> dict[str, Any]:
    """The bulletin's figures as JSON."""
    day, text = {"type": "string", "format": "date"}, {"type": "string"}
    maybe = {"type": ["string", "null"]}
    figures = {name: {**_COUNT, "title": LABELS[name]} for name in Figures.__dataclass_fields__}
    acts = dict.fromkeys(Month.__dataclass_fields__, _COUNT)
    late = {"number": maybe, "title": text, "unit": maybe, "due_on": day, "days": _COUNT, "urgings": _COUNT}
    rows = {"units": {"unit": text, **figures}, "months": {"month": text, **acts}, "overdue": late}
    return _object(
        {
            "first": day,
            "last": day,
            "whole": _object(figures),
            **{name: {"type": "array", "items": _object(row)} for name, row in rows.items()},
            "left_out": {"type": "array", "items": text},
        }
    )


@routes.get("/bulletin", "office:read", None)
@asks(_BULLETIN_AS, _FROM, _UNTIL, _ISSUED, _NUMBER)
@answers("bulletin", as_file(*BULLETIN, shape=_bulletin_shape()))
def bulletin_of(
    session: Session, format: str, first: date, last: date, issued_on: date, number: int | None
) -> Response:
    """一个时期的督查通报；只统计，不产生问责记录"""
    if not first <= last <= _today():
        raise BadRequest(f"起日 first 不得晚于止日 last，止日不得晚于今天（{_today()}）")
    if last.year - first.year >= LONGEST_YEARS:
        raise BadRequest(f"一期通报最多跨{LONGEST_YEARS}个年度")
    found = bulletin(session, context().books, first=first, last=last)
    raw = bulletin_file(found, format, number=number, issued_on=issued_on, book=context().book)
    return file_answer(raw, "bulletin", format)


@routes.get("/written-report", "office:read", None)
@asks(_REPORT_AS, _ISSUED, _OF_MONTH)
@answers("writtenReport", as_file(*WRITTEN_REPORT))
def report_of(session: Session, format: str, issued_on: date, month: date) -> Response:
    """重要会议决议、决定贯彻落实情况的书面报告，每月一份"""
    today = _today()
    if month > today:
        raise BadRequest(f"month 不得晚于本月（{today:%Y-%m}）")
    found = written_report(session, context().books, month=month, today=today)
    return file_answer(report_file(found, format, issued_on=issued_on, book=context().book), "written-report", format)


@routes.get("/assessment", "office:read", None)
@asks(_ASSESSMENT_AS, _YEAR)
@answers("assessment", as_file(*ASSESSMENT))
def assessment_of(session: Session, format: str, year: int) -> Response:
    """年度考核所用的各单位数据，以及当年决定取消评优评先资格的人员和单位"""
    found = assessment(session, context().books, year=year, today=_today())
    return file_answer(assessment_file(found, format), f"assessment-{year}", format)


@routes.get("/matters/<matter_id>/archive-package", "ledger:read", Shows("取得归档材料"))
@answers("archivePackage", as_file("zip"))
def archive_package(session: Session, matter_id: str) -> Response:
    """一个事项的归档材料：登记表、催办通知、办理记录、附件、目录和各文件的散列值"""
    folder, reader = config.attachments_folder(), g.principal
    return package_answer(
        "archive-package",
        lambda out: write_archive_package(session, context().books, matter_id, out, folder=folder, reader=reader),
    )


def _drawn(document: Document | Paper, name: str, kind: str) -> Response:
    from service.documents.drawing import formats  # here, since its libraries take half of a start-up

    raw = formats.DRAW[kind](document) if isinstance(document, Document) else formats.PAGES[kind](document)
    return file_answer(raw, name, kind)
