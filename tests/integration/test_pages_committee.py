"""The committee's page: sheets with evidence first, nothing chosen in advance, and faults told at their fields."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from rules.book.loading import load_rulebook
from tests.integration.case_office import taken
from tests.integration.page_case import browser, submitted
from tests.integration.stages import Stage, at
from tests.lawful_case import stands_down

BOOK = load_rulebook()
HELD = "details.decisions[0]"
SPARED = "details.decisions[1]"
MEETING = {
    "on": "2026-06-22", "actor.name": "党委秘书", "actor.kind": "committee", "details.meeting.body": "党委常委会",
    "details.meeting.held_on": "2026-06-20", "details.meeting.attendance": "委员一\n委员二\n委员三",
    "details.meeting.votes.for": "3", "details.meeting.votes.against": "0", "details.meeting.votes.abstain": "0",
}  # fmt: skip
CHOICES = {
    HELD: {"measure": ("诫勉", "情节较重"), "combination": ("单独使用", "足以教育"), "admonition_form": ("书面", "便于存档"),
           "aggravation": ("从重", "催办三次仍未完成")},
    SPARED: {"exemption": ("不适用", "没有应予问责的情形")},
}  # fmt: skip
OUTCOMES = {f"{HELD}.outcome": "held", f"{HELD}.measures": "admonition", f"{SPARED}.outcome": "no_situation"}


@pytest.fixture
def entry(stage: Stage) -> FlaskClient:
    return stage.entry


@pytest.fixture
def case(stage: Stage) -> Any:
    return stage.case


@pytest.fixture
def secretary(app: Flask, case: Any) -> FlaskClient:
    return browser(app, "secretary", "党委秘书", "committee_secretary")


def address(case: Any) -> str:
    return f"/cases/{case['id']}/committee"


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of the form as it stands: its hidden fields."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def slot(form: dict[str, str], decision: str, question: str) -> str:
    """The path of a question's fields."""
    found = (name for name, value in form.items() if name.startswith(decision) and value == question)
    return next(found).removesuffix(".id")


def filled(page: str, **without: str) -> dict[str, str]:
    """The form as the committee fills it in; without: decision → a question whose reason is left out."""
    form = form_of(page)
    minutes = re.findall(r'name="papers" value="([^"]+)"', page)[0]
    made = form | MEETING | OUTCOMES | {"papers": minutes}
    for decision, questions in CHOICES.items():
        for question, (choice, reason) in questions.items():
            path = slot(form, decision, question)
            made |= {f"{path}.choice": choice} | ({f"{path}.reason": reason} if question not in without else {})
    return made


def error_at(page: str, path: str) -> str | None:
    """What is told at a field."""
    id = re.sub(r"[\[.]", "-", path).replace("]", "")
    found = re.search(f'id="{re.escape(id)}-error">([^<]+)<', page)
    return found[1] if found else None


@at(submitted)
def test_evidence_and_the_persons_own_words_stand_before_the_recommendation_and_that_before_the_decision(
    case: Any, secretary: FlaskClient
) -> None:
    page = secretary.get(address(case)).text
    sheets = re.split(r'<section class="sheet', page)[1:]
    assert [name in sheet for name, sheet in zip(("张某（甲处处长", "王某（甲处副处长"), sheets, strict=True)] == [
        True,
        True,
    ]
    order = ["证据和认定", "会议纪要", "本人的陈述和签署", "本人陈述：数据迟到", "对影响全局有不同意见", "调查组的说明", "没有影响全局", "与会议纪要不符",
             "如被采纳：结论为 未发现应予问责的情形", "第1次，共2次", "第2次，共2次", "处理建议（仅供参考", "裁量事项", "对张某的决定"]  # fmt: skip
    places = [sheets[0].index(words) for words in order]
    assert places == sorted(places)
    assert "王某陈述" not in sheets[0]
    assert 'id="person-P1"' in sheets[0]


