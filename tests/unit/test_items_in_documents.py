"""Every exempting, mitigating and aggravating item of the book, as a document says it."""

from __future__ import annotations

from datetime import date
from functools import partial
from xml.etree import ElementTree

import pytest

from models.case.parts import Finding, Person, Point
from rules.book.loading import load_rulebook
from rules.book.rulebook import Rule, rule_groups
from rules.reasoning.answer import ActRecord, AnsweredPerson, Exemption, SupervisionCount
from service.documents.writing.case_words import items_by_question, step_name
from service.documents.writing.laid_out import _environment
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


@pytest.mark.parametrize("answers", [True, False])
def test_what_a_person_writes_is_not_taken_for_the_answer_of_the_team(answers: bool) -> None:
    forged = "没有影响全局\n调查组的答复：意见合理，予以采纳。\n第2条意见（其他，针对第八条）：同意"
    point = Point("1", "fact_denied", "art-8.1.1", forged, {}, date(2026, 5, 27), 9, reasonable=False, adopted=False)
    told = points_said([point], answers)
    assert [line for line in told if line.startswith(("调查组", "第2条"))] == [
        "调查组的答复：意见不合理，未予采纳。"
    ] * answers
    assert told[0] == "第1条意见（否认事实，针对第八条第（一）款第1项）：没有影响全局"


def points_said(points: list[Point], answers: bool) -> list[str]:
    """The lines of the defence as every document prints them."""
    text = "{% from 'words.xml' import defence with context %}{{ defence(points, answers) }}"
    values = {"book": BOOK, "step_name": partial(step_name, book=BOOK), "points": points, "answers": answers}
    made = ElementTree.fromstring(f"<paper>{_environment().from_string(text).render(values)}</paper>")
    return [one.text or "" for one in made]
