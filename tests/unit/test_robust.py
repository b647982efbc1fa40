"""What holds whatever is still open, and what would decide, is what going through every completion says."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.schemas.case_file import load_case
from models.schemas.reading import read_yaml
from rules.book.loading import load_rulebook
from rules.latitude.admissible import Space
from rules.latitude.components import components, open_facts
from rules.latitude.robust import Uncertain, under_uncertainty
from rules.reasoning.facts import CaseFacts
from rules.reasoning.flips import Fact
from tests.altered import RECOMMENDER, SECOND, space_of
from tests.conftest import EXAMPLES, example
from tests.unit.test_properties import SETTINGS, cases

FEW = settings(SETTINGS, max_examples=60)
MOST = 700
"""Completions that a test goes through for one person."""


def told(case: CaseFacts, person_id: str, disputed: Iterable[date] = ()) -> tuple[list[Fact], Uncertain]:
    question = RECOMMENDER.questions(case)[person_id]
    facts = list(open_facts(question, RECOMMENDER.evaluator, disputed))
    fixed, parts = components(question, RECOMMENDER.evaluator, facts)
    return facts, under_uncertainty(SECOND, SECOND.advance(SECOND.start, fixed), parts)


def completions(case: CaseFacts, person_id: str, facts: list[Fact], held: dict[str, Any]) -> Iterator[Space]:
    """The space of every completion of the facts, those held fast aside."""
    free = [fact for fact in facts if fact.name not in held]
    for values in product(*(fact.to for fact in free)):
        yield space_of(case, person_id, [*held.items(), *zip((fact.name for fact in free), values, strict=True)])


def number_of(facts: list[Fact]) -> int:
    number = 1
    for fact in facts:
        number *= len(fact.to)
    return number


def compare(case: CaseFacts, person_id: str, disputed: Iterable[date] = ()) -> int:
    """Hold what is told against every completion; the number of completions."""
    facts, found = told(case, person_id, disputed)
    if number_of(facts) > MOST:
        return 0
    every = list(completions(case, person_id, facts, {}))
    spaces = [space for space in every if space.state != "blocked"]
    assert (found.spaces, found.contradictory) == (set(spaces), len(spaces) < len(every))
    admitted = [space.admitted for space in spaces]
    robust = frozenset.intersection(*admitted) if admitted else frozenset()
    assert found.robust == robust
    assert found.possible == frozenset().union(*(s.admitted | s.undetermined for s in spaces)) - robust
    return number_of(facts)


def decides(case: CaseFacts, person_id: str, facts: list[Fact], held: dict[str, Any]) -> set[Space]:
    return set(completions(case, person_id, facts, held))


def compare_deciding(case: CaseFacts, person_id: str, disputed: Iterable[date] = ()) -> int:
    """Each set decides, none of its items can be left out, and no smaller set decides the same; the number of sets."""
    facts, found = told(case, person_id, disputed)
    if number_of(facts) > MOST // 4:
        return 0
    names = {fact.name: fact for fact in facts}
    for deciding in found.deciding[:6]:
        for ways in list(product(*(finding.ways for finding in deciding.findings)))[:4]:
            held = {name: value for way in ways for name, value in way}
            assert decides(case, person_id, facts, held) == {deciding.space}
            for name in held:
                less = {other: value for other, value in held.items() if other != name}
                assert len(decides(case, person_id, facts, less)) > 1
    least = {each.space: each.size for each in found.deciding}
    for size in range(1, min(3, len(facts) + 1)):
        for chosen in combinations(names.values(), size):
            for values in product(*(fact.to for fact in chosen)):
                spaces = decides(case, person_id, facts, {f.name: v for f, v in zip(chosen, values, strict=True)})
                if len(spaces) == 1 and found.deciding:
                    (space,) = spaces
                    assert space.state == "blocked" or least[space] <= size
    return len(found.deciding)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_worked_cases_as_they_are_and_with_findings_reopened(path: Any) -> None:
    data = read_yaml(path.read_bytes())
    for person in data["persons"]:
        assert compare(load_case(data, load_rulebook()), person["id"]) > 0
        reopen(person)
        assert compare(load_case(data, load_rulebook()), person["id"]) > 1
        compare_deciding(load_case(data, load_rulebook()), person["id"])


def reopen(person: dict[str, Any], groups: int = 2) -> None:
    """The same person before the last findings were made."""
    for elements in list(person.get("findings", {}).values())[:groups]:
        for element, value in list(elements.items())[:2]:
            elements[element] = {**value, "status": "open"} if isinstance(value, dict) else "open"
    person |= {"harm": None, "unfit_for_post": "open"}


@FEW
@given(cases(), st.integers(0, 2**32))
def test_any_file_agrees_with_all_its_completions(case: dict[str, Any], seed: int) -> None:
    compare(load_case(few_open(case, seed), load_rulebook()), "P1")


@settings(SETTINGS, max_examples=25)
@given(cases(), st.integers(0, 2**32))
def test_what_is_told_to_decide_decides_and_nothing_smaller_does(case: dict[str, Any], seed: int) -> None:
    compare_deciding(load_case(few_open(case, seed, most=5), load_rulebook()), "P1")


def few_open(case: dict[str, Any], seed: int, most: int = 6) -> dict[str, Any]:
    """The file with at most so many elements open, and something not known of the matter now and then."""
    chance = random.Random(seed)
    made = copy.deepcopy(case)
    person, matter = made["persons"][0], made["matter"]
    opened = [(g, e) for g, row in person["findings"].items() for e, status in row.items() if status == "open"]
    for group, element in opened[most:]:
        person["findings"][group][element] = chance.choice(("established", "refuted"))
    if chance.random() < 0.3:
        matter["registered"] = None
    if chance.random() < 0.3:
        matter |= {"reported_on": "2026-04-20", "review": None}
    if chance.random() < 0.1:
        matter["due_on"] = None
        matter.pop("extension", None)
    return made


def test_a_case_that_was_just_opened_is_settled_by_no_single_finding_but_refuting_one() -> None:
    """Five elements open, nothing else alleged: each refuted alone ends the case; only all five together hold."""
    data = example("plan-task-missed")
    person = data["persons"][0]
    person["findings"] = {"art-8.1.1": {}}
    facts, found = told(load_case(data, load_rulebook()), "P1")
    assert len([fact for fact in facts if fact.kind == "finding"]) == 5
    ended = [each for each in found.deciding if each.space.state == "ended"]
    assert [(each.size, len(each.findings[0].ways)) for each in ended] == [(1, 5)]
    assert found.robust == frozenset()


def test_disputed_acts_make_the_count_an_interval() -> None:
    """With four acts, one disputed act leaves three; with two disputed the third is no longer certain."""
    case = load_case(example("urged-and-supervised-four-times"), load_rulebook())
    days = sorted({act.on for act in case.matter.acts if act.kind in ("formal", "urging")})
    one = told(case, "P1", days[-1:])[1]
    assert len(one.spaces) == 1
    facts, two = told(case, "P1", days[-2:])
    assert len(two.spaces) == 2
    assert {fact.kind for fact in facts} >= {"act"}
    assert compare(case, "P1", days[-2:]) > 0
    assert compare_deciding(case, "P1", days[-2:]) > 0


def test_a_due_date_that_was_never_set_is_looked_at_in_spans_that_miss_no_day() -> None:
    """Every day of eight years, one at a time, against the spans."""
    data = example("plan-task-missed")
    data["matter"] |= {"due_on": None, "assigned_on": None, "reported_on": "2026-03-03", "review": None}
    data["matter"].pop("extension", None)
    case = load_case(data, load_rulebook())
    facts, found = told(case, "P1")
    spans = next(fact.to for fact in facts if fact.name == "matter.due_on")
    for review in ("accepted", "returned"):
        for ordinal in range(date(2020, 1, 1).toordinal(), date(2028, 1, 1).toordinal()):
            day = date.fromordinal(ordinal)
            span = next(s for s in spans if (s.first is None or s.first <= day) and (s.last is None or day <= s.last))
            if day in (span.first, span.last) or ordinal % 37 == 0:
                reviewed = ("matter.review", review)
                alone = type(span)(day, day)
                assert space_of(case, "P1", [("matter.due_on", alone), reviewed]) == space_of(
                    case, "P1", [("matter.due_on", span), reviewed]
                )
    assert len(found.spaces) > 1


def test_nothing_open_leaves_one_space_and_nothing_to_decide() -> None:
    case = load_case(example("plan-task-missed"), load_rulebook())
    facts, found = told(case, "P1")
    assert [fact for fact in facts if fact.kind == "finding"] == []
    assert found.spaces == {space_of(case, "P1")}
    assert found.deciding == ()
