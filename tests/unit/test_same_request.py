"""Under a key that was used, only the same request is the same: a change of any one field of any act is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from models.records.record import BoundPaper, Hand, Record
from models.schemas.entries import case_entries, matter_entries
from models.schemas.errors import CaseFileError
from models.schemas.fields import Block, StrictField
from rules.book.loading import load_rulebook
from service.usecases.entry import Entry
from service.usecases.matters.act_on_matter import EntryImpossible, fingerprint, same_request
from tests.written_entries import otherwise, shown, whole

_BOOK = load_rulebook()
_ACTIONS = {"case": _BOOK.proceedings.actions, "matter": _BOOK.ledger.actions}
_ACTS = [("case", action, block) for action, block in case_entries(load_rulebook()).blocks.items()] + [
    ("matter", action, block) for action, block in matter_entries(load_rulebook()).blocks.items()
]
_LOAD: dict[str, Callable[[str, Any], dict[str, Any]]] = {
    "case": case_entries(load_rulebook()).load,
    "matter": matter_entries(load_rulebook()).load,
}
_FIELDS_OF: dict[str, Any] = {
    "case": case_entries(load_rulebook()).fields,
    "matter": matter_entries(load_rulebook()).fields,
}


def entry_of(kind: str, action: str, told: Any) -> Entry:
    return Entry(action, **_LOAD[kind](action, told), entered_by="录入人", request_key="k")


def recorded(entry: Entry) -> Record:
    papers = tuple(BoundPaper(paper, "") for paper in entry.papers)
    hand = Hand(entry.actor, papers=papers, late_reason=entry.late_reason)
    return Record(3, entry.action, entry.on, hand, entry.details, datetime(2026, 5, 20, tzinfo=UTC))


@pytest.mark.parametrize(("kind", "action", "block"), _ACTS, ids=[f"{kind} {action}" for kind, action, _ in _ACTS])
def test_another_value_of_any_field_is_another_request(kind: str, action: str, block: Block) -> None:
    def usable(one: Any) -> bool:
        try:
            return bool(_LOAD[kind](action, one))
        except CaseFileError:
            return False

    kinds = _BOOK.proceedings.actions[action].actors if kind == "case" else ("office",)
    told = whole(action, block)
    told["actor"]["kind"] = kinds[-1]
    done, fields, actions = entry_of(kind, action, told), _FIELDS_OF[kind], _ACTIONS[kind]
    same_request(recorded(done), entry_of(kind, action, told), actions)
    assert fingerprint(entry_of(kind, action, told)) == fingerprint(done)
    changed = list(otherwise(told, block, usable))
    for path, one in changed:
        entry = entry_of(kind, action, one)
        assert fingerprint(entry) != fingerprint(done), shown(path)
        with pytest.raises(EntryImpossible) as error:
            same_request(recorded(done), entry, actions, known=False)
        assert error.value.path == "Idempotency-Key"
        assert _said(path, fields[action]) in str(error.value), shown(path)
    names = {str(path[-1]) for path, _ in changed} | {str(path[1]) for path, _ in changed if len(path) > 1}
    assert {"on", *_FIELDS_OF[kind][action]} <= names


def _said(path: Any, fields: dict[str, StrictField]) -> str:
    top = str(path[0])
    return {"on": "办理日期", "actor": "办理人", "papers": "所依据的纸面材料", "late_reason": "补录理由"}.get(
        top
    ) or fields[str(path[1])].label


def test_who_enters_it_and_another_action_are_another_request() -> None:
    first = entry_of(
        "case",
        "close",
        whole("close", case_entries(load_rulebook()).blocks["close"]) | {"actor": {"name": "甲", "kind": "office"}},
    )
    by_another = Entry(first.action, first.details, first.actor, first.on, "别人", "k")
    assert fingerprint(by_another) != fingerprint(first)
    assert fingerprint(Entry("submit", first.details, first.actor, first.on, "录入人", "k")) != fingerprint(first)


def test_what_is_left_empty_says_nothing_and_the_order_of_fields_neither() -> None:
    first = entry_of("case", "close", {"on": "2026-05-18", "actor": {"name": "甲", "kind": "office"}, "details": {}})
    told = {"details": {"note": None}, "actor": {"unit": None, "kind": "office", "name": "甲"}, "on": "2026-05-18"}
    assert fingerprint(entry_of("case", "close", told)) == fingerprint(first)


def test_without_a_fingerprint_the_record_is_compared() -> None:
    done = entry_of("case", "close", {"on": "2026-05-18", "actor": {"name": "甲", "kind": "office"}, "details": {}})
    same_request(recorded(done), done, _ACTIONS["case"], known=None)
    with pytest.raises(EntryImpossible, match="录入人或者所填的写法"):
        same_request(recorded(done), done, _ACTIONS["case"], known=False)
    same_request(recorded(done), done, _ACTIONS["case"], known=True)
