"""What must hold of every case, tried on generated ones."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.schemas.case_file import load_case
from rules.book.loading import load_rulebook
from rules.reasoning.derivation import count_supervision, derive_matter, derive_person, element_record
from service.books import books
from service.usecases.recommending.recommend import recommend
from tests.answers import answered
from tests.conftest import example

BOOK = load_rulebook()
LADDER = list(BOOK.ladder)
STATUSES = ("established", "open", "refuted")
AGGRAVATING = [name for name in BOOK.vocabulary.groups if name.startswith("art-8.3.3")]
MITIGATING = [name for name in BOOK.vocabulary.groups if name.startswith("art-8.3.2")]
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    case = example("plan-task-missed")
    chance = random.Random(draw(st.integers(0, 2**32)))
    case["matter"]["acts"] = [
        {"date": f"2026-05-{chance.randint(1, 28):02}", "kind": chance.choice(("formal", "urging", "routine"))}
        for _ in range(chance.randint(0, 5))
    ]
    person = case["persons"][0]
    person |= {
        "harm": chance.choice((None, "none", "adverse", "grave", "considerable", "serious")),
        "role": chance.choice(("principal", "other_member", "undetermined")),
        "unfit_for_post": chance.choice(STATUSES),
        "party_member": chance.random() < 0.7,
        "distinct_periods": chance.random() < 0.5,
    }
    if chance.random() < 0.3:
        person["findings"] = {}
    for name in chance.sample(list(BOOK.vocabulary.groups), chance.randint(0, 8)):
        elements = BOOK.vocabulary.groups[name].elements
        weights = (5, 1, 1)
        person["findings"][name] = {element: chance.choices(STATUSES, weights)[0] for element in elements}
    person.pop("evidence")
    return case


def answer(case: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = answered(recommend(case, "测试", books()))["persons"]["P1"]
    return found


@SETTINGS
@given(cases(), st.randoms())
def test_order_and_names_change_nothing(case: dict[str, Any], chance: random.Random) -> None:
    other = copy.deepcopy(case)
    person = other["persons"][0]
    groups = list(person["findings"].items())
    chance.shuffle(groups)
    person["findings"] = dict(groups)
    person["name"], other["matter"]["lead_unit"] = "另一个人", "另一个单位"
    chance.shuffle(other["matter"]["acts"])
    assert answer(other) == answer(case)


@SETTINGS
@given(cases(), st.sampled_from(AGGRAVATING))
def test_an_aggravating_finding_never_lowers(case: dict[str, Any], group: str) -> None:
    before, after = answer(case), answer(with_group(case, group))
    if before["range_mandatory"] and after["range_mandatory"]:
        assert ranks(after["range_mandatory"]) >= ranks(before["range_mandatory"])
        assert rank(after["range_mandatory"][0]) >= rank(before["range_mandatory"][0])
        assert rank(after["range_mandatory"][1]) >= rank(before["range_mandatory"][1])


@SETTINGS
@given(cases(), st.sampled_from(MITIGATING))
def test_a_mitigating_finding_never_raises(case: dict[str, Any], group: str) -> None:
    before, after = answer(case), answer(with_group(case, group))
    for key in ("range_mandatory", "range_if_discretion"):
        if before[key] and after[key]:
            assert rank(after[key][0]) <= rank(before[key][0])
            assert rank(after[key][1]) <= rank(before[key][1])


@SETTINGS
@given(cases(), st.data())
def test_an_unknown_supports_nothing_adverse_and_removes_nothing_favourable(
    case: dict[str, Any], data: st.DataObject
) -> None:
    findings = case["persons"][0]["findings"]
    if not findings:
        return
    group = data.draw(st.sampled_from(sorted(findings)))
    element = data.draw(st.sampled_from(sorted(findings[group])))
    refuted, unknown = copy.deepcopy(case), copy.deepcopy(case)
    refuted["persons"][0]["findings"][group][element] = "refuted"
    unknown["persons"][0]["findings"][group][element] = "open"
    with_refuted, with_unknown = answer(refuted), answer(unknown)
    assert with_unknown["aggravation"] == with_refuted["aggravation"]
    established = [name for name, value in with_unknown["situations"].items() if value == "established"]
    assert established == [name for name, value in with_refuted["situations"].items() if value == "established"]
    assert _FAVOUR[with_unknown["exemption"]["state"]] >= _FAVOUR[with_refuted["exemption"]["state"]]


_FAVOUR = {"none": 0, "pending": 1, "available": 2}


@SETTINGS
@given(cases())
def test_every_flip_is_what_a_new_evaluation_gives_and_none_is_missing(case: dict[str, Any]) -> None:
    before = answer(case)
    told = {(flip["fact"], flip["to"]): flip["new"] for flip in before["flips"] if flip["kind"] == "finding"}
    for group, elements in case["persons"][0]["findings"].items():
        for element, was in elements.items():
            targets = {"open": ("established", "refuted"), "established": ("refuted",)}.get(was, ())
            for to in targets:
                changed = copy.deepcopy(case)
                changed["persons"][0]["findings"][group][element] = to
                after = answer(changed)
                new = {key: after[key] for key in _MEASURED if after[key] != before[key]}
                assert told.pop((f"{group}.{element}", to), {}) == new
    assert not told


_MEASURED = ("outcome", "exemption", "discipline_track", "base", "range_mandatory", "range_if_discretion")


@SETTINGS
@given(cases())
def test_every_citation_exists(case: dict[str, Any]) -> None:
    found = answer(case)
    assert set(found["citations"]) <= set(BOOK.provisions)
    assert {step["provision"] for step in found["steps"]} <= set(found["citations"])


def test_the_record_of_stage_one_is_total() -> None:
    case = load_case(example("plan-task-missed"), load_rulebook())
    count = count_supervision(case, BOOK)
    person = case.persons[0]
    record = {**derive_matter(case, count, BOOK), **derive_person(person), **element_record(person, BOOK)}
    assert set(record) == set(books().ready(books().usual).evaluator._stage_one_domain())


def with_group(case: dict[str, Any], group: str) -> dict[str, Any]:
    changed = copy.deepcopy(case)
    elements = BOOK.vocabulary.groups[group].elements
    changed["persons"][0]["findings"][group] = dict.fromkeys(elements, "established")
    return changed


def rank(measure: str) -> int:
    return LADDER.index(measure)


def ranks(bounds: list[str]) -> list[int]:
    return [rank(measure) for measure in bounds]


@pytest.mark.parametrize("name", ["plan-task-missed", "joint-matter-three-units"])
def test_the_same_question_gets_the_same_answer(name: str) -> None:
    assert recommend(example(name), "测试", books()) == recommend(example(name), "测试", books())
