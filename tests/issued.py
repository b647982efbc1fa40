"""Matters whose forms wait in the outbox, for the tests of what leaves the house."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine

from models.people.units import Unit
from models.records.record import Actor
from models.store.database import writing
from service.books import books
from service.usecases.entry import Entry
from service.usecases.matters.act_on_matter import MatterOutcome
from tests.approved import AGREED, rests_on
from tests.backdated import moment
from tests.registered import act_on_matter, open_matter

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
OFFICE, UNIT = Actor("李四", "office"), Actor("王五", "unit", "甲处")
ASSIGNING = 4
"""The number of the record that assigns: after the proposal, the director's word on it and the registration."""


def with_units(engine: Engine, **emails: str | None) -> None:
    with writing(engine) as session:
        session.add_all([Unit(name=name, from_on=date(2020, 1, 1), email=email) for name, email in emails.items()])


def opened(engine: Engine, title: str = "审核评估自评报告", due: str = "2026-04-30", **details: Any) -> MatterOutcome:
    """A proposed matter in the hands of 甲处."""
    said = {"title": title, "category": "plan", "basis": "要点", "consulted_with": "甲处", "lead_unit": "甲处",
            "due_on": date.fromisoformat(due)} | details  # fmt: skip
    with writing(engine) as session:
        return open_matter(
            session, books(), Entry("propose", said, OFFICE, date(2026, 1, 5), "测试"), now=moment(date(2026, 1, 5))
        )


def act(
    engine: Engine,
    matter: MatterOutcome,
    action: str,
    on: str,
    actor: Actor = OFFICE,
    *,
    entered: str | None = None,
    **details: Any,
) -> MatterOutcome:
    """entered: the day of entry, where it is a later one."""
    why = "补录" if entered else None
    entry = Entry(action, details, actor, date.fromisoformat(on), "测试", late_reason=why)
    now = moment(date.fromisoformat(entered or on))
    with writing(engine) as session:
        return act_on_matter(session, books(), matter.id, entry, expected=matter.matter.version, now=now)


def registered(engine: Engine, matter: MatterOutcome, route: str = "direct") -> MatterOutcome:
    """A matter that the director, or a leader, wants registered, and that is."""
    rests = rests_on("register", {"route": route})
    assert rests is not None
    matter = act(engine, matter, rests[0], "2026-01-06", rests[1], **AGREED)
    return act(engine, matter, "register", "2026-01-06", route=route)


def assigned(engine: Engine, title: str = "审核评估自评报告", due: str = "2026-04-30", **details: Any) -> MatterOutcome:
    """A matter assigned through OA: its registration form waits in the outbox."""
    matter = opened(engine, title, due, **details)
    return act(engine, registered(engine, matter), "assign", "2026-01-07", channel="oa")
