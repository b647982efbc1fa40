"""A reminder of a handling unit's own work reaches every handling unit. Source: art-3.2, art-3.3.c, art-6.4."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.matter.matter import Matter
from models.matter.waiting import Thresholds, waiting
from rules.book.contract.matter_effects import Milestone
from rules.book.loading import load_rulebook

_TODAY = date(2026, 5, 20)
_MATTER = Matter(
    state="assigned", version=1, title="事项", lead_unit="教务处", co_units=("财务处", "人事处"),
    assigned_on=date(2026, 3, 1), set_due_on=_TODAY - timedelta(days=5),
)  # fmt: skip
_OF_ONE = {
    "milestone_due": "a step of the plan is carried out by the unit that it names, else by the lead unit (art-3.3.a)"
}
"""Reminder → why it does not go to every handling unit."""
_MATTERS = {
    "overdue": _MATTER,
    "due_red": replace(_MATTER, set_due_on=_TODAY + timedelta(days=1)),
    "due_yellow": replace(_MATTER, set_due_on=_TODAY + timedelta(days=6)),
    "acknowledgement_missing": _MATTER,
    "milestone_due": replace(_MATTER, milestones=(Milestone("第一步", _TODAY, "财务处"),)),
}


def test_every_reminder_of_a_unit_is_tried() -> None:
    assert set(_MATTERS) == {name for name, one in load_rulebook().ledger.reminders.items() if one.whose == "unit"}


@pytest.mark.parametrize("state", ["assigned", "returned"])
@pytest.mark.parametrize("kind", sorted(set(_MATTERS) - set(_OF_ONE)))
def test_a_reminder_reaches_every_handling_unit(kind: str, state: str) -> None:
    found = waiting(replace(_MATTERS[kind], state=state), _TODAY, Thresholds(), load_rulebook().ledger)
    assert [one.unit for one in found if one.kind == kind] == ["教务处", "财务处", "人事处"]


@pytest.mark.parametrize("kind", sorted(_OF_ONE))
def test_a_reminder_of_one_unit_reaches_that_unit(kind: str) -> None:
    found = waiting(_MATTERS[kind], _TODAY, Thresholds(), load_rulebook().ledger)
    assert {one.unit for one in found if one.kind == kind} == {"财务处"}