@at(submitted)
@pytest.mark.parametrize("query", ["", f"?decisions[0].outcome=held&{HELD}.outcome=held"], ids=["plain", "by a link"])
def test_nothing_of_a_decision_is_chosen_in_advance(case: Any, secretary: FlaskClient, query: str) -> None:
    page = secretary.get(address(case) + query).text
    marked = re.findall(r"<input[^>]* checked[^>]*>", page)
    assert page.count(" checked") == len(marked) == 1  # who acts, which is oneself
    assert 'name="actor.name"' in marked[0]
    named = re.findall(r'<(?:select|textarea|input)[^>]* name="details\.decisions[^>]*>', page)
    assert len(named) > 20
    assert {value for tag in named if "hidden" not in tag and "checkbox" not in tag and "radio" not in tag
            for value in re.findall(r'value="([^"]*)"', tag)} <= {""}  # fmt: skip
    chosen = [select for select in re.findall(r"<select.*?</select>", page, re.S) if " selected" in select]
    assert all('name="actor.kind"' in select for select in chosen)


@at(submitted)
def test_what_may_be_chosen_is_told_on_paper_too(case: Any, secretary: FlaskClient) -> None:
    page = secretary.get(address(case)).text
    told = re.findall(r'<p class="d-none d-print-block">可以选择：([^<]*)</p>', page)
    assert "谈话、书面" in told
    assert "从重、加重" in told


@at(submitted, "sqlite", "postgresql")
def test_the_meetings_record_decides_and_shows_every_choice_with_its_reason(
    entry: FlaskClient, case: Any, secretary: FlaskClient
) -> None:
    page = secretary.get(address(case)).text
    answer = secretary.post(address(case), data=filled(page))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{case['id']}")
    decided = entry.get(f"/api/v1/cases/{case['id']}").json
    assert (decided["state"], decided["version"]) == ("decided", case["version"] + 1)
    after = secretary.get(address(case)).text
    assert (
        '从重还是加重（应当二者居其一）：<strong>从重</strong>；理由：<span class="said">催办三次仍未完成</span>'
        in after
    )
    assert "赞成3，反对0，弃权0" in after
    assert '<form method="post" action="/cases' not in after
    assert "watermark" in page
    assert "watermark" not in after


@at(submitted)
def test_a_question_without_its_reason_is_told_at_its_own_field_and_nothing_is_written_or_lost(
    entry: FlaskClient, case: Any, secretary: FlaskClient
) -> None:
    page = secretary.get(address(case)).text
    answer = secretary.post(address(case), data=filled(page, measure=""))
    form = form_of(page)
    assert answer.status_code == 422
    assert (
        error_at(answer.text, f"{slot(form, HELD, 'measure')}.reason") == "缺少必填字段“理由”；应为文字，最多20000个字"
    )
    assert error_at(answer.text, f"{slot(form, HELD, 'combination')}.reason") is None
    assert ">足以教育</textarea>" in answer.text
    assert '<option value="held" selected>' in answer.text
    assert entry.get(f"/api/v1/cases/{case['id']}").json["version"] == case["version"]


@at(submitted)
def test_a_question_that_bears_on_the_decision_and_was_left_empty_is_told_at_its_field(
    case: Any, secretary: FlaskClient
) -> None:
    page = secretary.get(address(case)).text
    made, form = filled(page), form_of(page)
    for path in (slot(form, HELD, "aggravation"), slot(form, SPARED, "exemption")):
        del made[f"{path}.choice"], made[f"{path}.reason"]
    answer = secretary.post(address(case), data=made)
    assert answer.status_code == 422
    for path in (slot(form, HELD, "aggravation"), slot(form, SPARED, "exemption")):
        assert "每项裁量均须写明选择和书面理由" in str(error_at(answer.text, f"{path}.reason"))
    assert error_at(answer.text, f"{slot(form, HELD, 'circulation_scope')}.reason") is None


