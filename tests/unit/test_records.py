"""Records read into effects, and folded: what is stored is converted or refused, and a fault of ours stays one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any, get_type_hints

import pytest

from models.case import case
from models.matter.matter import Matter, matter_fold
from models.records.damage import MatterDamaged
from models.records.reading import Torn, read
from models.records.record import Actor, Hand, Record
from models.schemas.case_evidence import CaseEvidence
from models.schemas.entries import case_entries, matter_entries
from models.schemas.fields import Block, Day, Flag, Items, KnownWord, StrictField
from models.schemas.whole_number import WholeNumber
from rules.book.contract.asking import Aside
from rules.book.contract.case_effects import AboutPerson
from rules.book.contract.effect import Effect
from rules.book.contract.matter_effects import Proposed
from rules.book.loading import load_rulebook

BOOK = load_rulebook()
MATTER_EFFECTS = {action.id: action.effect for action in BOOK.ledger.actions.values() if action.entered}
CASE_EFFECTS = {action.id: action.effect for action in BOOK.proceedings.actions.values() if action.entered}
ACTIONS = BOOK.ledger.actions
CASE: dict[str, Any] = {"title": "甲", "matters": ("M1",), "situations": ("art-8.1.1",), "persons": ()}
OPENING: dict[str, Any] = {"title": "甲", "category": "plan", "basis": "会议纪要"}


def record(number: int = 1, action: str = "propose", **details: Any) -> Record:
    return Record(
        number,
        action,
        date(2026, 1, 5),
        Hand(Actor("李四", "office"), "周清"),
        details,
        datetime(2026, 1, 5, tzinfo=UTC),
    )


def example(field: StrictField) -> Any:
    """A value of a field as a record holds it."""
    match field:
        case KnownWord(label="事项数"):
            return "1"
        case KnownWord():
            return next(iter(field.chinese))
        case Day():
            return date(2026, 2, 1)
        case Flag():
            return True
        case Items():
            return (example(field.item),)
        case Block():
            return {name: example(one) for name, one in field.fields.items()}
        case CaseEvidence():
            return ({"kind": "document", "reference": "会议纪要"},)
        case WholeNumber():
            return 1
    return "文字"


def torn(kind: type[Effect], details: Mapping[str, Any]) -> bool:
    try:
        return not isinstance(read(kind, details), kind)
    except Torn:
        return True


SUPPLIED = {"evaluate": {"receipt_id": "R1"}, "issue_decision": {"number": "1号"}}
"""What the system adds to an entry, and its record cannot do without."""
EARLIER = {name for action in ACTIONS.values() for name in action.earlier}
"""What only older records say."""
BESIDE = {"attachments", "late_reason", "receipt_id", "number", "period"}
KINDS = [
    *(
        (f"matter {action}", kind, matter_entries(load_rulebook()).fields[action], {})
        for action, kind in MATTER_EFFECTS.items()
        if not issubclass(kind, Aside)
    ),
    *(
        (f"case {action}", kind, case_entries(load_rulebook()).fields[action], SUPPLIED.get(action, {}))
        for action, kind in CASE_EFFECTS.items()
        if not issubclass(kind, Aside)
    ),
]


@pytest.mark.parametrize(("kind", "entered", "supplied"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_an_effect_has_the_fields_of_the_entry_and_needs_what_the_entry_requires(
    kind: type[Effect], entered: Mapping[str, StrictField], supplied: dict[str, Any]
) -> None:
    known = {one.name for one in fields(kind)} - BESIDE - EARLIER
    assert known - ({"project_leader"} if kind is Proposed else set()) == entered.keys() - BESIDE
    whole = {name: example(field) for name, field in entered.items()} | supplied
    assert not torn(kind, whole)
    assert all(torn(kind, {**whole, name: None}) for name in supplied)
    for name, field in entered.items():
        rest = {other: value for other, value in whole.items() if other != name}
        assert torn(kind, rest) is torn(kind, {**rest, name: None}) is field.required, name
        assert torn(kind, {**whole, name: 7.5}), name


def test_what_is_about_a_person_says_so() -> None:
    actions = BOOK.proceedings.actions
    assert {name for name, kind in CASE_EFFECTS.items() if issubclass(kind, AboutPerson)} == {
        action.id for action in actions.values() if action.person
    }


@pytest.mark.parametrize("chosen", ["1", None])
def test_a_matter_that_was_proposed_as_one_item_is_read_again(chosen: str | None) -> None:
    """What is chosen as a word is kept as a number."""
    asked = {"on": "2026-01-05", "actor": {"name": "李四", "kind": "office"}, "details": {**OPENING, "items": chosen}}
    found = matter_fold([record(**matter_entries(load_rulebook()).load("propose", asked)["details"])], ACTIONS)
    assert (found.title, found.version) == ("甲", 1)


def test_a_fault_in_the_fold_is_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(matter: Matter, one: Record, to: str | None) -> Matter:
        return {"other": matter}[one.action]

    with pytest.raises(KeyError):
        replace(matter_fold, applied=faulty)([record(**OPENING)], ACTIONS)
    with pytest.raises(KeyError):
        replace(case.case_fold, follows=lambda made, one: {"other": True}[one.action])(
            [record(**CASE)], BOOK.proceedings.actions
        )


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
        matter_fold([record(**OPENING | wrong)], ACTIONS)
    assert error.value.number == 1


@pytest.mark.parametrize(
    "kind", dict.fromkeys((*MATTER_EFFECTS.values(), *CASE_EFFECTS.values())), ids=lambda kind: kind.__name__
)
def test_where_all_is_torn_every_value_is_still_of_its_type(kind: type[Effect]) -> None:
    types = get_type_hints(kind)
    for lost in ({}, dict.fromkeys(types, 7.5)):
        made = read(kind, lost, as_far_as=True)
        for one in fields(kind):
            value, of = getattr(made, one.name), types[one.name]
            if value is None or not isinstance(of, type):
                assert value in (None, (), "") or value == {}, one.name
            else:
                assert isinstance(value, of), one.name


def test_what_is_torn_is_blank_where_details_are_read_only_as_far_as_they_can_be() -> None:
    found = read(Proposed, {"title": 7, "category": "plan", "co_units": ("甲处", 7), "major": "?"}, as_far_as=True)
    assert found == Proposed(title="", category="plan", basis="", co_units=("甲处",), major=None)
