"""What the recommendation must say."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_bdd import parsers, then

from rules.book.loading import load_rulebook

BOOK = load_rulebook()
WORDS = BOOK.vocabulary.enumerations
_BASIS = {"规章": "law", "策略表": "policy", "解释": "reading", "上级文件": "superior"}
Answer = dict[str, Any]


@pytest.fixture
def person(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = answer["persons"]["P1"]
    return found


def ranged(bounds: list[str]) -> str:
    return "至".join(dict.fromkeys(WORDS["measure"][measure] for measure in bounds))


@then(parsers.re(r"结论仍?为“(?P<outcome>.+)”"))
def outcome_is(person: Answer, outcome: str) -> None:
    assert WORDS["outcome"][person["outcome"]] == outcome


@then(parsers.re(r"另一人的结论为“(?P<outcome>.+)”"))
def other_outcome_is(answer: Answer, outcome: str) -> None:
    assert WORDS["outcome"][answer["persons"]["P2"]["outcome"]] == outcome


@then(parsers.re(r"前提“(?P<label>.+)”(?P<status>已查明|未查明|不成立)"))
def gate_is(person: Answer, label: str, status: str) -> None:
    gate = next(rule for rule in BOOK.of_kind("gate") if rule.label == label)
    assert WORDS["status"][person["gates"][gate.id.removeprefix("gate.")]] == status


@then(parsers.re(r"(?P<which>应当|行使裁量时)的区间为(?P<named>.+)"))
def range_is(person: Answer, which: str, named: str) -> None:
    assert ranged(person["range_mandatory" if which == "应当" else "range_if_discretion"]) == named


@then("不产生区间")
def no_range(person: Answer) -> None:
    assert (person["base"], person["range_mandatory"], person["range_if_discretion"]) == (None, None, None)


@then(parsers.parse("如不适宜担任现职查明，应当的区间为{named}"))
def conditional_is(person: Answer, named: str) -> None:
    assert ranged(person["conditional"]) == named
    assert "unfit_for_post" in person["open_facts"]


@then(parsers.parse("基本区间的依据是{basis}"))
def base_rests_on(person: Answer, basis: str) -> None:
    assert [step["basis"] for step in person["steps"] if step["step"] == "base"] == [_BASIS[basis]]


@then(parsers.re(r"步骤“(?P<label>.+)”的依据是(?P<basis>.+)"))
def step_rests_on(person: Answer, label: str, basis: str) -> None:
    assert [step["basis"] for step in person["steps"] if step["label"] == label] == [_BASIS[basis]]


@then(parsers.re(r"从重情形 (?P<provision>\S+) (?P<result>成立|不成立)"))
def aggravated(person: Answer, provision: str, result: str) -> None:
    assert (provision in person["aggravation"]) is (result == "成立")


@then("没有从轻减轻情形")
def not_mitigated(person: Answer) -> None:
    assert person["mitigation"] == []


@then(parsers.parse("督办计为{number:d}次，只计督办为{formal:d}次"))
def counted(person: Answer, number: int, formal: int) -> None:
    count = person["supervision_count"]
    assert (count["office_acts"], count["formal_only"]) == (number, formal)
    assert all(record["why"] for record in count["records"])


@then(parsers.parse("不予、免予问责的状态为{state}"))
def exemption_is(person: Answer, state: str) -> None:
    assert WORDS["exemption"][person["exemption"]["state"]] == state


@then(parsers.re(r"纪律处分衔接为“(?P<track>.+)”"))
def track_is(person: Answer, track: str) -> None:
    assert WORDS["discipline_track"][person["discipline_track"]] == track


@then(parsers.re(r"提示“(?P<label>.+)”"))
def flagged(person: Answer, label: str) -> None:
    choices = [*BOOK.flags, *([BOOK.aggravation.capped] if BOOK.aggravation.capped else [])]
    flag = next(choice.id for choice in choices if choice.label == label)
    assert flag in person["flags"]


@then("没有提示")
def not_flagged(person: Answer) -> None:
    conflicts = {choice.id for choice in BOOK.flags}
    assert not conflicts & set(person["flags"])


@then(parsers.re(r"关于“(?P<what>.+)”的两种解释得出(?P<result>相同|不同)结果"))
def sensitive(person: Answer, what: str, result: str) -> None:
    reading = next(row for row in BOOK.readings.values() if what in row.question)
    assert (f"interpretation_sensitive:{reading.id}" in person["flags"]) is (result == "不同")
    assert reading.id in {row["reading"] for row in person["readings"]}


@then(parsers.re(r"留给人决定的事项包括“(?P<question>.+)”，须写明理由"))
def left_to_people(person: Answer, question: str) -> None:
    slots = [slot for slot in person["discretion"] if slot["question"] == question]
    assert [slot["reason_required"] for slot in slots] == [True]


@then(parsers.re(r"“(?P<question>.+)”的选项包括(?P<options>.+)"))
def options_are(person: Answer, question: str, options: str) -> None:
    slot = next(slot for slot in person["discretion"] if slot["question"] == question)
    assert slot["options"] == options.split("、")


@then("没有任何一项被预先选定")
def nothing_chosen(person: Answer) -> None:
    allowed = {"slot", "provision", "citation", "text", "question", "options", "reason_required"}
    assert person["discretion"]
    assert all(set(slot) == allowed for slot in person["discretion"])


@then(parsers.re(r"未查明的事实包括“(?P<label>.+)”"))
def open_fact(person: Answer, label: str) -> None:
    known = [fact for fact in person["open_facts"] if "." in fact]
    assert label in [BOOK.vocabulary.label(fact) for fact in known]


@then(parsers.parse("影响期表中列出{label}，注明尚未确认"))
def period_listed(person: Answer, label: str) -> None:
    rows = {row["label"]: row for row in duty(person, "influence_period")["periods"]}
    assert rows[label]["confirmed"] is False
    assert duty(person, "influence_period")["source"] == "unconfirmed"


@then("影响期没有起止日期")
def period_without_days(person: Answer) -> None:
    found = duty(person, "influence_period")
    assert found["due"] is None
    assert all(row["nominal"] is None for row in found["periods"])


@then(parsers.re(r"职责“(?P<name>\w+)”名义期满(?P<nominal>[\d-]+)，实际期满(?P<actual>[\d-]+)"))
def duty_ends(person: Answer, name: str, nominal: str, actual: str) -> None:
    due = duty(person, name)["due"]
    assert (due["nominal"], due["actual"]) == (nominal, actual)


@then(parsers.re(r"职责“(?P<name>\w+)”(?P<listed>列出|未列出)"))
def duty_listed(person: Answer, name: str, listed: str) -> None:
    assert (name in {row["duty"] for row in person["duties"]}) is (listed == "列出")


@then(parsers.re(r"职责“(?P<name>\w+)”由(?P<who>.+)承担，依据为(?P<provision>\S+)"))
def duty_of(person: Answer, name: str, who: str, provision: str) -> None:
    found = duty(person, name)
    assert (found["who"], found["provision"]) == (who, provision)
    assert found["text"] == BOOK.provisions[provision].text


def duty(person: Answer, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in person["duties"] if row["duty"] == name)
    return found


@then(parsers.parse("建议注明规章自{day}起施行"))
def in_force_from(answer: Answer, day: str) -> None:
    assert answer["rulebook"]["in_force_from"] == day


@then("建议列明所采用的每一项解释")
def readings_listed(answer: Answer) -> None:
    assert answer["rulebook"]["readings"] == {reading.id: reading.default for reading in BOOK.readings.values()}


@then("未经有权机构通过的解释均注明为项目默认")
def readings_unadopted() -> None:
    assert {row.status for row in BOOK.readings.values() if row.adopted is None} == {"project_default"}
