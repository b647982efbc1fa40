"""Documents as files: the annexes, the bulletin, the written report, the year's assessment, a matter's archive package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Response, current_app, g
from flask_smorest import Blueprint
from werkzeug.exceptions import BadRequest, NotFound

from models.domain.figures import Figures, Month
from models.store.database import reading
from rules.loading import load_rulebook
from service import config
from service.api.asked import asked, parameter
from service.api.files import file_answer, file_response, package_answer
from service.api.openapi import answers
from service.documents.exports import (
    ASSESSMENT,
    BULLETIN,
    WRITTEN_REPORT,
    assessment_file,
    bulletin_file,
    report_file,
)
from service.documents.forms import Document
from service.routes import Routes, Shows
from service.usecases.act_on_matter import LOCAL
from service.usecases.archive_package import write_archive_package
from service.usecases.bulletin import LABELS, LONGEST_YEARS, assessment, bulletin
from service.usecases.forms import NeverUrged, registration_form_of, status_table_of, urging_notice_of
from service.usecases.written_report import written_report

blueprint = Blueprint("documents", __name__, description="附件1至附件3、督查通报、书面报告、年度考核、归档材料")
routes = Routes(blueprint)
_FORM = ("docx", "pdf")
_TABLE = ("docx", "pdf", "xlsx")
_DAY, _MONTH = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"), re.compile("[0-9]{4}-(0[1-9]|1[0-2])")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def _format(kinds: tuple[str, ...]) -> dict[str, Any]:
    return parameter("format", "文件格式", type="string", enum=list(kinds), default=kinds[0])


def _day(name: str, about: str, *, required: bool = True) -> dict[str, Any]:
    return parameter(name, about, required=required, type="string", format="date", pattern=f"^{_DAY.pattern}$")


_ISSUED = _day("issued_on", "成文日期；默认今天", required=False)


@routes.get("/matters/<matter_id>/registration-form", "ledger:read", None)
@blueprint.doc(
    operationId="registrationForm",
    summary="登记表（附件1）",
    parameters=[_format(_FORM)],
    responses=file_response(*_FORM),
)
@answers(blueprint, 401, 403, 404)
def registration(matter_id: str) -> Response:
    kind = _kind(asked("format"), _FORM)
    with reading(current_app.extensions["database"]) as session:
        found = registration_form_of(session, _plain(matter_id))
    return _drawn(found, "registration-form", kind)


@routes.get("/matters/<matter_id>/urging-notice", "ledger:read", None)
@blueprint.doc(
    operationId="urgingNotice", summary="催办通知（附件2），最近一次催办", parameters=[_format(_FORM)],
    responses=file_response(*_FORM),
)  # fmt: skip
@answers(blueprint, 401, 403, 404)
def urging(matter_id: str) -> Response:
    kind = _kind(asked("format"), _FORM)
    with reading(current_app.extensions["database"]) as session:
        try:
            found = urging_notice_of(session, _plain(matter_id))
        except NeverUrged:
            raise NotFound from None
    return _drawn(found, "urging-notice", kind)


@routes.get("/status-table", "office:read", None)
@blueprint.doc(
    operationId="statusTable",
    summary="办理情况表（附件3）：截止日之前交办、尚未结项的事项",
    parameters=[_format(_TABLE), _day("cutoff", "统计截止日期"), _day("submit_by", "上交日期")],
    responses=file_response(*_TABLE),
)
@answers(blueprint, 401, 403)
def status() -> Response:
    given = asked("format", "cutoff", "submit_by")
    kind, cutoff, submit_by = _kind(given, _TABLE), _asked_day(given, "cutoff"), _asked_day(given, "submit_by")
    if submit_by < cutoff:
        raise BadRequest(f"上交日期 submit_by（{submit_by}）不得早于统计截止日期 cutoff（{cutoff}）")
    with reading(current_app.extensions["database"]) as session:
        found = status_table_of(session, month=cutoff, cutoff=cutoff, submit_by=submit_by)
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
@blueprint.doc(
    operationId="bulletin",
    summary="一个时期的督查通报；只统计，不产生问责记录",
    parameters=[
        _format(BULLETIN), _day("first", "起日，含当日"), _day("last", "止日，含当日，不晚于今天"), _ISSUED,
        parameter("number", "期号；不写的，留空由人填写", type="integer", minimum=1, maximum=9999),
    ],
    responses=file_response(*BULLETIN, shape=_bulletin_shape()),
)  # fmt: skip
@answers(blueprint, 401, 403)
def bulletin_of() -> Response:
    given = asked("format", "first", "last", "issued_on", "number")
    kind, first, last = _kind(given, BULLETIN), _asked_day(given, "first"), _asked_day(given, "last")
    issued_on, number = _issued_on(given), _asked_number(given)
    if not first <= last <= _today():
        raise BadRequest(f"起日 first 不得晚于止日 last，止日不得晚于今天（{_today()}）")
    if last.year - first.year >= LONGEST_YEARS:
        raise BadRequest(f"一期通报最多跨{LONGEST_YEARS}个年度")
    with reading(current_app.extensions["database"]) as session:
        found = bulletin(session, first=first, last=last)
    raw = bulletin_file(found, kind, number=number, issued_on=issued_on, book=load_rulebook())
    return file_answer(raw, "bulletin", kind)


@routes.get("/written-report", "office:read", None)
@blueprint.doc(
    operationId="writtenReport",
    summary="重要会议决议、决定贯彻落实情况的书面报告，每月一份",
    parameters=[
        _format(WRITTEN_REPORT), _ISSUED,
        parameter("month", "月份，不晚于本月", required=True, type="string", pattern=f"^{_MONTH.pattern}$"),
    ],
    responses=file_response(*WRITTEN_REPORT),
)  # fmt: skip
@answers(blueprint, 401, 403)
def report_of() -> Response:
    given = asked("format", "month", "issued_on")
    kind, issued_on, asked_month = _kind(given, WRITTEN_REPORT), _issued_on(given), given.get("month", "")
    if not _MONTH.fullmatch(asked_month) or not _FIRST_YEAR <= int(asked_month[:4]) <= _LAST_YEAR:
        raise BadRequest("month 应为月份，格式 YYYY-MM")
    month, today = date.fromisoformat(f"{asked_month}-01"), _today()
    if month > today:
        raise BadRequest(f"month 不得晚于本月（{today:%Y-%m}）")
    with reading(current_app.extensions["database"]) as session:
        found = written_report(session, month=month, today=today)
    return file_answer(report_file(found, kind, issued_on=issued_on, book=load_rulebook()), "written-report", kind)


@routes.get("/assessment", "office:read", None)
@blueprint.doc(
    operationId="assessment",
    summary="年度考核所用的各单位数据，以及当年决定取消评优评先资格的人员和单位",
    parameters=[
        _format(ASSESSMENT),
        parameter("year", "年度，不晚于本年", required=True, type="integer", minimum=_FIRST_YEAR, maximum=_LAST_YEAR),
    ],
    responses=file_response(*ASSESSMENT),
)
@answers(blueprint, 401, 403)
def assessment_of() -> Response:
    given, today = asked("format", "year"), _today()
    kind, year = _kind(given, ASSESSMENT), given.get("year", "")
    if not re.fullmatch("[0-9]{4}", year) or not _FIRST_YEAR <= int(year) <= today.year:
        raise BadRequest(f"year 应为{_FIRST_YEAR}至{today.year}的年度")
    with reading(current_app.extensions["database"]) as session:
        found = assessment(session, year=int(year), today=today)
    return file_answer(assessment_file(found, kind), f"assessment-{year}", kind)


@routes.get("/matters/<matter_id>/archive-package", "ledger:read", Shows("取得归档材料"))
@blueprint.doc(
    operationId="archivePackage",
    summary="一个事项的归档材料：登记表、催办通知、办理记录、附件、目录和各文件的散列值",
    responses=file_response("zip"),
)
@answers(blueprint, 401, 403, 404)
def archive_package(matter_id: str) -> Response:
    asked()
    with reading(current_app.extensions["database"]) as session:
        return package_answer(
            "archive-package",
            lambda out: write_archive_package(
                session, _plain(matter_id), out, folder=config.attachments_folder(), reader=g.principal
            ),
        )


def _drawn(document: Document, name: str, kind: str) -> Response:
    from service.documents import drawing  # here, since its libraries take half of a start-up

    return file_answer(drawing.DRAW[kind](document), name, kind)


def _kind(given: Mapping[str, str], kinds: tuple[str, ...]) -> str:
    kind = given.get("format", kinds[0])
    if kind not in kinds:
        raise BadRequest(f"format 只能取：{'、'.join(kinds)}")
    return kind


def _asked_day(given: Mapping[str, str], name: str) -> date:
    try:
        if _DAY.fullmatch(given.get(name, "")):
            return date.fromisoformat(given[name])
    except ValueError:
        pass
    raise BadRequest(f"{name} 应为日期，格式 YYYY-MM-DD")


def _issued_on(given: Mapping[str, str]) -> date:
    return _asked_day(given, "issued_on") if "issued_on" in given else _today()


def _asked_number(given: Mapping[str, str]) -> int | None:
    number = given.get("number")
    if number is not None and not re.fullmatch("[1-9][0-9]{0,3}", number):
        raise BadRequest("number 应为1至9999的整数")
    return None if number is None else int(number)


def _today() -> date:
    return datetime.now(LOCAL).date()


def _plain(matter_id: str) -> str:
    if "\x00" in matter_id:
        raise NotFound
    return matter_id
