"""Records as they are stored: the same columns for every aggregate, and nobody can change them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

import orjson
from sqlalchemy import Date, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.matter import Actor, ActorKind, Record
from models.store.database import Moment


class RecordColumns:
    """What a record has, beside the aggregate that it belongs to."""

    number: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(50))
    done_on: Mapped[date] = mapped_column(Date)
    actor_name: Mapped[str] = mapped_column(String(200))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_unit: Mapped[str | None] = mapped_column(String(200))
    details: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    entered_by: Mapped[str] = mapped_column(String(200))
    request_key: Mapped[str | None] = mapped_column(String(64))


def values_of(record: Record, *, entered_by: str, request_key: str | None) -> dict[str, Any]:
    """A record as column values."""
    actor = record.actor
    return {
        "number": record.number, "action": record.action, "done_on": record.on, "actor_name": actor.name,
        "actor_kind": actor.kind, "actor_unit": actor.unit, "details": orjson.dumps(record.details),
        "recorded_at": record.recorded_at, "entered_by": entered_by, "request_key": request_key,
    }  # fmt: skip


def record_of(row: RecordColumns) -> Record:
    """The record as it went in: what is named ``…_on`` is a day, also within lists and objects."""
    actor = Actor(row.actor_name, cast(ActorKind, row.actor_kind), row.actor_unit)
    return Record(row.number, row.action, row.done_on, actor, _details(orjson.loads(row.details)), row.recorded_at)


def _details(found: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in found.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_details(entry) if isinstance(entry, dict) else entry for entry in value)
    if isinstance(value, dict):
        return _details(value)
    return date.fromisoformat(value) if name.endswith("_on") and value is not None else value
