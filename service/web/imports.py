"""Tables sent in by a page: tried first, every row answered for; then sent once more and applied as a whole.

Nothing of a file that was only tried is kept: the second sending is held against the hash of the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from models.records.record import Actor
from models.schemas import ledger_table
from models.schemas.errors import CaseFileError, FieldError
from models.schemas.fields import Block, Day, Flag, PersonId, Text
from models.schemas.tables import IGNORED, MOST_BYTES, TableColumn, TableUnreadable, read_table
from models.store.database import writing
from rules.book.rulebook import Rulebook
from service.auth import NotThisActor, brought_in_by, enterer
from service.documents.writing.forms import status_columns
from service.request_context import context
from service.routes import Routes, Writes
from service.usecases.exchange import import_people, import_units
from service.usecases.exchange.import_ledger import OFFICE, Bringer, LedgerFile, import_ledger
from service.usecases.exchange.import_report import OUTCOMES, ImportReport
from service.usecases.exchange.import_status_table import Sender, import_status_table, read_status_table
from service.web.acts import not_allowed
from service.web.choosing import find, only_choosing, outsider_entered
from service.web.fields import Filled, shown
from service.web.matters import unit_words
from service.web.pages import page
from service.web.periods_asked import today
from service.web.plain_forms import filled_in

routes = Routes(Blueprint("import-pages", __name__, template_folder="templates"))
_SHOWN = 500
"""So many rows that nothing is wrong with are listed; of those with faults, all."""


@dataclass(frozen=True, slots=True)
class SentTable:
    """A file with what was filled in beside it."""

    name: str
    raw: bytes
    sha256: str
    values: Mapping[str, Any] = field(default_factory=dict)


Bring = Callable[[Session, SentTable, bool], ImportReport]


@dataclass(frozen=True, slots=True)
class Importable:
    """A table that can be brought in. columns: their names, those that must be there with ＊; block: what is asked beside it."""

    label: str
    about: str
    columns: Sequence[str]
    block: Block
    bring: Bring


def _named(columns: Sequence[TableColumn]) -> list[str]:
    return [f"{column.name}{'＊' if column.required else ''}" for column in columns]


def _units(session: Session, sent: SentTable, apply: bool) -> ImportReport:
    return import_units.import_units(session, read_table(sent.raw, sent.name, import_units.COLUMNS), apply=apply)


def _people(session: Session, sent: SentTable, apply: bool) -> ImportReport:
    table = read_table(sent.raw, sent.name, import_people.COLUMNS)
    return import_people.import_people(session, context().books, table, apply=apply, by=g.actor, now=datetime.now(UTC))


def _status_table(session: Session, sent: SentTable, apply: bool) -> ImportReport:
    unit = sent.values["unit"]
    actor = brought_in_by(Actor(sent.values["actor"], "unit", unit), unit)
    sender = Sender(actor, sent.values["on"], g.actor, enterer(), sent.values.get("late_reason"))
    table = read_status_table(sent.raw, sent.name, context().books)
    return import_status_table(session, context().books, table, sender, apply=apply, now=datetime.now(UTC))


def _ledger(session: Session, sent: SentTable, apply: bool) -> ImportReport:
    actor = brought_in_by(Actor(sent.values.get("actor") or OFFICE, "office"), OFFICE)
    names = _mapping(sent.values.get("mapping") or "")
    table = read_table(sent.raw, sent.name, ledger_table.COLUMNS, sheet=sent.values.get("sheet"), renamed=names)
    file, bringer = LedgerFile(sent.name, sent.sha256, table.title), Bringer(actor, g.actor, enterer())
    again = bool(sent.values.get("again"))
    return import_ledger(
        session, context().books, table.rows, file, bringer, apply=apply, again=again, now=datetime.now(UTC)
    )


def _mapping(said: str) -> dict[str, str]:
    """Their columns → ours, a pair a line. Raises CaseFileError."""
    found = {}
    for line in filter(str.strip, said.splitlines()):
        theirs, sign, ours = (part.strip() for part in line.partition("="))
        if not (theirs and sign and ours):
            raise CaseFileError([FieldError("mapping", f"每行应为 列=字段，现有“{line}”")])
        found[theirs] = ours
    return found


_NOTHING = Block("", dict, {})
_STATUS = Block("", dict, {
    "unit": Text("填报的单位", 200, required=True), "actor": PersonId("填报人", required=True),
    "on": Day("填报日期", required=True), "late_reason": Text("补录理由（填报日期早于今天的必须填写）", 20_000, long=True, nullable=True),
})  # fmt: skip
_LEDGER = Block("", dict, {
    "actor": PersonId(f"办公室一方的办理人，记入台账（只能是本人；不填的为“{OFFICE}”）"), "sheet": Text("工作表（只有一张的不必填）", 200),
    "mapping": Text(f"列的对应，每行一个：表中的列=台账的字段；不导入的写 列={IGNORED}", 5000, long=True),
    "again": Flag("台账中或者表中已有的行，也另立为新的事项（不填的，只说明在哪里，不写入）", nullable=True),
})  # fmt: skip


def _kinds(book: Rulebook) -> Mapping[str, Importable]:
    """Table → how it is brought in."""
    return {
    "units": Importable("单位", "学校的单位及其起止、别名、邮箱。", _named(import_units.COLUMNS), _NOTHING, _units),
    "people": Importable("任职", "谁在哪个单位担任什么职务、何时起止。", _named(import_people.COLUMNS), _NOTHING, _people),
    "status-table": Importable("办理情况表（附件3）", "读回单位填好的表：写“是”的报结，其余记为进展，没有改动的不记。",
                         status_columns(book), _STATUS, _status_table),
    "ledger": Importable("既有台账", "每行一个事项，逐项按本系统的办理和限制记入；同一文件的同一行只转入一次，已有的行不写入。",
                   _named(ledger_table.COLUMNS), _LEDGER, _ledger),
    }  # fmt: skip


@routes.get("/imports", "office:import", None)
def every() -> Response:
    """The tables that can be brought in."""
    return page("imports/list.html", kinds=_kinds(context().book))


@routes.form("/imports/<table>", "office:import", Writes("导入表格"), uploads=True)
def send(table: str) -> Response:
    """The form of a table; a trial of the file that was sent, or its import."""
    kind = _kinds(context().book).get(table)
    if kind is None:
        raise NotFound
    if request.method == "GET" or only_choosing():
        return _form(table, kind, {})
    apply = request.form.get("apply") == "true"
    try:
        sent = _sent(kind, apply=apply)
        with writing(current_app.extensions["database"]) as session:
            report = kind.bring(session, sent, apply)
    except CaseFileError as error:
        return _form(table, kind, error.by_path(), 422)
    except TableUnreadable as error:
        return _form(table, kind, {"file": [str(error)]}, 422)
    except NotThisActor as error:
        return _form(table, kind, not_allowed(error), 403)
    return _told(table, kind, sent, report, apply=apply)


def _sent(kind: Importable, *, apply: bool) -> SentTable:
    """The file and what was filled in. Raises CaseFileError, also where another file is to be applied than was tried."""
    file = request.files.get("file")
    faults = []
    values: dict[str, Any] = {}
    try:
        values = filled_in(kind.block)
    except CaseFileError as error:
        faults += error.errors
    raw = file.read() if file is not None else b""
    sha256 = hashlib.sha256(raw).hexdigest()
    if file is None or not file.filename:
        faults.insert(0, FieldError("file", "请选择一个文件"))
    elif len(raw) > MOST_BYTES:
        faults.insert(0, FieldError("file", f"文件过大，最多 {MOST_BYTES // 1_000_000} MB"))
    elif apply and sha256 != request.form.get("sha256"):
        faults.insert(0, FieldError("file", "与试读的不是同一个文件，没有写入；请重新试读"))
    if faults:
        raise CaseFileError(faults)
    return SentTable(file.filename or "" if file is not None else "", raw, sha256, values)


def _form(table: str, kind: Importable, errors: Mapping[str, list[str]], status: int = 200) -> Response:
    form = request.form.copy()
    if request.method == "GET" and "on" in kind.block.fields:
        form["on"] = today().isoformat()
    errors = {**errors, **outsider_entered(form)}
    filled = Filled(form, unit_words(), errors, find=find)
    fields = [shown(name, given, filled) for name, given in kind.block.fields.items()]
    return page(
        "imports/table.html",
        status,
        table=table,
        kind=kind,
        fields=fields,
        faults=errors.get("file", []),
        bad=len(errors),
        most=MOST_BYTES // 1_000_000,
    )


def _told(table: str, kind: Importable, sent: SentTable, report: ImportReport, *, apply: bool) -> Response:
    fit = [row for row in report.rows if row.outcome not in ("refused", "known")]
    kept = {
        name: sent.values.get(name) or "" if isinstance(field, PersonId) else request.form.get(name, "")
        for name, field in kind.block.fields.items()
    }
    return page(
        "imports/report.html",
        422 if apply and report.refused else 200,
        table=table,
        kind=kind,
        sent=sent,
        report=report,
        kept=kept,
        outcomes=OUTCOMES,
        refused=report.refused,
        known=report.known,
        fit=fit[:_SHOWN],
        more=len(fit) - _SHOWN,
    )
