"""Every set of changes that is told alters what may be done, no part of it does, and none is missing."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.schemas.case_file import load_case
from models.schemas.reading import read_yaml
from rules.book.loading import load_rulebook
from rules.latitude.alterations import Alteration, alterations, differs
from rules.latitude.components import components
from rules.reasoning.facts import CaseFacts
from rules.reasoning.flips import Fact, changeable_facts
from tests.altered import RECOMMENDER, SECOND, space_of
from tests.conftest import EXAMPLES, example
from tests.unit.test_properties import SETTINGS, cases
from tests.unit.test_robust import few_open

Changes = frozenset[tuple[str, Any]]


def told(case: CaseFacts, person_id: str) -> tuple[list[Fact], tuple[Alteration, ...]]:
    question = RECOMMENDER.questions(case)[person_id]
    facts = list(changeable_facts(question, RECOMMENDER.evaluator))
    fixed, parts = components(question, RECOMMENDER.evaluator, facts)
    return facts, alterations(SECOND, SECOND.advance(SECOND.start, fixed), parts)


def sets_of(found: tuple[Alteration, ...]) -> set[Changes]:
    """Every set of changes, one way a part."""
    return {
        frozenset(change for way in ways for change in way)
        for alteration in found
        for ways in product(*(move.ways for move in alteration.moves))
    }


def compare(case: CaseFacts, person_id: str) -> int:
    """Each set that is told alters to the space that is told, and no part of it alters; the number of sets."""
    before = space_of(case, person_id)
    _, found = told(case, person_id)
    for alteration in found:
        for ways in list(product(*(move.ways for move in alteration.moves)))[:3]:
            changes = [change for way in ways for change in way]
            after = space_of(case, person_id, changes)
            assert after == alteration.space
            assert differs(after, before)
            for size in range(1, len(changes)):
                for part in combinations(changes, size):
                    assert not differs(space_of(case, person_id, part), before), part
    return len(found)


def none_is_missing(case: CaseFacts, person_id: str, most: int) -> None:
    """Against every set of at most so many changes, each fact with every value that it can turn to."""
    facts, found = told(case, person_id)
    before, expected = space_of(case, person_id), set[Changes]()
    for size in range(1, most + 1):
        for chosen in combinations(facts, size):
            for values in product(*(fact.to for fact in chosen)):
                changes = frozenset(zip((fact.name for fact in chosen), values, strict=True))
                if any(less <= changes for less in expected):
                    continue
                if differs(space_of(case, person_id, changes), before):
                    expected.add(changes)
    assert {changes for changes in sets_of(found) if len(changes) <= most} == expected


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_worked_cases(path: Any) -> None:
    case = load_case(read_yaml(path.read_bytes()), load_rulebook())
    for person in case.persons:
        compare(case, person.id)
        none_is_missing(case, person.id, most=2)


@settings(SETTINGS, max_examples=40)
@given(cases(), st.integers(0, 2**32))
def test_any_file(case: dict[str, Any], seed: int) -> None:
    compare(load_case(few_open(case, seed), load_rulebook()), "P1")


@settings(SETTINGS, max_examples=12)
@given(cases(), st.integers(0, 2**32))
def test_no_set_of_two_changes_is_missing_in_any_file(case: dict[str, Any], seed: int) -> None:
    few = {**case, "persons": [dict(case["persons"][0])]}
    few["persons"][0]["findings"] = dict(list(few["persons"][0]["findings"].items())[:4])
    none_is_missing(load_case(few_open(few, seed), load_rulebook()), "P1", most=2)


def test_both_grounds_of_exemption_have_to_fall() -> None:
    data = example("reform-pilot-exemption")
    findings = data["persons"][0]["findings"]
    findings.clear()
    findings["art-8.1.3"] = dict.fromkeys(
        ("duty_in_scope", "non_or_incorrect_performance", "delay_or_shirk_without_cause", "adverse_effect"),
        "established",
    )
    findings["art-8.3.1.1/good-faith"] = {"unintentional_fault": "established"}
    findings["art-8.3.1.2"] = dict.fromkeys(
        ("collective_decision", "decision_wrong", "explicit_objection"), "established"
    )
    sets = sets_of(told(load_case(data, load_rulebook()), "P1")[1])
    both = [changes for changes in sets if len(changes) == 2]
    assert len(both) == 3  # the one element of the first ground, with any of the three of the second
    assert all(("art-8.3.1.1/good-faith.unintentional_fault", "refuted") in changes for changes in both)


def test_a_reading_is_a_change_like_any_other() -> None:
    sets = sets_of(told(load_case(example("urged-and-supervised-four-times"), load_rulebook()), "P1")[1])
    assert frozenset([("A-09", "formal_only")]) in sets
