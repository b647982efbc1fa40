"""Tables sent in: tried first, then applied as a whole; every row is answered for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, g
from flask_smorest import Blueprint

from models.domain.matter import Actor
from models.schemas import ledger_table
from models.schemas.import_view import ImportView
from models.schemas.ledger_table import checked_mapping
from models.schemas.reading import read_json
from models.schemas.tables import IGNORED, MOST_BYTES, Column, read_table
from models.store.database import writing
from service.api.answers import as_json
from service.api.asked import asked, day, flag, parameter, text
from service.api.openapi import answers
from service.api.problems import problem
from service.api.uploads import FORM, uploaded
from service.auth import check_brought_in
from service.routes import Routes, Writes
from service.usecases import import_people, import_units
from service.usecases.act_on_matter import LOCAL
from service.usecases.import_ledger import OFFICE, Bringer, LedgerFile, import_ledger
from service.usecases.import_report import ImportReport, RowReport
from service.usecases.import_status_table import Sender, import_status_table, read_status_table

blueprint = Blueprint("imports", __name__, description="由表导入")
routes = Routes(blueprint)
_NAME: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"\S"}
_MAPPING = {
    "in": "query",
    "name": "mapping",
    "required": False,
    "description": f"表中的列 → 台账的字段，JSON；不导入的列写“{IGNORED}”",
    "content": {"application/json": {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}},
}
_APPLY = parameter("apply", "写入；默认只试读", type="boolean", default=False)


def _documented(name: str, summary: str, *more: dict[str, Any]) -> Any:
    """The description that every import shares."""

    def decorate(view: Any) -> Any:
        described = blueprint.response(200, ImportView, description="逐行的结果")(view)
        described = answers(blueprint, 401, 403, 413, 415, 422, 507)(described)
        about = {"operationId": name, "summary": summary, "parameters": [_APPLY, *more], "requestBody": FORM}
        return blueprint.doc(**about)(described)

    return decorate


@routes.post("/imports/units", "office:import", Writes("导入单位"))
@_documented("importUnits", "由 xlsx 或者 CSV 表导入单位；有一行不对即全部不写")
def units() -> Response:
    return _organisation(import_units.COLUMNS, import_units.import_units)


@routes.post("/imports/status-table", "office:import", Writes("读回办理情况表"))
@_documented(
    "importStatusTable", "读回填好的办理情况表（附件3）；有一行不对即全部不写",
    parameter("unit", "填报的单位", required=True, **_NAME),
    parameter("actor", "填报人；不代表任何账号的令牌不写，记为填报的单位，其余必填", **_NAME),
    parameter("on", "填报日期；默认今天", type="string", format="date"),
)  # fmt: skip
def status_table() -> Response:
    given, now = asked("apply", "unit", "actor", "on"), datetime.now(UTC)
    apply, on = flag(given, "apply"), day(given, "on", now.astimezone(LOCAL).date())
    unit = str(text(given, "unit", required=True))
    actor = text(given, "actor", required=g.principal.personal) or unit
    check_brought_in(Actor(actor, "unit", unit), unit)
    name, raw = uploaded(MOST_BYTES)
    table, sender = read_status_table(raw, name), Sender(unit, actor, on, g.actor)
    with writing(current_app.extensions["database"]) as session:
        report = import_status_table(session, table, sender, apply=apply, now=now)
    return _answer(report, apply=apply)


@routes.post("/imports/ledger", "office:import", Writes("转入既有台账"))
@_documented(
    "importLedger", "由 xlsx 或者 CSV 表转入既有台账：每行一个事项；有一行不对即全部不写",
    _MAPPING, parameter("sheet", "工作表；只有一张的不必写", **_NAME),
    parameter("actor", "办公室一方的办理人，记入台账；只能是本人，不写的不记姓名", default=OFFICE, **_NAME),
    parameter("again", "台账中或者表中已有的行也写入；默认只说明", type="boolean", default=False),
)  # fmt: skip
def ledger() -> Response:
    given, now = asked("apply", "mapping", "sheet", "actor", "again"), datetime.now(UTC)
    apply, again, sheet, actor = (
        flag(given, "apply"),
        flag(given, "again"),
        text(given, "sheet"),
        text(given, "actor") or OFFICE,
    )
    check_brought_in(Actor(actor, "office"), OFFICE)
    names = checked_mapping(read_json(given["mapping"].encode("utf-8", "replace"))) if "mapping" in given else {}
    name, raw = uploaded(MOST_BYTES)
    table = read_table(raw, name, ledger_table.COLUMNS, sheet=sheet, renamed=names)
    file = LedgerFile(name, hashlib.sha256(raw).hexdigest(), table.title)
    with writing(current_app.extensions["database"]) as session:
        report = import_ledger(session, table.rows, file, Bringer(actor, g.actor), apply=apply, again=again, now=now)
    return _answer(report, apply=apply)


@routes.post("/imports/people", "office:import", Writes("导入任职"))
@_documented("importPeople", "由 xlsx 或者 CSV 表导入任职；有一行不对即全部不写")
def people() -> Response:
    return _organisation(import_people.COLUMNS, import_people.import_people)


def _organisation(columns: Sequence[Column], bring_in: Callable[..., ImportReport]) -> Response:
    apply = flag(asked("apply"), "apply")
    name, raw = uploaded(MOST_BYTES)
    table = read_table(raw, name, columns)
    with writing(current_app.extensions["database"]) as session:
        report = bring_in(session, table, apply=apply)
    return _answer(report, apply=apply)


def _answer(report: ImportReport, *, apply: bool) -> Response:
    """The report; as a problem where it was to be applied and could not."""
    rows = [_row(row) for row in report.rows]
    if apply and report.refused:
        return problem(422, slug="import-refused", detail=report.summary(), more={"rows": rows})
    return as_json({"applied": report.applied, "summary": report.summary(), "rows": rows})


def _row(row: RowReport) -> dict[str, Any]:
    return {"line": row.line, "subject": row.subject, "outcome": row.outcome, "problems": list(row.problems),
            "number": row.number}  # fmt: skip
