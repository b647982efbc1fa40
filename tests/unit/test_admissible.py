"""What may be done to a person is what the regulation admits, told by a program that shares nothing with the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from models.case.discretion import departs
from models.records.reading import read
from models.schemas.case_file import load_case
from models.schemas.reading import read_yaml
from rules.book.contract.case_effects import Outcome
from rules.book.loading import load_rulebook
from rules.latitude.admissible import standing
from tests.altered import BOOK, JUDGE, RECOMMENDER
from tests.conftest import EXAMPLES, example
from tests.regulation_lattice import Lattice, agree
from tests.unit.test_properties import SETTINGS, cases


def test_every_status_of_every_list_with_every_role_and_harm_agrees_with_the_text() -> None:
    assert agree(Lattice.of_groups()) == 3**5 * 3 * 6


@pytest.mark.parametrize("situation", ["art-8.1.1", "art-8.1.2", "art-8.1.4", "art-8.1.5/neglect"])
def test_another_situation_agrees_with_the_text_as_well(situation: str) -> None:
    assert agree(Lattice.of_groups(situation=situation, exemption="art-8.3.1.3")) == 3**5 * 3 * 6


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_is_admitted_is_no_departure_and_what_is_excluded_is_one(path: Any) -> None:
    _compare_with_departures(load_case(read_yaml(path.read_bytes()), load_rulebook()))


@SETTINGS
@given(cases())
def test_admitted_and_no_departure_are_the_same_on_any_file(case: dict[str, Any]) -> None:
    _compare_with_departures(load_case(case, load_rulebook()))


def _compare_with_departures(case: Any) -> None:
    """The guard of the committee's record knows only the ranges: of the measures that it lets pass, some effect admits each."""
    answers = RECOMMENDER.recommend(case, "测试").persons
    for person_id, question in RECOMMENDER.questions(case).items():
        space = JUDGE.space(standing(question.conclusion))
        if space.state != "ranged" or question.conclusion.base is None:
            continue
        for decision, results in _decisions(JUDGE.universe):
            passes = not departs(read(Outcome, decision), answers[person_id], list(BOOK.ladder))
            allowed = decision["outcome"] != "held" or _mitigation_open(decision, question.conclusion)
            assert bool(results & space.admitted) == (passes and allowed), decision


def _decisions(universe: Any) -> Iterator[tuple[dict[str, Any], frozenset[Any]]]:
    """Each decision that the guard can tell apart, with the results that it may be."""
    told: dict[tuple[Any, ...], set[Any]] = {}
    lighter = {"lighter_within", "below_range"}
    for result in universe:
        told.setdefault((result.kind, result.measures, bool(lighter & set(result.effects))), set()).add(result)
    for (kind, measures, favoured), results in told.items():
        slots = [{"id": "mitigation", "choice": "从轻", "reason": "理由"}] if favoured else []
        yield {"outcome": kind, "measures": tuple(measures), "slots": tuple(slots)}, frozenset(results)


def _mitigation_open(decision: dict[str, Any], conclusion: Any) -> bool:
    return not decision["slots"] or bool(conclusion.mitigation)


def test_every_excluded_result_of_an_accountable_person_has_a_ground_of_the_book() -> None:
    for path in EXAMPLES:
        for question in RECOMMENDER.questions(load_case(read_yaml(path.read_bytes()), load_rulebook())).values():
            found = standing(question.conclusion)
            for result in JUDGE.universe:
                status, grounds = JUDGE.verdict(found, result)
                assert set(grounds) <= set(BOOK.latitude.grounds)
                if BOOK.latitude.states[found.outcome] == "ranged":
                    assert (status == "admitted") is not bool(grounds)


@pytest.mark.parametrize(
    ("name", "result", "grounds"),
    [
        ("plan-task-missed", ("held", ("organisational_measure",), ()), {"reserved"}),
        ("plan-task-missed", ("not_held", (), ()), {"no_exemption"}),
        ("plan-task-missed", ("no_situation", (), ()), {"should_be_held"}),
        ("plan-task-missed", ("held", ("admonition",), ("heavier_within",)), {"no_aggravation"}),
        ("urged-and-supervised-four-times", ("held", ("admonition",), ()), {"must_be_heavier"}),
        ("delay-and-refusal-to-sign", ("held", ("notice_of_criticism",), ("below_range",)), {"no_mitigation", "other_degree"}),
    ],
)  # fmt: skip
def test_what_excludes_a_result_is_named(name: str, result: Any, grounds: set[str]) -> None:
    question = next(iter(RECOMMENDER.questions(load_case(example(name), load_rulebook())).values()))
    asked = next(each for each in JUDGE.universe if (each.kind, each.measures, each.effects) == result)
    status, found = JUDGE.verdict(standing(question.conclusion), asked)
    assert status == "excluded"
    assert grounds <= set(found)


def test_the_universe_is_all_there_is() -> None:
    kinds, measures, effects = 3, 2**3 - 1, 3 * 3
    assert len(set(JUDGE.universe)) == len(JUDGE.universe) == kinds + measures * effects
