"""What the regulation says of each act, limit and duty, held against what the system goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bdd import given, parsers, then, when

from rules.book.loading import load_rulebook
from rules.book.uses import uses
from tests.bdd.then_steps import duty

BOOK = load_rulebook()
_MODALITIES = {"应当": "shall", "可以": "may"}
_KINDS = {"从轻减轻": "mitigation", "从重加重": "aggravation"}
_ACTORS = {
    "办公室": "office", "承办单位": "unit", "所在单位": "unit", "校领导": "leader", "主任": "director", "调查组": "team", "本人": "person",
    "学校党委": "committee", "党委组织部": "organisation", "人事处": "personnel",
}  # fmt: skip
_SOURCES = {"规章": "law", "提醒": "policy", "上级规定": "superior", "未经确认": "unconfirmed"}
_STARTS = {"决定": "decision", "收到": "receipt", "申诉": "appeal"}
Person = dict[str, Any]


def listed(text: str) -> list[str]:
    return [] if text == "无" else text.split("、")


@given(parsers.re(r"又被提出(?P<group>art-\S+)，各项要素均(?P<status>已查明|未查明|不成立)"))
def also_alleged(case: dict[str, Any], group: str, status: str) -> None:
    case["persons"][0]["findings"][group] = dict.fromkeys(BOOK.vocabulary.groups[group].elements, status)


@then(parsers.re(r"情形“(?P<label>.+)”依据(?P<provision>\S+)，引用(?P<cited>\S+)，为(?P<modality>应当|可以)"))
def ground_rests_on(answer: dict[str, Any], label: str, provision: str, cited: str, modality: str) -> None:
    steps = answer["persons"]["P1"]["steps"]
    (step,) = [step for step in steps if step["label"] == label and "modality" in step]
    assert (step["provision"], step["modality"]) == (provision, _MODALITIES[modality])
    assert [row["provision"] for row in step["also"]] == listed(cited)


@then(parsers.re(r"(?P<kind>从轻减轻|从重加重)的情形为(?P<named>\S+)"))
def grounds_are(person: Person, kind: str, named: str) -> None:
    assert person[_KINDS[kind]] == listed(named)


@then(parsers.re(r"步骤“(?P<name>\S+)”依据(?P<provision>\S+)"))
def step_cites(person: Person, name: str, provision: str) -> None:
    assert [step["provision"] for step in person["steps"] if step["step"] == name] == [provision]


@then(parsers.re(r"提示为(?P<named>\S+)"))
def flags_are(person: Person, named: str) -> None:
    assert [flag for flag in person["flags"] if ":" not in flag] == sorted(listed(named))


@then(parsers.re(r"留给人决定的事项为(?P<named>.+)"))
def slots_are(person: Person, named: str) -> None:
    assert [f"{slot['slot']}（{slot['provision']}）" for slot in person["discretion"]] == listed(named)


@then(parsers.re(r"事项(?P<slot>\w+)的选项为(?P<options>\S+)"))
def options_exactly(person: Person, slot: str, options: str) -> None:
    assert [row["options"] for row in person["discretion"] if row["slot"] == slot] == [listed(options)]


@then(parsers.re(r"职责(?P<name>\w+)由(?P<who>\S+)承担，依据(?P<provision>\S+)，出自(?P<source>\S+)"))
def duty_is(person: Person, name: str, who: str, provision: str, source: str) -> None:
    found = duty(person, name)
    assert (found["who"], found["provision"], found["source"]) == (who, provision, _SOURCES[source])


@then(
    parsers.re(
        r"跟踪的职责(?P<name>\w+)由(?P<who>\S+)承担，依据(?P<provision>\S+)，出自(?P<source>\S+)，期限(?P<term>\S+)"
    )
)
def tracked_is(name: str, who: str, provision: str, source: str, term: str) -> None:
    found = BOOK.tracked[name]
    assert (found.who, found.provision, found.source) == (who, provision, _SOURCES[source])
    assert written(found.due) == term


def written(due: Mapping[str, Any] | None) -> str:
    if due is None:
        return "未定"
    start = next(label for label, name in _STARTS.items() if name == due["from"])
    return f"自{start}起{due['months']}个月" if "months" in due else f"自{start}起{due['workdays']}个工作日"


@when("查阅办理一览")
def look() -> None:
    return None


@then(parsers.re(r"(?P<which>台账|问责)办理“(?P<label>.+)”由(?P<who>\S+)办理，依据(?P<provision>\S+)"))
def action_is(which: str, label: str, who: str, provision: str) -> None:
    action = action_of(which, label)
    actors = action.actors
    assert (list(actors), action.provision) == ([_ACTORS[name] for name in listed(who)], provision)


@then(parsers.re(r"(?P<which>台账|问责)办理“(?P<label>.+)”在“(?P<states>.+)”时进行，之后为“(?P<after>.+)”"))
def action_moves(which: str, label: str, states: str, after: str) -> None:
    names = states_of(which)
    action = action_of(which, label)
    assert [names[state] for state in action.sources] == listed(states)
    assert (names[action.to] if action.to else "不变") == after


@then(parsers.re(r"(?P<which>台账|问责)办理“(?P<label>.+)”受“(?P<limits>.+)”限制"))
def action_limited(which: str, label: str, limits: str) -> None:
    texts = [BOOK.guards[guard].text for guard in action_of(which, label).guards]
    assert "；".join(texts) == ("" if limits == "无" else limits)


@then(parsers.re(r"台账办理“(?P<label>.+)”计为(?P<kind>\S+)，发出(?P<form>\S+)"))
def action_counts(label: str, kind: str, form: str) -> None:
    action = action_of("台账", label)
    words = BOOK.vocabulary.enumerations["act_kind"]
    assert (words[action.counts_as] if action.counts_as else "无") == kind
    assert (BOOK.forms[action.issues].number if action.issues else "无") == form


@then(parsers.re(r"(?P<what>限制|管理要求)“(?P<text>.+)”(依据|参照)(?P<provision>\S+)"))
def limit_rests_on(what: str, text: str, provision: str) -> None:
    found = [(guard.provision, guard.policy) for guard in BOOK.guards.values() if guard.text == text]
    assert found == [(provision, what == "管理要求")]


@then(parsers.re(r"附件栏目(?P<form>\w+)的(?P<field>\w+)取自(?P<provision>\S+)"))
def field_rests_on(form: str, field: str, provision: str) -> None:
    assert BOOK.forms[form].fields[field] == provision


@then(parsers.re(r"督查(?P<name>\w+)依据(?P<provision>\S+)，周期(?P<months>\d+)个月，(?P<written>须|不须)书面报告"))
def inspection_is(name: str, provision: str, months: str, written: str) -> None:
    found = next(rule for rule in BOOK.inspections.regular if rule.id == name)
    assert (found.provision, found.months, found.written_report) == (provision, int(months), written == "须")


@then(parsers.re(r"督查形式(?P<name>\w+)依据(?P<provision>\S+)，须有(?P<needs>\S+)"))
def inspection_form_is(name: str, provision: str, needs: str) -> None:
    found = BOOK.inspections.forms[name]
    assert (found.provision, list(found.needs)) == (provision, listed(needs))


@then(parsers.re(r"待回转的后果为(?P<named>\S+)"))
def consequences_are(named: str) -> None:
    labels = {name: label for label, name in _ACTORS.items() if label != "所在单位"}
    found = [f"{row.id}（{labels[row.by]}）" for row in BOOK.proceedings.consequences.values()]
    assert found == listed(named)


@then(parsers.re(r"归档的材料为(?P<named>\S+)，涉及部门较多的自(?P<units>\d+)个单位起"))
def archived(named: str, units: str) -> None:
    assert (list(BOOK.ledger.archive), BOOK.ledger.leader_route_units) == (listed(named), int(units))


def action_of(which: str, label: str) -> Any:
    actions = BOOK.ledger.actions if which == "台账" else BOOK.proceedings.actions
    (found,) = [action for action in actions.values() if action.label == label]
    return found


def states_of(which: str) -> Mapping[str, str]:
    return BOOK.ledger.states if which == "台账" else BOOK.proceedings.states


_GATES: dict[str, dict[str, Any]] = {
    "前提具备": {}, "立项尚不清楚": {"registered": None}, "未立项": {"registered": False, "assignment_record": "none"},
    "报结待审查": {"reported_on": "2026-04-29"}, "按时办结": {"reported_on": "2026-04-29", "review": "accepted"},
    "时限在一年以前": {"due_on": "2024-04-30", "assigned_on": None},
    "角色未定": {}, "上级管理": {},
}  # fmt: skip


@given(parsers.re(r"一名(?P<role>主要责任人|班子其他成员)，(?P<member>党员|非党员)，(?P<gates>\S+)"))
def whole_person(case: dict[str, Any], role: str, member: str, gates: str) -> None:
    person = case["persons"][0] | {"findings": {}, "harm": None, "party_member": member == "党员"}
    person["role"] = "other_member" if role == "班子其他成员" else "principal"
    for gate in gates.split("、"):
        case["matter"] |= _GATES[gate]
        person |= {"角色未定": {"role": "undetermined"}, "上级管理": {"managed_by": "superior"}}.get(gate, {})
    case["persons"][0] = person


@given(parsers.re(r"认定为(?P<findings>\S+)，损害(?P<harm>\S+)，不适宜(?P<unfit>\S+)，(?P<periods>同一时段|不同时段)"))
def whole_findings(case: dict[str, Any], findings: str, harm: str, unfit: str, periods: str) -> None:
    statuses, words = BOOK.vocabulary.enumerations["status"], BOOK.vocabulary.enumerations["harm"]
    person = case["persons"][0]
    for one in listed(findings):
        status = next(word for word in statuses.values() if one.endswith(word))
        group = one.removesuffix(status)
        person["findings"][group] = dict.fromkeys(BOOK.vocabulary.groups[group].elements, status)
    person["harm"] = next((name for name, word in words.items() if word == harm), None)
    person |= {"unfit_for_post": unfit, "distinct_periods": periods == "不同时段"}


@then(parsers.re(r"建议概要为(?P<told>\S+)"))
def summed_up(person: Person, told: str) -> None:
    assert summary(person) == told


def summary(person: Person) -> str:
    """The outcome, the ranges, the track, the flags and the questions left, with the provisions of the steps."""
    words = BOOK.vocabulary.enumerations
    ranges = [
        "至".join(dict.fromkeys(words["measure"][name] for name in person[key])) if person[key] else "无"
        for key in ("base", "range_mandatory", "range_if_discretion")
    ]
    cited = [
        step["provision"]
        for step in person["steps"]
        if "modality" not in step and not step["step"].startswith("procedure")
    ]
    slots = [f"{slot['slot']}/{slot['provision']}" for slot in person["discretion"]]
    parts = [words["outcome"][person["outcome"]], *ranges, words["discipline_track"][person["discipline_track"]],
             "、".join(flag for flag in person["flags"] if ":" not in flag), "、".join(cited), "、".join(slots)]  # fmt: skip
    return "；".join(part or "无" for part in parts)


@then(parsers.re(r"条款(?P<provision>\S+)之下列有(?P<entries>\S+)"))
def entries_under(provision: str, entries: str) -> None:
    """As the regulation is shown clause by clause: its rules, lists and forms."""
    assert [entry for entry in uses(BOOK)[provision] if entry.partition(":")[0] in _LISTED] == listed(entries)


_LISTED = ("outcome", "track", "flag", "law", "discretion", "measure", "adjustment", "latitude", "lead")
