"""Documents as files: the annexes, the bulletin, the written report, the year's assessment, a matter's archive package."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import Response, current_app, g
from flask_smorest import Blueprint
from werkzeug.exceptions import BadRequest, NotFound

from models.domain.figures import Figures, Month
from models.store.database import reading
from service import config
from service.api.asked import DAY, Parameter, asks, day, required, whole, word, year_within
from service.api.files import file_answer, file_response, package_answer
from service.api.openapi import Operations, answers
from service.documents.exports import (
    ASSESSMENT,
    BULLETIN,
    WRITTEN_REPORT,
    assessment_file,
    bulletin_file,
    report_file,
)
from service.documents.forms import Document
from service.documents.paper import Paper
from service.request_context import context
from service.routes import Shows
from service.usecases.act_on_matter import LOCAL
from service.usecases.archive_package import write_archive_package
from service.usecases.bulletin import LABELS, LONGEST_YEARS, assessment, bulletin
from service.usecases.forms import NeverIssued, matter_form, status_table_of
from service.usecases.written_report import written_report

blueprint = Blueprint("documents", __name__, description="附件1至附件3、督查通报、书面报告、年度考核、归档材料")
routes = Operations(blueprint)
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


_FORM_AS, _TABLE_AS = word("format", "文件格式", _FORM), word("format", "文件格式", _TABLE)
_BULLETIN_AS, _REPORT_AS = word("format", "文件格式", BULLETIN), word("format", "文件格式", WRITTEN_REPORT)
_ASSESSMENT_AS = word("format", "文件格式", ASSESSMENT)
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
@blueprint.doc(
    operationId="registrationForm",
    summary="登记表（附件1）",
    responses=file_response(*_FORM),
)
@answers(blueprint, 401, 403, 404)
def registration(matter_id: str) -> Response:
    kind = _FORM_AS.asked()
    with reading(current_app.extensions["database"]) as session:
        found = matter_form(session, context().books, matter_id, "registration-form")
    return _drawn(found, "registration-form", kind)


@routes.get("/matters/<matter_id>/urging-notice", "ledger:read", None)
@asks(_FORM_AS)
@blueprint.doc(
    operationId="urgingNotice", summary="催办通知（附件2），最近一次催办",
    responses=file_response(*_FORM),
)  # fmt: skip
@answers(blueprint, 401, 403, 404)
def urging(matter_id: str) -> Response:
    kind = _FORM_AS.asked()
    with reading(current_app.extensions["database"]) as session:
        try:
            found = matter_form(session, context().books, matter_id, "urging-notice")
        except NeverIssued:
            raise NotFound from None
    return _drawn(found, "urging-notice", kind)


@routes.get("/status-table", "office:read", None)
@asks(_TABLE_AS, _CUTOFF, _SUBMIT_BY)
@blueprint.doc(
    operationId="statusTable",
    summary="办理情况表（附件3）：截止日之前交办、尚未结项的事项",
    responses=file_response(*_TABLE),
)
@answers(blueprint, 401, 403)
def status() -> Response:
    kind, cutoff, submit_by = _TABLE_AS.asked(), _CUTOFF.asked(), _SUBMIT_BY.asked()
    if submit_by < cutoff:
        raise BadRequest(f"上交日期 submit_by（{submit_by}）不得早于统计截止日期 cutoff（{cutoff}）")
    with reading(current_app.extensions["database"]) as session:
        found = status_table_of(session, context().books, month=cutoff, cutoff=cutoff, submit_by=submit_by)
    return _drawn(found, "status-table", kind)


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
    return _object({
        "first": day, "last": day, "whole": _object(figures),
        **{name: {"type": "array", "items": _object(row)} for name, row in rows.items()},
        "left_out": {"type": "array", "items": text},
    })  # fmt: skip


@routes.get("/bulletin", "office:read", None)
@asks(_BULLETIN_AS, _FROM, _UNTIL, _ISSUED, _NUMBER)
@blueprint.doc(
    operationId="bulletin",
    summary="一个时期的督查通报；只统计，不产生问责记录",
    responses=file_response(*BULLETIN, shape=_bulletin_shape()),
)
@answers(blueprint, 401, 403)
def bulletin_of() -> Response:
    kind, first, last = _BULLETIN_AS.asked(), _FROM.asked(), _UNTIL.asked()
    issued_on, number = _ISSUED.asked(), _NUMBER.asked()
    if not first <= last <= _today():
        raise BadRequest(f"起日 first 不得晚于止日 last，止日不得晚于今天（{_today()}）")
    if last.year - first.year >= LONGEST_YEARS:
        raise BadRequest(f"一期通报最多跨{LONGEST_YEARS}个年度")
    with reading(current_app.extensions["database"]) as session:
        found = bulletin(session, context().books, first=first, last=last)
    raw = bulletin_file(found, kind, number=number, issued_on=issued_on, book=context().book)
    return file_answer(raw, "bulletin", kind)


@routes.get("/written-report", "office:read", None)
@asks(_REPORT_AS, _ISSUED, _OF_MONTH)
@blueprint.doc(
    operationId="writtenReport",
    summary="重要会议决议、决定贯彻落实情况的书面报告，每月一份",
    responses=file_response(*WRITTEN_REPORT),
)
@answers(blueprint, 401, 403)
def report_of() -> Response:
    kind, issued_on, month, today = _REPORT_AS.asked(), _ISSUED.asked(), _OF_MONTH.asked(), _today()
    if month > today:
        raise BadRequest(f"month 不得晚于本月（{today:%Y-%m}）")
    with reading(current_app.extensions["database"]) as session:
        found = written_report(session, context().books, month=month, today=today)
    return file_answer(report_file(found, kind, issued_on=issued_on, book=context().book), "written-report", kind)


@routes.get("/assessment", "office:read", None)
@asks(_ASSESSMENT_AS, _YEAR)
@blueprint.doc(
    operationId="assessment",
    summary="年度考核所用的各单位数据，以及当年决定取消评优评先资格的人员和单位",
    responses=file_response(*ASSESSMENT),
)
@answers(blueprint, 401, 403)
def assessment_of() -> Response:
    kind, year, today = _ASSESSMENT_AS.asked(), _YEAR.asked(), _today()
    with reading(current_app.extensions["database"]) as session:
        found = assessment(session, context().books, year=year, today=today)
    return file_answer(assessment_file(found, kind), f"assessment-{year}", kind)


@routes.get("/matters/<matter_id>/archive-package", "ledger:read", Shows("取得归档材料"))
@asks()
@blueprint.doc(
    operationId="archivePackage",
    summary="一个事项的归档材料：登记表、催办通知、办理记录、附件、目录和各文件的散列值",
    responses=file_response("zip"),
)
@answers(blueprint, 401, 403, 404)
def archive_package(matter_id: str) -> Response:
    with reading(current_app.extensions["database"]) as session:
        return package_answer(
            "archive-package",
            lambda out: write_archive_package(
                session, context().books, matter_id, out, folder=config.attachments_folder(), reader=g.principal
            ),
        )


def _drawn(document: Document | Paper, name: str, kind: str) -> Response:
    from service.documents import drawing  # here, since its libraries take half of a start-up

    raw = drawing.DRAW[kind](document) if isinstance(document, Document) else drawing.PAGES[kind](document)
    return file_answer(raw, name, kind)
