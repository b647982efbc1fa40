"""Annex 3 read back: what a unit filled in anew becomes its records; every row that cannot be taken is told.

Which matter a row is, stands in the hidden sheet that was sent out with it; where that is lost, the row is found by what it says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy.orm import Session

from models.records.record import Actor
from models.schemas.errors import shown
from models.schemas.fields import text_fault
from models.schemas.sheets import Sheet, read_sheets
from models.schemas.tables import TableColumn, TableRow, TableUnreadable, day_of, plain, table_of
from rules.reasoning.editions import Books
from service.documents.writing.forms import KEYS, status_cells, status_columns
from service.usecases.entry import Entry
from service.usecases.exchange.import_report import ImportReport, RowReport, as_a_whole
from service.usecases.matters.act_on_matter import act_on_matter
from service.usecases.matters.forms import status_rows
from service.usecases.refusals import REFUSALS, explained

_LONGEST = 20_000
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row as it was sent out. key: 布置时间, 承办部门 and 内容; said: 是否落实 and 落实情况."""

    order: str
    matter_id: str
    version: int
    key: _Key
    said: tuple[str, str]


@dataclass(frozen=True, slots=True)
class StatusTable:
    """A filled-in table. drawn: the rows as they were sent out, None where the hidden sheet is lost."""

    sha256: str
    rows: tuple[TableRow, ...]
    drawn: tuple[Drawn, ...] | None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who of the unit filled in the table, for which day; and who brings it in, and why only after that day."""

    actor: Actor
    on: date
    entered_by: str
    enterer: str | None = None
    late_reason: str | None = None


def read_status_table(raw: bytes, name: str, books: Books) -> StatusTable:
    """The rows of a filled-in annex 3. Raises TableUnreadable."""
    sheets = read_sheets(raw, name)
    form = next((sheet for sheet in sheets if not sheet.hidden and sheet.title != KEYS), None)
    if form is None:
        raise TableUnreadable("表中没有内容")
    if form.fault is not None:
        raise TableUnreadable(form.fault)
    columns = _columns(books)
    table = table_of(form, [TableColumn(column, required=True) for column in columns], {})
    rows = tuple(row for row in table.rows if any(row[column] for column in columns[1:]))
    keys = next((sheet for sheet in sheets if sheet.title == KEYS), None)
    return StatusTable(hashlib.sha256(raw).hexdigest(), rows, _drawn(keys) if keys is not None and keys.lines else None)


def import_status_table(
    session: Session, books: Books, table: StatusTable, sender: Sender, *, apply: bool, now: datetime
) -> ImportReport:
    """A record for each row that was filled in anew: 是 reports the matter as done, anything else its progress."""
    return as_a_whole(session, lambda: _bring_in(session, books, table, sender, now), apply=apply)


@cache
def _columns(books: Books) -> tuple[str, ...]:
    return tuple(plain(column) for column in status_columns(books.usual))


def _drawn(sheet: Sheet) -> tuple[Drawn, ...] | None:
    """The rows of the hidden sheet; None where somebody spoiled it."""
    found = []
    for _, cells in sheet.lines:
        padded = (*cells, *[""] * 8)[:8]
        matter_id, version, order, assigned, unit, content, implemented, progress = padded
        if not (version.isascii() and version.isdigit() and len(version) < 10 and len(matter_id) == 36):
            return None
        found.append(Drawn(order, matter_id, int(version), _key(assigned, unit, content), (implemented, progress)))
    return tuple(found)


def _key(assigned: str, unit: str, content: str) -> _Key:
    """What a row is about, however a spreadsheet writes the day and breaks the lines."""
    day = day_of(plain(assigned))
    return (day.isoformat() if day else plain(assigned), plain(unit), plain(content))


def _bring_in(session: Session, books: Books, table: StatusTable, sender: Sender, now: datetime) -> Iterator[RowReport]:
    known = table.drawn if table.drawn is not None else _from_ledger(session, books, table.rows, sender.on)
    places = _Places(known, books)
    for row in table.rows:
        found, problem = places.find(row)
        if found is None:
            yield _refused(row, problem, books)
        else:
            yield _answered(session, books, row, found, (table.sha256, sender, now))


def _from_ledger(session: Session, books: Books, rows: Iterable[TableRow], on: date) -> tuple[Drawn, ...]:
    """The rows as they would be drawn now, of those matters that the table speaks of."""
    wanted = {_row_key(row, books) for row in rows}
    found = []
    for row in status_rows(session, books, on, []):  # what is damaged is not drawn, and its row is refused as changed
        assigned, unit, content, implemented, progress = status_cells(row)
        key = _key(assigned, unit, content)
        if key in wanted:
            found.append(Drawn("", row.matter_id, row.version, key, (implemented, _tidy(progress))))
    return tuple(found)


def _tidy(text: str) -> str:
    return text.strip().replace("\r\n", "\n").replace("\r", "\n")


def _row_key(row: TableRow, books: Books) -> _Key:
    _, assigned, unit, content, *_ = _columns(books)
    return _key(row[assigned], row[unit], row[content])


class _Places:
    """Where to find the row of a matter: by its number in the table, else by what it is about."""

    def __init__(self, known: Iterable[Drawn], books: Books) -> None:
        self.books = books
        self.by_order: dict[str, Drawn] = {}
        self.by_key: dict[_Key, list[Drawn]] = {}
        for row in known:
            self.by_order[row.order] = row
            self.by_key.setdefault(row.key, []).append(row)

    def find(self, row: TableRow) -> tuple[Drawn | None, str]:
        """The row as it was drawn; or why it cannot be told."""
        order, *fixed = _columns(self.books)
        key, numbered = _row_key(row, self.books), self.by_order.get(row[order])
        if numbered is not None and numbered.key == key:
            return numbered, ""
        same = self.by_key.get(key, [])
        if len(same) == 1:
            return same[0], ""
        if same:
            return None, f"台账中有 {len(same)} 个这样的事项，不能确定是哪一个；请用系统发出的表填报"
        if numbered is not None and row[order]:
            return None, f"“{'”“'.join(fixed[:3])}”与发出时不同；这三栏不能改动"
        return None, "台账中没有这样的在办事项"


def _answered(
    session: Session, books: Books, row: TableRow, drawn: Drawn, context: tuple[str, Sender, datetime]
) -> RowReport:
    """What became of a row: a record, nothing where nothing was filled in, or why it cannot be taken."""
    sha256, sender, now = context
    *_, implemented, progress = _columns(books)
    said = (row[implemented], row[progress])
    if said == drawn.said or (said[1] == drawn.said[1] and said[0] != "是" != drawn.said[0]):
        return RowReport(row.line, row[_columns(books)[3]], "same")
    fault = _fault(said, drawn, books)
    if fault is not None:
        return _refused(row, fault, books)
    action, field = ("report", "result") if said[0] == "是" else ("progress", "note")
    key = hashlib.sha256(f"{sha256}:{row.line}".encode()).hexdigest()
    entry = Entry(
        action,
        {field: said[1]},
        sender.actor,
        sender.on,
        sender.entered_by,
        key,
        sender.enterer,
        late_reason=sender.late_reason,
        brought_in=True,
    )
    point = session.begin_nested()
    try:
        outcome = act_on_matter(session, books, drawn.matter_id, entry, expected=drawn.version, now=now)
    except REFUSALS as error:
        point.rollback()
        return _refused(row, f"{books.usual.ledger.actions[action].label}：{explained(error, books)}", books)
    point.commit()
    return RowReport(row.line, outcome.matter.title, "same" if outcome.repeated else "new", (), outcome.number)


def _fault(said: tuple[str, str], drawn: Drawn, books: Books) -> str | None:
    """What is wrong with what was filled in, before the ledger is asked."""
    *_, implemented, progress = _columns(books)
    if said[0] not in ("是", "否", ""):
        return f"“{implemented}”只能填“是”“否”或者留空，现为“{shown(said[0])}”"
    if drawn.said[0] == "是" != said[0]:
        return f"已审查为落实的，“{implemented}”不能改动"
    if not said[1]:
        return (
            f"“{progress}”被清空；已有的记录不能删去，没有新情况的请保留原文字"
            if drawn.said[1]
            else f"填写“{implemented}”的，须写明“{progress}”"
        )
    fault = text_fault(said[1], _LONGEST, long=True)
    return None if fault is None else f"“{progress}”{fault}"


def _refused(row: TableRow, problem: str, books: Books) -> RowReport:
    return RowReport(row.line, row[_columns(books)[3]], "refused", (problem,))
