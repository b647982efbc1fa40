"""Tables sent in: tried first, then applied as a whole; every row is answered for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated

from flask import Response, current_app, g
from werkzeug.exceptions import BadRequest

from models.records.record import Actor
from models.schemas import ledger_table
from models.schemas.ledger_table import checked_mapping
from models.schemas.reading import read_json
from models.schemas.tables import IGNORED, MOST_BYTES, TableColumn, read_table
from models.store.database import writing
from rules.answering import Value, about
from rules.reasoning.calendar import LOCAL
from service.api.answers import as_json
from service.api.asked import Parameter, day, flag, required, text
from service.api.openapi import answers, asks, gives, interface
from service.api.problems import problem
from service.api.uploads import FORM, uploaded
from service.auth import brought_in_by, enterer
from service.request_context import context
from service.routes import Writes
from service.usecases.exchange import import_people, import_units
from service.usecases.exchange.import_ledger import OFFICE, Bringer, LedgerFile, import_ledger
from service.usecases.exchange.import_report import ImportReport, RowReport
from service.usecases.exchange.import_status_table import Sender, import_status_table, read_status_table

routes = interface("imports", "由表导入")
_MAPPING = Parameter(
    "mapping",
    f"表中的列 → 台账的字段，JSON；不导入的列写“{IGNORED}”",
    {"content": {"application/json": {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}}},
    lambda given: checked_mapping(read_json(given[0].encode("utf-8", "replace"))),
    dict[str, str],
)


class ImportView(Value, frozen=True):
    """What an import did, or would do, row by row."""

    applied: Annotated[bool, about("已写入")]
    summary: Annotated[str, about("合计")]
    rows: Annotated[tuple[RowReport, ...], about("逐行的结果")]


def _nobody() -> None:
    """A token of no person may leave out who filled it in. Raises BadRequest for everybody else."""
    if g.principal.personal:
        raise BadRequest("actor 应为1至200个字")


_APPLY = flag("apply", "写入；默认只试读")
_AGAIN = flag("again", "台账中或者表中已有的行也写入；默认只说明")
_UNIT = text("unit", "填报的单位", required, blank=False)
_FILLED_BY = text(
    "actor", "填报人的标识或者工号；不代表任何账号的令牌不写，记为填报的单位，其余必填", _nobody, blank=False
)
_ON = day("on", "填报日期；默认今天", lambda: datetime.now(LOCAL).date())
_LATE = text("late_reason", "补录理由（填报日期早于今天的必须填写）", blank=False)
_SHEET = text("sheet", "工作表；只有一张的不必写", blank=False)
_ACTOR = text(
    "actor",
    "办公室一方的办理人的标识或者工号，记入台账；只能是本人，不写的不记姓名",
    lambda: OFFICE,
    default=OFFICE,
    blank=False,
)


_DONE = gives(ImportView, "逐行的结果")


@routes.post("/imports/units", "office:import", Writes("导入单位"))
@asks(_APPLY)
@answers("importUnits", _DONE, body=FORM)
def units(apply: bool) -> Response:
    """由 xlsx 或者 CSV 表导入单位；有一行不对即全部不写"""
    return _organisation(import_units.COLUMNS, import_units.import_units, apply)


@routes.post("/imports/status-table", "office:import", Writes("读回办理情况表"))
@asks(_APPLY, _UNIT, _FILLED_BY, _ON, _LATE)
@answers("importStatusTable", _DONE, body=FORM)
def status_table(apply: bool, unit: str, actor: str | None, on: date, late_reason: str | None) -> Response:
    """读回填好的办理情况表（附件3）；有一行不对即全部不写"""
    now, by = datetime.now(UTC), brought_in_by(Actor(actor or unit, "unit", unit), unit)
    name, raw = uploaded(MOST_BYTES)
    table, sender = read_status_table(raw, name, context().books), Sender(by, on, g.actor, enterer(), late_reason)
    with writing(current_app.extensions["database"]) as session:
        report = import_status_table(session, context().books, table, sender, apply=apply, now=now)
    return _answer(report, apply=apply)


@routes.post("/imports/ledger", "office:import", Writes("转入既有台账"))
@asks(_APPLY, _MAPPING, _SHEET, _ACTOR, _AGAIN)
@answers("importLedger", _DONE, body=FORM)
def ledger(apply: bool, mapping: dict[str, str], sheet: str | None, actor: str, again: bool) -> Response:
    """由 xlsx 或者 CSV 表转入既有台账：每行一个事项；有一行不对即全部不写"""
    now = datetime.now(UTC)
    by = brought_in_by(Actor(actor, "office"), OFFICE)
    name, raw = uploaded(MOST_BYTES)
    table = read_table(raw, name, ledger_table.COLUMNS, sheet=sheet, renamed=mapping)
    file = LedgerFile(name, hashlib.sha256(raw).hexdigest(), table.title)
    with writing(current_app.extensions["database"]) as session:
        report = import_ledger(
            session,
            context().books,
            table.rows,
            file,
            Bringer(by, g.actor, enterer()),
            apply=apply,
            again=again,
            now=now,
        )
    return _answer(report, apply=apply)


@routes.post("/imports/people", "office:import", Writes("导入任职"))
@asks(_APPLY)
@answers("importPeople", _DONE, body=FORM)
def people(apply: bool) -> Response:
    """由 xlsx 或者 CSV 表导入任职；有一行不对即全部不写"""
    return _organisation(
        import_people.COLUMNS,
        partial(import_people.import_people, books=context().books, by=g.actor, now=datetime.now(UTC)),
        apply,
    )


def _organisation(columns: Sequence[TableColumn], bring_in: Callable[..., ImportReport], apply: bool) -> Response:
    name, raw = uploaded(MOST_BYTES)
    table = read_table(raw, name, columns)
    with writing(current_app.extensions["database"]) as session:
        report = bring_in(session, table=table, apply=apply)
    return _answer(report, apply=apply)


def _answer(report: ImportReport, *, apply: bool) -> Response:
    """The report; as a problem where it was to be applied and could not."""
    if apply and report.refused:
        return problem(422, slug="import-refused", detail=report.summary(), more={"rows": report.rows})
    return as_json(ImportView(report.applied, report.summary(), report.rows))