@at(submitted)
def test_a_departure_needs_its_reason_and_is_shown_as_such(case: Any, secretary: FlaskClient) -> None:
    page = secretary.get(address(case)).text
    scope = slot(form_of(page), HELD, "circulation_scope")
    made = filled(page) | {
        f"{HELD}.measures": "notice_of_criticism",
        f"{scope}.choice": "校内",
        f"{scope}.reason": "示警",
        f"{slot(form_of(page), HELD, 'measure')}.choice": "通报",
    }
    form = slot(form_of(page), HELD, "admonition_form")
    contrary = secretary.post(address(case), data=made | {f"{HELD}.departure": "初次发生"})
    assert contrary.status_code == 422
    assert "没有采取诫勉" in str(error_at(contrary.text, f"{form}.choice"))
    made |= {f"{form}.choice": "", f"{form}.reason": ""}
    refused = secretary.post(address(case), data=made)
    assert refused.status_code == 422
    assert "选择在建议区间以外的，须另写理由" in str(error_at(refused.text, f"{HELD}.departure"))
    assert error_at(refused.text, f"{SPARED}.departure") is None
    assert secretary.post(address(case), data=made | {f"{HELD}.departure": "初次发生"}).status_code == 303
    shown = secretary.get(address(case)).text
    assert '<strong>在建议区间以外</strong>，理由：<span class="said">初次发生</span>' in shown


@at(submitted)
def test_every_fault_of_the_meeting_is_told_at_once(case: Any, secretary: FlaskClient) -> None:
    made = filled(secretary.get(address(case)).text) | {
        "details.meeting.votes.for": "三",
        "details.meeting.body": "",
        "on": "",
    }
    answer = secretary.post(address(case), data=made)
    assert answer.status_code == 422
    assert all(error_at(answer.text, path) for path in ("details.meeting.votes.for", "details.meeting.body", "on"))


@at(submitted)
def test_members_of_the_team_do_not_vote_and_a_lost_vote_decides_nothing(case: Any, secretary: FlaskClient) -> None:
    made = filled(secretary.get(address(case)).text)
    with_team = secretary.post(address(case), data=made | {"details.meeting.attendance": "委员一\n组长\n委员三"})
    assert "不得参加审议表决" in str(error_at(with_team.text, "details.meeting.attendance"))
    lost = secretary.post(
        address(case), data=made | {"details.meeting.votes.for": "1", "details.meeting.votes.against": "2"}
    )
    assert "赞成多于反对的方为通过" in str(error_at(lost.text, "details.meeting"))


@at(submitted)
def test_who_saw_an_older_case_decides_nothing(entry: FlaskClient, case: Any, secretary: FlaskClient) -> None:
    made = filled(secretary.get(address(case)).text)
    taken(entry, case, stands_down("组员甲", "2026-06-10"))
    answer = secretary.post(address(case), data=made)
    assert (answer.status_code, "案件已有新的记录" in answer.text) == (409, True)
    assert str(escape("2026-06-10 组员甲：回避")) in answer.text


@at(submitted)
def test_the_same_form_sent_twice_decides_once(entry: FlaskClient, case: Any, secretary: FlaskClient) -> None:
    made = filled(secretary.get(address(case)).text)
    assert [secretary.post(address(case), data=made).status_code for _ in range(2)] == [303, 303]
    assert entry.get(f"/api/v1/cases/{case['id']}").json["version"] == case["version"] + 1


@at(submitted)
def test_others_read_the_sheets_without_a_form_and_cannot_decide(app: Flask, case: Any, secretary: FlaskClient) -> None:
    made = filled(secretary.get(address(case)).text)
    for login, name, role in (("member", "委员一", "committee_member"), ("head", "组长", "team_member")):
        client = browser(app, login, name, role)
        page = client.get(address(case))
        assert (page.status_code, "details.decisions" in page.text) == (200, False)
        refused = client.post(address(case), data=made)
        assert refused.status_code == 403
    assert browser(app, "stranger", "路人", "team_member").get(address(case)).status_code == 404


@at(submitted)
def test_what_a_question_rests_on_stands_beside_it_with_its_days_before_and_after_the_decision(
    case: Any, secretary: FlaskClient
) -> None:
    page = secretary.get(address(case)).text
    begins = page.index('value="aggravation"')
    beside = page[begins : page.index("</fieldset>", begins)]
    words = BOOK.provisions["art-8.3.3.1.b"].text
    assert words in beside
    assert all(f"2026年5月{day}日　催办（2026年5月{day}日录入）：计入。" in beside for day in (4, 6, 8))
    assert secretary.post(address(case), data=filled(page)).status_code == 303
    after = secretary.get(address(case)).text
    chosen = after[after.index("从重还是加重（应当二者居其一）：<strong>从重") :]
    assert "2026年5月8日　催办（2026年5月8日录入）：计入。" in chosen[: chosen.index("</ul></li></ul>")]
