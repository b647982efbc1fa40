"""Records that lost something, or were tampered with, make a case or are named; nothing else is ever raised."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.domain.cases.case import replay
from models.domain.matter import Record
from models.records.damage import CaseDamaged
from models.records.record import Hand
from tests.lawful_case import BOOK, LAWFUL, NOW, lived

ACTIONS = BOOK.proceedings.actions
RECORDS = [
    Record(at + 1, one.action, one.on, Hand(one.actor, "测试"), dict(one.details), NOW) for at, one in enumerate(LAWFUL)
]
JUNK: Any = st.one_of(st.none(), st.integers(), st.text(max_size=3), st.just(()), st.just(({},)), st.just({"P1": 1}))


def damaged(records: list[Record]) -> int:
    """The number of the record that is named."""
    with pytest.raises(CaseDamaged) as error:
        replay(records, ACTIONS)
    return error.value.number


def test_what_was_written_makes_the_case() -> None:
    assert replay(RECORDS, ACTIONS) == lived(*LAWFUL)


@pytest.mark.parametrize("at", range(len(RECORDS) - 1))
def test_a_record_that_is_missing_is_named(at: int) -> None:
    assert damaged(RECORDS[:at] + RECORDS[at + 1 :]) == at + 1


@pytest.mark.parametrize("at", [0, 5, len(RECORDS) - 1])
def test_an_unknown_action_is_named(at: int) -> None:
    strange = replace(RECORDS[at], action="flog")
    assert damaged([*RECORDS[:at], strange, *RECORDS[at + 1 :]]) == at + 1


def test_a_record_about_nobody_of_the_case_is_named() -> None:
    at = next(at for at, one in enumerate(RECORDS) if one.action == "hear")
    strange = replace(RECORDS[at], details={**RECORDS[at].details, "person": "P9"})
    assert damaged([*RECORDS[:at], strange, *RECORDS[at + 1 :]]) == at + 1


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_is_torn_or_changed_only_damage_is_told(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(RECORDS) - 1))
    details = dict(RECORDS[at].details)
    for name in sorted(details):
        match data.draw(st.sampled_from(("kept", "kept", "lost", "junk"))):
            case "lost":
                del details[name]
            case "junk":
                details[name] = data.draw(JUNK)
    action = data.draw(st.sampled_from((RECORDS[at].action, RECORDS[at].action, *ACTIONS)))
    torn = [*RECORDS[:at], replace(RECORDS[at], action=action, details=details), *RECORDS[at + 1 :]]
    named = len(RECORDS)
    try:
        replay(torn, ACTIONS)
    except CaseDamaged as error:
        named = error.number
    assert named > at
