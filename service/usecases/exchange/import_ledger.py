"""Bring in an existing ledger: each row by the ledger's own actions, in the order of their days, under the same guards.

What a row says that no column of the ledger can prove is said so in the record: an older ledger states that a matter was
supervised or closed on a day, not what was written or who agreed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.records.record import Actor
from models.schemas.errors import shown
from models.schemas.ledger_table import LedgerRow, read_row
from models.schemas.tables import TableRow
from rules.reasoning.calendar import LOCAL
from rules.reasoning.editions import Books
from service.usecases.entry import Entry
from service.usecases.exchange.import_report import ImportReport, RowReport, as_a_whole
from service.usecases.exchange.known_rows import KnownMatters, KnownUnits, Place
from service.usecases.matters.act_on_matter import MatterOutcome, act_on_matter, open_matter
from service.usecases.refusals import REFUSALS, explained

OFFICE = "督查督办工作办公室"
_NOTED = "由既有台账转入，详情以原台账为准"
_FORGET_EVERY = 200


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """Where the rows stand: the file's name and hash, the sheet. A row of the same file is brought in once."""

    name: str
    sha256: str
    sheet: str

    def source(self, line: int) -> str:
        """As it is written into the record."""
        return f"{shown(self.name)}，工作表“{shown(self.sheet)}”，第{line}行"

    def key(self, line: int, step: int) -> str:
        """The request key of a step of a row: at most 64 characters."""
        return hashlib.sha256(f"{self.sha256}:{self.sheet}:{line}:{step}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Bringer:
    """Who acted for the Office, as the records name it, and who brings the table in."""

    actor: Actor
    entered_by: str
    enterer: str | None = None


def import_ledger(
    session: Session,
    books: Books,
    rows: Iterable[TableRow],
    file: LedgerFile,
    bringer: Bringer,
    *,
    apply: bool,
    now: datetime,
    again: bool = False,
) -> ImportReport:
    """A matter for each row, with a record for everything that the row dates; again: also where it is there already."""
    return as_a_whole(session, lambda: _bring_in(session, books, rows, file, bringer, again, now), apply=apply)


def _bring_in(
    session: Session,
    books: Books,
    rows: Iterable[TableRow],
    file: LedgerFile,
    bringer: Bringer,
    again: bool,
    now: datetime,
) -> Iterator[RowReport]:
    there, known = KnownUnits(session, books), KnownMatters(session)
    for at, row in enumerate(rows, 1):
        found, problems = read_row(row, books.usual)
        problems += there.faults(found) if found is not None else ()
        place = known.place_of(found, file.key(row.line, 0)) if found is not None else None
        if found is None or problems:
            yield RowReport(row.line, row["工作任务"], "refused", tuple(problems))
            continue
        if place is not None and not again:
            yield _left_out(found, *place)
            continue
        carried = _carried(session, books, found, _entries(found, file, bringer, now), now)
        if carried.outcome != "refused":  # else the corrected row after it would be left out too
            known.read(found)
        yield carried
        if at % _FORGET_EVERY == 0:
            session.expunge_all()


def _left_out(row: LedgerRow, place: Place, by: str) -> RowReport:
    said = f"{place.said}，{by}相同），没有写入；确属另一事项的，须要求仍然写入"
    return RowReport(row.line, row.title, "known", (said,), place.number)


def _carried(session: Session, books: Books, row: LedgerRow, entries: list[Entry], now: datetime) -> RowReport:
    """The row as a matter; taken back as a whole where something of it is refused, with all that is."""
    point = session.begin_nested()
    problems: list[str] = []
    outcome: MatterOutcome | None = None
    try:
        outcome = open_matter(session, books, entries[0], now=now)
    except REFUSALS as error:
        problems.append(_told(entries[0], error, books))
    if outcome is not None and outcome.repeated:
        point.rollback()
        return RowReport(row.line, row.title, "same", (), outcome.number)
    if outcome is not None:
        outcome, refused = _followed(session, books, outcome, entries[1:], now)
        problems += refused
    if problems or outcome is None:
        point.rollback()
        return RowReport(row.line, row.title, "refused", tuple(problems))
    point.commit()
    return RowReport(row.line, row.title, "new", (), outcome.number)


def _followed(
    session: Session, books: Books, outcome: MatterOutcome, entries: list[Entry], now: datetime
) -> tuple[MatterOutcome, list[str]]:
    """What came after. A refusal is remembered, and ends the row only where all that follows would rest on it."""
    problems: list[str] = []
    for entry in entries:
        try:
            outcome = act_on_matter(session, books, outcome.id, entry, expected=outcome.matter.version, now=now)
        except REFUSALS as error:
            problems.append(_told(entry, error, books))
            if books.usual.ledger.actions[entry.action].to is not None:
                break
    return outcome, problems


def _told(entry: Entry, error: Exception, books: Books) -> str:
    return f"{books.usual.ledger.actions[entry.action].label}（{entry.on}）：{explained(error, books)}"


def _entries(row: LedgerRow, file: LedgerFile, bringer: Bringer, now: datetime) -> list[Entry]:
    """What the row says was done, in the order of the days; on one day in the order in which it can be done."""
    office = bringer.actor
    unit = Actor(row.lead_unit or "承办单位", "unit", row.lead_unit)
    steps: list[tuple[str, date, Actor, Mapping[str, Any]]] = [
        *(("supervise", day, office, {"note": _NOTED}) for day in row.supervised_on),
        *(("urge", day, office, {}) for day in row.urged_on),
    ]
    if row.reported_on is not None:
        steps.append(("report", row.reported_on, unit, {"result": row.result}))
    elif row.result is not None:
        steps.append(("progress", now.astimezone(LOCAL).date(), unit, {"note": row.result}))
    if row.accepted_on is not None:
        steps.append(("accept", row.accepted_on, office, {"opinion": _NOTED}))
    if row.closed_on is not None:
        agreed = {"office_agrees": True, "remarks": _NOTED}
        steps.append(("close", row.closed_on, office, agreed))
    ordered = [("carry_over", row.assigned_on, office, _matter(row, file)), *sorted(steps, key=lambda step: step[1])]
    return [
        Entry(
            action,
            details,
            actor,
            on,
            bringer.entered_by,
            file.key(row.line, at),
            bringer.enterer,
            late_reason=f"由既有台账转入：{file.source(row.line)}",
            brought_in=True,
        )
        for at, (action, on, actor, details) in enumerate(ordered)
    ]


def _matter(row: LedgerRow, file: LedgerFile) -> dict[str, Any]:
    return {
        "title": row.title, "category": row.category, "reason": row.reason, "basis": row.basis,
        "lead_unit": row.lead_unit, "co_units": row.co_units or None, "due_on": row.due_on,
        "registered_on": row.registered_on, "assigned_on": row.assigned_on, "original_number": row.original_number,
        "source": file.source(row.line),
    }  # fmt: skip
