"""When tests enter what was done: on its own day, as it would be, unless the entry says why it comes later."""

from __future__ import annotations

import importlib
import json
from datetime import date, datetime, time, tzinfo
from typing import Any

import click
from flask import has_request_context, request

from rules.reasoning.calendar import LOCAL

EDGES = tuple(
    f"service.{name}"
    for name in ("api.ledger", "api.cases", "web.matters", "web.cases", "web.acts", "cli.matter", "cli.case")
)


def moment(on: date) -> datetime:
    """When something that was done on a day is entered."""
    return datetime.combine(on, time(10), LOCAL)


class DayOfEntry:
    """Stands where an edge asks ``datetime`` for the time; everything else is its own."""

    def __getattr__(self, name: str) -> Any:
        return getattr(datetime, name)

    def now(self, zone: tzinfo) -> datetime:
        now, on = datetime.now(zone), _on()
        there = now.astimezone(LOCAL)
        return now if on is None or on >= there.date() else datetime.combine(on, there.timetz()).astimezone(zone)


def _on() -> date | None:
    """The day of what is entered now; None where it is entered late."""
    if has_request_context():
        said: Any = request.get_json(silent=True) if request.is_json else request.form
    else:
        found = click.get_current_context(silent=True)
        said = found.params if found is not None else {}
        if "entry" in said:
            said = json.loads(said["entry"].read_bytes())
    if not hasattr(said, "get") or said.get("late_reason"):
        return None
    on = said.get("on")
    try:
        return on if isinstance(on, date) else date.fromisoformat(on)
    except (TypeError, ValueError):
        return None


def install() -> None:
    """Before any application is made."""
    for edge in EDGES:
        importlib.import_module(edge).datetime = DayOfEntry()  # type: ignore[attr-defined]
