"""Records read into effects, and folded: what is stored is converted or refused, and a fault of ours stays one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.domain.matter import Actor, Matter, Record, replay
from models.records.damage import MatterDamaged
from models.records.matter_effects import MATTER_EFFECTS, Proposed
from models.records.reading import Torn, read
from models.records.record import Effect
from models.schemas.fields import Block, Choice, Day, Flag, Items, StrictField
from models.schemas.ledger import STORED, load_entry
from rules.loading import load_rulebook

TO = {action.id: action.to for action in load_rulebook().ledger.actions.values()}
OPENING: dict[str, Any] = {"title": "甲", "category": "plan", "basis": "会议纪要"}


def record(number: int = 1, action: str = "propose", **details: Any) -> Record:
    return Record(
        number, action, date(2026, 1, 5), Actor("李四", "office"), details, datetime(2026, 1, 5, tzinfo=UTC), "周清"
    )


def example(field: StrictField) -> Any:
    """A value of a field as a record holds it."""
    match field:
        case Choice(label="事项数"):
            return 1
        case Choice():
            return next(iter(field.chinese))
        case Day():
            return date(2026, 2, 1)
        case Flag():
            return True
        case Items():
            return (example(field.item),)
        case Block():
            return {name: example(one) for name, one in field.fields.items()}
    return "文字"


def torn(kind: type[Effect], details: Mapping[str, Any]) -> bool:
    try:
        return not isinstance(read(kind, details), kind)
    except Torn:
        return True


@pytest.mark.parametrize("action", MATTER_EFFECTS)
def test_an_effect_has_the_fields_of_the_entry_and_needs_what_the_entry_requires(action: str) -> None:
    kind, entered = MATTER_EFFECTS[action], STORED[action]
    assert {one.name for one in fields(kind)} - {"attachments", "late_reason"} == {
        *entered.keys() - {"attachments", "late_reason"}
    } | ({"project_leader"} if action == "propose" else set())  # which only an arrangement of it may name
    whole = {name: example(field) for name, field in entered.items()}
    assert not torn(kind, whole)
    for name, field in entered.items():
        rest = {other: value for other, value in whole.items() if other != name}
        assert torn(kind, rest) is torn(kind, {**rest, name: None}) is field.required, name
        assert torn(kind, {**whole, name: 7.5}), name


def test_every_action_of_the_ledger_says_something() -> None:
    assert MATTER_EFFECTS.keys() == STORED.keys() == TO.keys()


@pytest.mark.parametrize("chosen", ["1", None])
def test_a_matter_that_was_proposed_as_one_item_is_read_again(chosen: str | None) -> None:
    """What is chosen as a word is kept as a number."""
    asked = {"on": "2026-01-05", "actor": {"name": "李四", "kind": "office"}, "details": {**OPENING, "items": chosen}}
    found = replay([record(**load_entry("propose", asked)["details"])], TO)
    assert (found.title, found.version) == ("甲", 1)


def test_a_fault_in_the_fold_is_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(matter: Matter, one: Record, to: str | None) -> Matter:
        return {"other": matter}[one.action]

    with pytest.raises(KeyError):
        replace(replay, applied=faulty)([record(**OPENING)], TO)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": None}, {"title": 7}, {"category": "flog"}, {"category": {}}, {"major": 1}, {"items": True},
        {"co_units": "甲处"}, {"co_units": ("甲处", 7)}, {"due_on": "yesterday"},
    ],
    ids=str,
)  # fmt: skip
def test_details_of_another_kind_are_damage(wrong: dict[str, Any]) -> None:
    with pytest.raises(MatterDamaged) as error:
        replay([record(**OPENING | wrong)], TO)
    assert error.value.number == 1


def test_what_is_torn_is_blank_where_details_are_read_only_as_far_as_they_can_be() -> None:
    found = read(Proposed, {"title": 7, "category": "plan", "co_units": ("甲处", 7), "major": "?"}, as_far_as=True)
    assert found == Proposed(title="", category="plan", basis="", co_units=("甲处",), major=None)
