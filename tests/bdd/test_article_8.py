"""Steps of the features of article 8; they run the real rulebook and engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from rules.loading import load_rulebook
from service.usecases.recommend import recommend
from tests.conftest import example

BOOK = load_rulebook()
WORDS = BOOK.vocabulary.enumerations

scenarios("article-8")


@pytest.fixture
def case() -> dict[str, Any]:
    found = example("plan-task-missed")
    found["matter"]["acts"] = []
    return found


@given("一名主要责任人的失职情形已经查明")
def _found(case: dict[str, Any]) -> None:
    assert case["persons"][0]["role"] == "principal"


@given(parsers.parse("一名主要责任人只被提出{group}"))
def _only(case: dict[str, Any], group: str) -> None:
    case["persons"][0]["findings"] = {group: {}}


@given(parsers.parse("办公室就该事项催办共{number:d}次，其后仍未完成"))
def _urged(case: dict[str, Any], number: int) -> None:
    case["matter"]["acts"] = [{"date": f"2026-05-{day:02}", "kind": "urging"} for day in range(2, 2 + number)]


@given(parsers.re(r"(?P<group>art-\S+?)的各项要素均(?P<status>已查明|未查明|不成立)"))
def _elements(case: dict[str, Any], group: str, status: str) -> None:
    elements = BOOK.vocabulary.groups[group].elements
    case["persons"][0]["findings"][group] = dict.fromkeys(elements, status)


@given("损害程度认定为危害较重")
def _considerable(case: dict[str, Any]) -> None:
    case["persons"][0]["harm"] = "considerable"


@when("调查组请求处理建议", target_fixture="answer")
def _ask(case: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = recommend(case, "场景")["persons"]["P1"]
    return found


@then(parsers.parse("从重情形 {provision} {result}"))
def _aggravated(answer: dict[str, Any], provision: str, result: str) -> None:
    assert (provision in answer["aggravation"]) is {"成立": True, "不成立": False}[result]


@then(parsers.re(r"(?P<which>应当|行使裁量时)的区间为(?P<named>.+)"))
def _range(answer: dict[str, Any], which: str, named: str) -> None:
    bounds = answer["range_mandatory" if which == "应当" else "range_if_discretion"]
    assert "至".join(dict.fromkeys(WORDS["measure"][measure] for measure in bounds)) == named


@then(parsers.parse("不予、免予问责的状态为{state}"))
def _exemption(answer: dict[str, Any], state: str) -> None:
    assert WORDS["exemption"][answer["exemption"]["state"]] == state


@then(parsers.re(r"结论仍?为“(?P<outcome>.+)”"))
def _outcome(answer: dict[str, Any], outcome: str) -> None:
    assert WORDS["outcome"][answer["outcome"]] == outcome


def test_every_tag_is_a_provision() -> None:
    tags = [
        word
        for path in Path("features").rglob("*.feature")
        for word in path.read_text("utf-8").split()
        if word[0] == "@"
    ]
    assert tags
    assert {tag.removeprefix("@") for tag in tags} <= set(BOOK.provisions)
