"""The days of the ledger for a calendar: due dates and steps of matters that are being worked on, and regular inspections.

No names of persons. Source: art-3.2.c, art-5.1.a, art-6.5.1.a.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import islice

from sqlalchemy.orm import Session

from models.matter import matters
from models.matter.matter import Matter
from models.matter.waiting import WORKED_ON
from models.office.inspection import DueInspection
from models.records.damage import ROW, Damaged, MatterDamaged
from rules.reasoning.editions import Books
from service.documents.ledger.calendar_feed import DayEntry
from service.usecases.matters.act_on_matter import shown_number, stored_matters
from service.usecases.matters.inspect import inspection_duties
from service.usecases.refusals import explained

_BATCH = 500
_MOST = 5000
"""Entries of a feed; what is behind them is told by one more."""


def calendar_entries(session: Session, books: Books, *, unit: str | None, today: date) -> list[DayEntry]:
    """The entries of a feed. unit: only what that unit has in hand; None: everything, and the Office's inspections."""
    found = _every(session, books, unit, today)
    entries = list(islice(found, _MOST))
    if next(found, None) is not None:
        said = f"待办超过 {_MOST} 项，其余见台账"
        entries.append(DayEntry("more@wenze", today, said, "", _midnight(today)))
    return entries


def _every(session: Session, books: Books, unit: str | None, today: date) -> Iterator[DayEntry]:
    if unit is None:
        for year in (today.year, today.year + 1):
            for duty in inspection_duties(session, books, year, today=today):
                if duty.state != "done":
                    yield _inspection(duty)
    after = 0
    while rows := matters.to_look_at(session, WORKED_ON, until=date.max, unit=unit, after=after, limit=_BATCH):
        for row, matter in stored_matters(session, books, rows):
            if isinstance(matter, Damaged):
                yield _left_out(row, matter, books, today)
                continue
            yield from _of_matter(row.id, shown_number(row), matter, unit)
        after = rows[-1].position
        session.expunge_all()
    if unit is None:
        states = books.usual.ledger.states
        yield from (_left_out(row, MatterDamaged(ROW), books, today) for row in matters.unsearchable(session, states))


def _left_out(row: matters.MatterRow, error: Damaged, books: Books, today: date) -> DayEntry:
    said = f"事项的记录损坏，不在日历中：{row.title}"
    return DayEntry(f"{row.id}-damaged@wenze", today, said, explained(error, books), _midnight(today))


def _of_matter(matter_id: str, number: str | None, matter: Matter, unit: str | None) -> Iterator[DayEntry]:
    about = f"{matter.title}（{number}）" if number else matter.title
    changed = matter.records[-1].recorded_at
    units = f"承办单位：{'、'.join(matter.units)}"
    if matter.due_on is not None:
        yield DayEntry(f"{matter_id}-due@wenze", matter.due_on, f"办结时限：{about}", units, changed)
    seen: Counter[str] = Counter()
    for stone in matter.milestones:
        seen[stone.title] += 1
        carried_by = stone.unit or matter.lead_unit
        if stone.reached_on is None and unit in (None, carried_by):
            uid = f"{matter_id}-{_hash(f'{stone.title}#{seen[stone.title]}')}@wenze"
            summary = f"阶段目标：{stone.title}——{about}"
            yield DayEntry(uid, stone.due_on, summary, f"承担单位：{carried_by or '未定'}", changed)


def _inspection(duty: DueInspection) -> DayEntry:
    uid = f"inspection-{duty.kind}-{duty.first}@wenze"
    said = f"督查：{duty.label}" + ("，尚未书面报告" if duty.state == "unreported" else "")
    span = f"{duty.first} 至 {duty.last}"
    return DayEntry(uid, duty.due_on or duty.last, said, span, _midnight(duty.first))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
