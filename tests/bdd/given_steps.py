"""What is the case: a case file built sentence by sentence."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from pytest_bdd import given, parsers, when

from rules.book.loading import load_rulebook
from service.books import books
from service.usecases.recommending.recommend import recommend
from tests.answers import answered
from tests.conftest import example

BOOK = load_rulebook()
WORDS = BOOK.vocabulary.enumerations
_ACT = re.compile(r"(\d\d-\d\d)(督办|催办|交办|定期检查)(（[^）]+）)?")
_REPORT = re.compile(
    r"(?P<reported>[\d-]{10})报结(?:(?P<accepted>并审查通过)|(?P<open>尚未审查)"
    r"|被退回，(?:(?P<none>尚未补办)|(?P<redone>[\d-]{10})补办审查通过))"
)


def word(kind: str, label: str) -> str:
    """The identifier of a Chinese word of the vocabulary."""
    return next(name for name, text in WORDS[kind].items() if text == label)


@pytest.fixture
def case() -> dict[str, Any]:
    """One matter, overdue, and one cadre; nothing else."""
    found = example("plan-task-missed")
    found["matter"]["acts"] = []
    return found


@given("一名主要责任人的失职情形已经查明")
def found_principal(case: dict[str, Any]) -> None:
    assert case["persons"][0]["role"] == "principal"


@given("一名危害较重的主要责任人，其失职情形已经查明")
def found_considerable(case: dict[str, Any]) -> None:
    case["persons"][0]["harm"] = "considerable"


@given("一名班子其他成员的失职情形已经查明")
def found_other_member(case: dict[str, Any]) -> None:
    case["persons"][0]["role"] = "other_member"


@given(parsers.re(r"一名(?P<role>主要责任人|班子其他成员)只被提出(?P<group>art-\S+)"))
def only_alleged(case: dict[str, Any], role: str, group: str) -> None:
    case["persons"][0] |= {"role": word("role", role), "findings": {group: {}}}


@given("一名主要责任人没有被提出任何情形")
def nothing_alleged(case: dict[str, Any]) -> None:
    case["persons"][0]["findings"] = {}


@given(parsers.re(r"(?P<group>art-\S+?)的各项要素均(?P<status>已查明|未查明|不成立)"))
def all_elements(case: dict[str, Any], group: str, status: str) -> None:
    elements = BOOK.vocabulary.groups[group].elements
    case["persons"][0]["findings"][group] = dict.fromkeys(elements, status)


@given(parsers.re(r"(?P<group>art-\S+?)中“(?P<label>.+)”(?P<status>未查明|不成立)，其余要素均已查明"))
def one_element(case: dict[str, Any], group: str, label: str, status: str) -> None:
    elements = BOOK.vocabulary.groups[group].elements
    assert label in elements.values()
    case["persons"][0]["findings"][group] = {
        element: status if text == label else "已查明" for element, text in elements.items()
    }


@given(parsers.re(r"(?P<group>art-\S+?)的要素为(?P<listed>“.+)"))
def each_element(case: dict[str, Any], group: str, listed: str) -> None:
    named = {label: element for element, label in BOOK.vocabulary.groups[group].elements.items()}
    found = re.findall(r"“([^”]+)”(已查明|未查明|不成立)", listed)
    case["persons"][0]["findings"][group] = {named[label]: status for label, status in found}


@given(parsers.parse("损害程度认定为{harm}"))
def harm_found(case: dict[str, Any], harm: str) -> None:
    case["persons"][0]["harm"] = word("harm", harm)


@given("损害程度尚未认定")
def harm_not_found(case: dict[str, Any]) -> None:
    case["persons"][0]["harm"] = None


@given(parsers.re(r"不适宜担任现职(?P<status>已查明|未查明|不成立)"))
def unfit(case: dict[str, Any], status: str) -> None:
    case["persons"][0]["unfit_for_post"] = status


@given(parsers.re(r"该干部(?P<member>是|不是)中共党员"))
def membership(case: dict[str, Any], member: str) -> None:
    case["persons"][0]["party_member"] = member == "是"


@given(parsers.parse("该干部属{label}"))
def managed(case: dict[str, Any], label: str) -> None:
    case["persons"][0]["managed_by"] = word("managed_by", label)


@given("该干部的责任角色尚未认定")
def no_role(case: dict[str, Any]) -> None:
    case["persons"][0]["role"] = "undetermined"


@given("另有一名班子其他成员，其失职情形没有查明")
def second_person(case: dict[str, Any]) -> None:
    other = copy.deepcopy(case["persons"][0]) | {"id": "P2", "role": "other_member", "findings": {"art-8.1.3": {}}}
    case["persons"].append(other)


@given("互相矛盾的认定分属不同时段")
def distinct_periods(case: dict[str, Any]) -> None:
    case["persons"][0]["distinct_periods"] = True


@given(parsers.parse("办结时限为{due}，提出问责之日为{trigger}"))
def days(case: dict[str, Any], due: str, trigger: str) -> None:
    case["trigger_date"] = trigger
    case["matter"] |= {"due_on": due, "assigned_on": None}


@given(parsers.re(r"申请延期至(?P<day>[\d-]+)，(?P<decision>校领导准予|尚未决定|未获准予)"))
def extension(case: dict[str, Any], day: str, decision: str) -> None:
    asked = {"requested_on": "2026-04-20", "reason": "协作单位数据未到"}
    decided = {"decided_on": "2026-04-25", "decided_by": "school_leader"}
    case["matter"]["extension"] = {
        "校领导准予": asked | decided | {"granted": True, "new_due_on": day},
        "尚未决定": asked,
        "未获准予": asked | decided | {"granted": False},
    }[decision]


@given(parsers.parse("承办单位的报结情况为{text}"))
def reported(case: dict[str, Any], text: str) -> None:
    found = _REPORT.fullmatch(text)
    assert found is not None
    matter = case["matter"] | {"reported_on": found["reported"]}
    if found["accepted"]:
        matter["review"] = "accepted"
    elif not found["open"]:
        matter |= {"review": "returned", "returned_on": found["reported"]}
        if found["redone"]:
            matter |= {"redone_on": found["redone"], "redo_review": "accepted"}
    case["matter"] = matter


@given(parsers.parse("事项的登记和交办情况为{text}"))
def registration(case: dict[str, Any], text: str) -> None:
    case["matter"] |= {
        "已立项登记": {"registered": True},
        "是否立项尚不清楚": {"registered": None},
        "未立项，有书面或者OA记录": {"registered": False, "assignment_record": "written"},
        "未立项，仅口头交办": {"registered": False, "assignment_record": "oral"},
        "未立项，无交办凭据": {"registered": False, "assignment_record": "none"},
    }[text]


@given(parsers.parse("办公室就该事项催办共{number:d}次，其后仍未完成"))
def urged(case: dict[str, Any], number: int) -> None:
    case["matter"]["acts"] = [{"date": f"2026-05-{day:02}", "kind": "urging"} for day in range(2, 2 + number)]


@given(parsers.parse("督办记录为{text}"))
def acts(case: dict[str, Any], text: str) -> None:
    rows = []
    for part in text.split("、"):
        found = _ACT.fullmatch(part)
        assert found is not None, part
        row = {"date": f"2026-{found[1]}", "kind": word("act_kind", found[2])}
        late = {"entered_on": "2026-05-18"}
        row |= {
            None: {},
            "（他人）": {"by": "教务处"},
            "（他事）": {"matter": "另一事项"},
            "（补录，有凭据）": {**late, "supported": True},
            "（补录，无凭据）": {**late, "supported": False},
        }[found[3]]
        rows.append(row)
    case["matter"]["acts"] = rows


@given(parsers.parse("决定书于{day}送达"))
def served(case: dict[str, Any], day: str) -> None:
    case["planned"] = {"received_on": day}


@when("调查组请求处理建议", target_fixture="answer")
def ask(case: dict[str, Any]) -> dict[str, Any]:
    """The whole recommendation; ``P1`` is the cadre of the case."""
    found: dict[str, Any] = answered(recommend(case, "场景", books()))
    return found
