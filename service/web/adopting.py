"""The administrator's forms of what somebody competent has adopted on a document: influence periods, the years of the calendar."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Blueprint, Response, g
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from models.schemas.errors import CaseFileError, FieldError
from models.schemas.fields import Block, Day, Flag, Items, Text
from models.schemas.periods import CONFIRM, WITHDRAW
from models.schemas.whole_number import WholeNumber
from models.store.audit_notes import tell
from rules.reasoning.calendar import CalendarFault
from service.request_context import context
from service.routes import Routes, Writes
from service.usecases.adopting.calendar_years import YearKnown, import_year
from service.usecases.adopting.influence_periods import confirm_period, withdraw_period
from service.web.plain_forms import form_once, posted_block

routes = Routes(Blueprint("adoption-pages", __name__, template_folder="templates"))
_BACK = "/admin/calendar"
_YEAR = Block(
    "节假日安排", dict,
    {
        "year": WholeNumber("年份", 2200, required=True), "source": Text("通知的名称和文号", 500, required=True),
        "holidays": Items("放假的日期（含连休中的周末）", Day("放假的日期"), 200, required=True),
        "workdays": Items("调休上班的日期", Day("调休上班的日期"), 100), "replace": Flag("替换已经导入的同一年"),
    },
)  # fmt: skip


@routes.form("/admin/calendar/periods/<row>/confirm", "adoption:record", Writes("登记影响期的确认"))
def confirm(row: str) -> Response:
    """The form of a row's confirmation, and its record."""
    about = "确认由有权的机构依据文件作出，这里只作登记。文件规定的月数、起点与表中不同的，才填月数、起点。"
    return _on_row(row, CONFIRM, about, confirm_period)


@routes.form("/admin/calendar/periods/<row>/withdraw", "adoption:record", Writes("撤回影响期的确认"))
def withdraw(row: str) -> Response:
    """The form of a confirmation's withdrawal, and its record."""
    return _on_row(row, WITHDRAW, "案件中已经记录的影响期满不因撤回而改变。", withdraw_period)


def _on_row(row: str, act: Block, about: str, do: Callable[..., Any]) -> Response:
    labels = {one.id: one.label for one in context().book.periods}
    if row not in labels:
        raise NotFound

    def write(session: Session, said: dict[str, Any]) -> str:
        do(session, context().books, {"row": row, **said}, now=datetime.now(UTC), entered_by=g.actor)
        return _BACK

    title = f"{act.label}：{labels[row]}"
    return form_once(act, write, lambda: posted_block(act), title=title, back=_BACK, about=about)


@routes.form("/admin/calendar/years/new", "adoption:record", Writes("导入节假日安排"))
def year() -> Response:
    """The form of a year's notice, and the year."""

    def write(session: Session, said: dict[str, Any]) -> str:
        replace = said.pop("replace", False)
        raw = orjson.dumps({"workdays": (), **said}, option=orjson.OPT_INDENT_2)
        try:
            tell(session, year=import_year(raw, replace=replace), sha256=hashlib.sha256(raw).hexdigest())
        except YearKnown:
            raise CaseFileError([FieldError("replace", f"{said['year']}年已经导入；确要替换的，请选“是”")]) from None
        except CalendarFault as error:
            raise CaseFileError([FieldError("", _in_words(str(error)))]) from None
        return _BACK

    about = "照国务院办公厅的通知填写，由另一人对照原文核对。日期写作 YYYY-MM-DD，一行一个。"
    return form_once(_YEAR, write, title="导入节假日安排", back=_BACK, about=about)


def _in_words(said: str) -> str:
    """A fault of a year's table by the names of the form's fields."""
    for name, field in _YEAR.fields.items():
        said = said.replace(name, f"“{field.label}”")
    return said
