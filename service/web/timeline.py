"""A matter's timeline as a picture: a lane for each who acted, the records by their numbers on their days, the due dates, today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from models.matter.matter import Matter
from models.records.record import Record
from rules.book.rulebook import Ledger

LEFT, WIDTH, STEP, TOP = 190, 940, 24, 34
"""The lanes' names end at LEFT, the days run over WIDTH; a mark needs STEP; the days' names stand above TOP."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A record on its lane. number: of the record in the list below."""

    x: float
    y: float
    number: int
    kind: str
    title: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """Everything that one of the Office, the leaders and the units did; y: its middle; top, height: its ground."""

    label: str
    y: float
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day of its own: a due date, or today."""

    x: float
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the picture shows; height: of the whole."""

    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    lines: tuple[DayLine, ...]
    height: float


def timeline(matter: Matter, ledger: Ledger, today: date) -> Timeline:
    """The picture of a matter that has a record at least."""
    rows: dict[str, list[Record]] = {}
    for record in matter.records:
        rows.setdefault(_who(record, ledger), []).append(record)
    due = [day for day in (matter.set_due_on, matter.due_on) if day is not None]
    days = [*(record.on for record in matter.records), *due, today]
    first, last = min(days), max(max(days), min(days) + timedelta(days=30))

    def at(day: date) -> float:
        return round(LEFT + STEP / 2 + (WIDTH - STEP) * (day - first).days / (last - first).days, 1)

    lanes: list[Lane] = []
    marks: list[Mark] = []
    top = float(TOP)
    for who, records in rows.items():
        placed = _placed([(at(record.on), record) for record in records])
        height = STEP * (1 + max(level for _, level, _ in placed))
        lanes.append(Lane(who, top + height / 2, top, height))
        marks += [
            Mark(
                x,
                top + STEP * level + STEP / 2,
                record.number,
                _kind(record),
                f"{record.on} {ledger.actions[record.action].label}{f'（{record.entered_on} 补录）' if record.late else ''}",
                record.late,
            )
            for x, level, record in placed
        ]
        top += height
    lines = [DayLine(at(day), f"时限 {day}", "due") for day in dict.fromkeys(due)]
    return Timeline(tuple(lanes), tuple(marks), (*lines, DayLine(at(today), f"今天 {today}", "today")), top + 8)


def _who(record: Record, ledger: Ledger) -> str:
    return record.actor.unit if record.actor.kind == "unit" and record.actor.unit else ledger.actors[record.actor.kind]


def _kind(record: Record) -> str:
    return "pressed" if record.action in ("urge", "supervise", "return") else "plain"


def _placed(found: list[tuple[float, Record]]) -> list[tuple[float, int, Record]]:
    """Each mark on the first level where it covers no other."""
    ends: list[float] = []
    placed = []
    for x, record in found:
        level = next((level for level, end in enumerate(ends) if x - end >= STEP), len(ends))
        if level == len(ends):
            ends.append(x)
        ends[level] = x
        placed.append((x, level, record))
    return placed
