"""Every exempting, mitigating and aggravating item of the book, as a document says it."""

from __future__ import annotations

from datetime import date

import pytest

from models.domain.cases.parts import Finding, Person
from rules.answer import ActRecord, AnsweredPerson, Exemption, SupervisionCount
from rules.loading import load_rulebook
from rules.rulebook import Rule, rule_groups
from service.documents.case_words import items_by_question
from tests.answers import recommended

BOOK = load_rulebook()
ITEMS = [rule for rule in BOOK.rules.values() if rule.kind in ("exempt", "mitigate", "aggravate")]
ACTS = (
    ActRecord(date(2026, 5, 4), "urging", "办公室", True, "计一次"),
    ActRecord(date(2026, 5, 5), "formal", "办公室", False, "不属于本事项"),
)


def person(rule: Rule) -> Person:
    found = {
        f"{group}.{name}"
        for group in rule_groups(rule, BOOK.vocabulary)
        for name in BOOK.vocabulary.groups[group].elements
    }
    proof = ({"kind": "document", "reference": "第三号材料"},)
    made = {one: Finding(one, "established", proof, ("组长",), date(2026, 5, 20), 4) for one in found}
    return Person("P1", "张某", "处长", "甲处", "school_committee", True, findings=made)


def answer(rule: Rule) -> AnsweredPerson:
    grounds = {kind: (rule.provision,) if rule.kind == kind else () for kind in ("exempt", "mitigate", "aggravate")}
    return recommended(
        exemption=Exemption("available" if grounds["exempt"] else "none", grounds["exempt"]),
        mitigation=grounds["mitigate"],
        aggravation=grounds["aggravate"],
        supervision_count=SupervisionCount(1, 0, ACTS),
    )


@pytest.mark.parametrize("rule", ITEMS, ids=[rule.id for rule in ITEMS])
@pytest.mark.parametrize("by_findings", [False, True], ids=["by-receipt", "by-findings"])
def test_an_established_item_stands_with_its_words_its_facts_and_its_acts(rule: Rule, by_findings: bool) -> None:
    items = items_by_question(BOOK, person(rule), answer(rule), by_findings=by_findings)
    said = "\n".join(text for told in items.values() for item in told for text in item)
    assert BOOK.provisions[rule.provision].text in said
    assert BOOK.provisions[rule.provision].citation in said
    groups = rule_groups(rule, BOOK.vocabulary)
    if groups:
        assert "第三号材料" in said
        assert all(label in said for group in groups for label in BOOK.vocabulary.groups[group].elements.values())
        assert "2026年5月4日" not in said
    else:
        assert "2026年5月4日　催办：计入。" in said
        assert "2026年5月5日　督办：不计入（不属于本事项）。" in said


def test_what_the_receipt_decided_upon_does_not_hold_established_is_not_told() -> None:
    assert not items_by_question(BOOK, person(ITEMS[0]), None)
