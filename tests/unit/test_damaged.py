"""Whatever was done to the stored records of a lawful history, they are refused by the number of the first that cannot stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.case import case
from models.case.cases import CaseRecordRow
from models.matter import matter
from models.matter.act import MatterRequest, WrongState, act
from models.matter.matters import RecordRow
from models.records.damage import CaseDamaged, MatterDamaged
from models.records.record import Hand
from models.records.stored import in_order
from tests.damage import (
    CASES,
    HISTORIES,
    MATTER,
    MATTERS,
    OFFICE,
    Damage,
    History,
    damages,
    every_kind_of_each,
    matter_of,
)
from tests.lawful_case import BOOK, LAWFUL, NOW, lived

ACTIONS = {"matter": BOOK.ledger.actions, "case": BOOK.proceedings.actions}

DAMAGED = {"matter": MatterDamaged, "case": CaseDamaged}


def made(left: History) -> Any:
    """What the rows make."""
    row, fold = (RecordRow, matter.matter_fold) if left.about == "matter" else (CaseRecordRow, case.case_fold)
    return fold(in_order([row(**one) for one in left.rows], left.written, fold.damaged), ACTIONS[left.about])


def named(left: History) -> int | None:
    """The number that it is refused by; None where it is believed."""
    try:
        made(left)
    except DAMAGED[left.about] as error:
        return error.number
    return None


def test_what_was_written_makes_what_was_done() -> None:
    assert made(MATTERS) == matter_of(*MATTER)
    assert made(CASES) == lived(*LAWFUL)


@pytest.mark.parametrize("name", HISTORIES)
def test_every_kind_of_damage_of_every_record_is_refused_by_its_number(name: str) -> None:
    assert wrong(every_kind_of_each(HISTORIES[name])) == []


@pytest.mark.soak
@pytest.mark.parametrize("name", HISTORIES)
def test_every_damage_of_every_record_is_refused_by_its_number(name: str) -> None:
    assert wrong(damages(HISTORIES[name])) == []


def wrong(some: Iterable[Damage]) -> list[tuple[Any, ...]]:
    """Those of which something else is said."""
    return [(one.kind, one.at, one.named, said) for one in some if (said := named(one.left)) != one.named]


JUNK: Any = st.one_of(
    st.none(), st.integers(-(2**63), 2**63 - 1), st.text(max_size=3), st.just([]), st.just([{}]), st.just({"P1": 1})
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from((MATTERS, CASES)))
def test_whatever_is_torn_or_changed_only_damage_is_told(data: st.DataObject, history: History) -> None:
    at = data.draw(st.integers(1, len(history.rows)))
    row = history.rows[at - 1]
    details = orjson.loads(row["details"])
    for name in sorted(details):
        match data.draw(st.sampled_from(("kept", "kept", "lost", "junk"))):
            case "lost":
                del details[name]
            case "junk":
                details[name] = data.draw(JUNK)
    action = data.draw(st.sampled_from((row["action"], row["action"], *ACTIONS[history.about])))
    changed = {**row, "action": action, "details": orjson.dumps(details)}
    said = named(replace(history, rows=[*history.rows[: at - 1], changed, *history.rows[at:]]))
    assert said is None or said >= at


def test_what_could_not_be_read_again_is_not_written() -> None:
    """A book may let something be done before what it builds on was done."""
    actions = {**BOOK.ledger.actions, "accept": replace(BOOK.ledger.actions["accept"], sources=("assigned",))}
    steps = MATTER[: next(at for at, one in enumerate(MATTER) if one.action == "assign") + 1]
    request = MatterRequest(
        matter_of(*steps), {}, OFFICE, NOW.date(), frozenset(), replace(BOOK.ledger, actions=actions)
    )
    with pytest.raises(WrongState):
        act("accept", request, hand=Hand(request.actor, "测试"), recorded_at=NOW)


def test_a_finding_of_an_element_that_there_is_not_is_damage() -> None:
    at = next(at for at, row in enumerate(CASES.rows) if row["action"] == "find")
    row = CASES.rows[at]
    changed = {**row, "details": orjson.dumps(orjson.loads(row["details"]) | {"element": "art-8.1.1.nothing"})}
    assert named(replace(CASES, rows=[*CASES.rows[:at], changed, *CASES.rows[at + 1 :]])) == at + 1
