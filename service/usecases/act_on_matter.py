"""Open a matter, and act on it: the guards decide, a record is written, a request submitted twice happens once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from models.domain import ledger
from models.domain.matter import Actor, Matter, Record
from models.store import matters, units
from rules.loading import load_rulebook

_FIRST = "propose"
_NUMBERED = "register"


class MatterUnknown(LookupError):
    """No matter has this id."""


class Stale(Exception):
    """Somebody else acted first; ``since`` are the records that the caller has not seen."""

    def __init__(self, version: int, since: tuple[Record, ...]) -> None:
        super().__init__(str(version))
        self.version, self.since = version, since


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be written into the ledger: what was done, on which day, by whom, and who wrote it down."""

    action: str
    details: Mapping[str, Any]
    actor: Actor
    on: date
    entered_by: str
    request_key: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The matter after an entry. repeated: the same request had been carried out before, and nothing was done now."""

    id: str
    number: str | None
    matter: Matter
    repeated: bool = False


def open_matter(session: Session, entry: Entry, *, now: datetime) -> Outcome:
    """A new matter by its registration opinion. Raises ledger.Refused."""
    matter, record = _acted(session, Matter(), entry, now)
    row = matters.add(session, str(uuid.uuid4()), matter)
    matters.append(session, row, matter, record, entered_by=entry.entered_by, request_key=entry.request_key)
    return Outcome(row.id, None, matter)


def act_on_matter(session: Session, matter_id: str, entry: Entry, *, expected: int, now: datetime) -> Outcome:
    """Act on a matter that the caller has seen with ``expected`` records.

    Raises MatterUnknown, Stale, ledger.WrongState, ledger.Refused; then nothing is written.
    """
    row = matters.lock(session, matter_id)
    if row is None:
        raise MatterUnknown(matter_id)
    matter = matters.load(session, matter_id, transitions())
    if entry.request_key is not None and matters.request_seen(session, matter_id, entry.request_key) is not None:
        return Outcome(row.id, shown_number(row), matter, repeated=True)
    if matter.version != expected:
        raise Stale(matter.version, matter.records[expected:])
    changed, record = _acted(session, matter, entry, now)
    if entry.action == _NUMBERED:
        row.number_year, row.number = entry.on.year, matters.next_number(session, entry.on.year)
    matters.append(session, row, changed, record, entered_by=entry.entered_by, request_key=entry.request_key)
    return Outcome(row.id, shown_number(row), changed)


def read_matter(session: Session, matter_id: str) -> Outcome:
    """The matter as it stands. Raises MatterUnknown."""
    row = matters.find(session, matter_id)
    if row is None:
        raise MatterUnknown(matter_id)
    return Outcome(row.id, shown_number(row), matters.load(session, matter_id, transitions()))


def shown_number(row: matters.MatterRow) -> str | None:
    """督〔2026〕1号; None before registration."""
    return None if row.number is None else f"督〔{row.number_year}〕{row.number}号"


@cache
def transitions() -> Mapping[str, str | None]:
    """Action → the state that it leads to."""
    return {action.id: action.to for action in load_rulebook().ledger.actions.values()}


def _acted(session: Session, matter: Matter, entry: Entry, now: datetime) -> tuple[Matter, Record]:
    there = frozenset(units.on_day(session, entry.on))
    request = ledger.Request(matter, entry.details, entry.actor, entry.on, there, load_rulebook().ledger)
    return ledger.act(entry.action, request, recorded_at=now)
