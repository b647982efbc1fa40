"""A stored day or moment of which nobody can have entered anything is damage: no page reckons with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.matter.matter import matter_fold
from models.matter.matters import RecordRow
from models.records.damage import MatterDamaged
from models.records.stored import in_order
from rules.book.loading import load_rulebook

TO = load_rulebook().ledger.actions
OPENING = b'{"title": "A", "category": "plan", "basis": "B", "due_on": "%s"}'


def row(due_on: bytes = b"2026-04-30", **torn: Any) -> RecordRow:
    whole = {"number": 1, "action": "propose", "done_on": date(2026, 1, 5), "actor_name": "李四", "actor_kind": "office",
             "details": OPENING % due_on, "recorded_at": datetime(2026, 1, 5, tzinfo=UTC), "entered_by": "周清"}  # fmt: skip
    return RecordRow(**(whole | torn))


def test_a_record_of_a_day_that_can_be_is_read() -> None:
    assert matter_fold(in_order([row()], 1, MatterDamaged), TO).due_on == date(2026, 4, 30)


@pytest.mark.parametrize(
    "torn",
    [
        {"done_on": date.max},
        {"done_on": date.min},
        {"recorded_at": datetime(9999, 12, 31, 23, tzinfo=UTC)},
        {"recorded_at": datetime(1, 1, 1, tzinfo=UTC)},
        {"due_on": b"9999-12-31"},
        {"due_on": b"0001-01-01"},
    ],
    ids=str,
)
def test_a_record_of_a_day_that_cannot_be_is_damaged(torn: dict[str, Any]) -> None:
    with pytest.raises(MatterDamaged) as error:
        matter_fold(in_order([row(**torn)], 1, MatterDamaged), TO)
    assert error.value.number == 1
