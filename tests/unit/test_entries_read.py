"""What may be entered is what is read: every value that the schema of an entry allows comes back out of what its record says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from models.case import case
from models.case.cases import CaseRecordRow
from models.matter import matter
from models.matter.matters import RecordRow
from models.records.fold import with_effect
from models.records.record import Hand, Record
from models.records.stored import in_order, values_of
from models.schemas.entries import case_entries, matter_entries
from models.schemas.errors import CaseFileError
from tests.entry_values import DAY, values
from tests.lawful_case import BOOK

_ACTIONS = {RecordRow: BOOK.ledger.actions, CaseRecordRow: BOOK.proceedings.actions}
NOW = datetime(2026, 12, 31, tzinfo=UTC)
SUPPLIED: Mapping[str, dict[str, Any]] = {"evaluate": {"receipt_id": "R1"}, "issue_decision": {"number": "1号"}}
"""What the system itself adds to an entry."""
ACTORS = {one.id: one.actors for one in BOOK.ledger.actions.values() if one.entered}
CASE_ACTORS = {one.id: one.actors for one in BOOK.proceedings.actions.values() if one.entered}
KINDS: tuple[tuple[Any, Any, Any, Any, Any], ...] = (
    ("Entry", matter_entries(BOOK).schemas(), matter_entries(BOOK).load, ACTORS, (RecordRow, matter.matter_fold)),
    ("CaseEntry", case_entries(BOOK).schemas(), case_entries(BOOK).load, CASE_ACTORS, (CaseRecordRow, case.case_fold)),
)
ENTRIES = [
    pytest.param(action, shapes[f"{kind}.{action}"], load, kinds, *stored, id=f"{kind}.{action}")
    for kind, shapes, load, actors, stored in KINDS
    for action, kinds in actors.items()
    if f"{kind}.{action}" in shapes
]


def fitting(details: Any) -> Any:
    """The details with a value that the element may have, which no schema tells."""
    if isinstance(details, list):
        return [fitting(one) for one in details]
    if not isinstance(details, dict):
        return details
    told = {name: fitting(value) for name, value in details.items()}
    if isinstance(told.get("element"), str) and "value" in told:
        words = BOOK.vocabulary.enumerations.get(told["element"], BOOK.vocabulary.enumerations["status"])
        told["value"] = "true" if told["element"] == "distinct_periods" else next(iter(words))
    return told


def entered(action: str, details: Any, load: Callable[..., Any], kinds: tuple[str, ...]) -> Any:
    """What is read of an entry, by the first kind of actor who may enter it; None where it is refused."""
    for kind in kinds:
        try:
            return load(
                action, {"on": DAY, "actor": {"name": "李四", "kind": kind, "unit": "甲处"}, "details": details}
            )
        except CaseFileError:
            continue
    return None


def told(row: Any, fold: Any, action: str, loaded: Any) -> Any:
    """What the record of an entry says once it was stored, as plain values."""
    details = loaded["details"] | SUPPLIED.get(action, {})
    record = Record(1, action, loaded["on"], Hand(loaded["actor"], "测试"), details, NOW)
    [found] = in_order([row(**values_of(record, request_key=None))], 1, fold.damaged)
    return orjson.loads(orjson.dumps(with_effect(found, _ACTIONS[row][action]).effect))


def lost(given: Any, back: Any, at: str = "") -> Iterator[str]:
    """Where what comes back is not what was given; what was left empty, or null, may come back as nothing."""
    if given is None:
        if back not in (None, False, [], {}):
            yield f"{at}: {given!r} → {back!r}"
    elif isinstance(back, dict) and back.keys() == {"name", "id"}:  # before anybody looked them up in the registry
        yield from lost(given, back["name"], at)
    elif isinstance(given, dict) and isinstance(back, dict):
        for name, value in given.items():
            yield from lost(value, back.get(name), f"{at}.{name}")
    elif isinstance(given, list) and isinstance(back, list) and len(given) == len(back):
        for one, other in zip(given, back, strict=True):
            yield from lost(one, other, f"{at}[]")
    elif at == ".evidence" and isinstance(back, list) and len(back) == 1 and not isinstance(given, list):
        yield from lost(given, back[0], at)  # one piece is a list of one
    elif not (given == back and type(given) is type(back)):
        yield f"{at}: {given!r} → {back!r}"


@pytest.mark.parametrize(("action", "shape", "load", "kinds", "row", "fold"), ENTRIES)
def test_whatever_may_be_entered_comes_back_out_of_its_record(
    action: str, shape: Any, load: Any, kinds: tuple[str, ...], row: Any, fold: Any
) -> None:
    details = shape["properties"]["details"]
    taken: set[str] = set()
    wrong = set()
    for given in map(fitting, values(details)):
        loaded = entered(action, given, load, kinds)
        if loaded is None:
            continue
        taken |= {name for name, value in given.items() if value is not None}
        wrong |= {one[:200] for one in lost(given, told(row, fold, action, loaded))}
    assert wrong == set()
    assert taken == details["properties"].keys()
