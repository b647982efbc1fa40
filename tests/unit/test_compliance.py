"""The compliance report: states, order, words."""

from __future__ import annotations

from typing import Any

from rules.book.loading import load_rulebook
from service.documents.rulebook.compliance import STATES, compliance_rows, render

BOOK = load_rulebook()


def ran(tag: str, result: str = "passed") -> dict[str, Any]:
    return {"feature": "a.feature", "scenario": "场景<甲>", "tags": [tag], "result": result}


def state(provision: str, *results: dict[str, Any]) -> str:
    return next(row["state"] for row in compliance_rows(BOOK, results) if row["provision"] == provision)  # type: ignore[no-any-return]


def test_every_provision_stands_in_the_order_of_the_regulation() -> None:
    rows = compliance_rows(BOOK, [])
    assert [row["provision"] for row in rows] == list(BOOK.provisions)
    assert all(row["text"] == BOOK.provisions[row["provision"]].text for row in rows)
    assert {row["state"] for row in rows} == {"people_only", "declaratory", "not_yet"}


def test_a_provision_is_specified_only_where_every_scenario_passed() -> None:
    assert state("art-8.1.1") == "not_yet"
    assert state("art-8.1.1", ran("art-8.1.1")) == "specified"
    assert state("art-8.1.1", ran("art-8.1.1"), ran("art-8.1.1", "failed")) == "not_yet"
    assert state("art-8.1.1", ran("art-8.1.1"), ran("art-8.1.1", "skipped")) == "not_yet"


def test_what_only_people_can_apply_stays_so_whatever_is_tested() -> None:
    assert state("art-8.1.6") == "people_only"
    assert state("art-8.1.6", ran("art-8.1.6")) == "people_only"
    assert state("art-8.1.6", ran("art-8.1.6", "failed")) == "not_yet"


def test_a_rule_names_every_entry_that_rests_on_it() -> None:
    row = next(row for row in compliance_rows(BOOK, []) if row["provision"] == "art-8.3.3.1.b")
    assert row["rules"][0] == "aggravate:art-8.3.3.1.b"
    assert "reading:A-09" in row["rules"]


def test_the_page_shows_states_in_words_and_escapes_what_it_is_given() -> None:
    page = render(BOOK, compliance_rows(BOOK, [ran("art-8.1.1"), ran("art-8.1.2", "failed")]))
    assert all(label in page for label in STATES.values())
    assert "场景&lt;甲&gt;" in page
    assert "有 1 个场景未通过" in page
    assert "http" not in page
