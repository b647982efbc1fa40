"""The page of a person investigated: what is theirs, when it was served, and never anything of anybody else."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.integration.case_office import plain, proposed, taken
from tests.integration.page_case import ALONE, OTHERS_WORDS, browser, submitted
from tests.integration.stages import Stage, at
from tests.lawful_case import PERSONS, first, until

TWO = (*PERSONS, {**PERSONS[0], "id": "P2", "name": "王某"})


def investigated(client: FlaskClient) -> Any:
    """The case of two persons of whom nothing was found as yet."""
    return taken(client, proposed(client, persons=plain(TWO)).json, *until("find", ALONE)[1:])


def decided(client: FlaskClient) -> Any:
    return taken(client, proposed(client).json, *until("serve_decision", ALONE)[1:])


def served(client: FlaskClient) -> Any:
    return taken(client, proposed(client).json, *until("appeal", ALONE)[1:])


@pytest.fixture
def entry(stage: Stage) -> FlaskClient:
    return stage.entry


@pytest.fixture
def case(stage: Stage) -> Any:
    return stage.case


def own(app: Flask, case: Any, person: str = "P1", name: str = "张某") -> FlaskClient:
    return browser(app, f"own-{person}", name, "person_investigated", case_id=case["id"], person=person)


def form_of(page: str) -> dict[str, str]:
    """The form as it opens: hidden fields, the day, and who acts."""
    sent = dict(re.findall(r'name="(csrf|key|version)" value="([^"]*)"', page))
    named = dict(re.findall(r'<input [^>]*name="(on)" value="([^"]*)"', page))
    named |= dict(re.findall(r'<input [^>]*name="(actor\.name)" value="([^"]*)" checked', page))
    return sent | named | {"actor.kind": "person"}


@at(submitted)
def test_each_sees_what_was_served_said_and_answered_and_nothing_of_the_other(app: Flask, case: Any) -> None:
    first_page = own(app, case).get(f"/cases/{case['id']}/own").text
    other_page = own(app, case, "P2", "王某").get(f"/cases/{case['id']}/own").text
    for words in (
        "事实材料全文",
        "本人陈述：数据迟到",
        "签署不同意见",
        "对影响全局有不同意见",
        "没有影响全局",
        "与会议纪要不符",
    ):
        assert words in first_page
        assert words not in other_page
    assert "王某" not in first_page
    assert "张某" not in other_page
    assert OTHERS_WORDS in other_page
    assert "关于王某的事实材料" in other_page


@at(submitted)
@pytest.mark.parametrize(
    "path", ["", "/committee", "/act/raise_point", "/act/sign", "/own/decide", "/own/find", "/own/x"]
)
def test_no_other_page_of_the_case_opens_for_them(app: Flask, case: Any, path: str) -> None:
    assert own(app, case).get(f"/cases/{case['id']}{path}").status_code in (403, 404)


@at(submitted)
def test_only_who_is_bound_to_this_case_has_a_page_of_their_own(app: Flask, entry: FlaskClient, case: Any) -> None:
    elsewhere = proposed(entry, persons=plain(TWO)).json
    page = f"/cases/{case['id']}/own"
    assert (
        browser(app, "wang", "王某", "person_investigated", case_id=elsewhere["id"], person="P2").get(page).status_code
        == 404
    )
    assert browser(app, "clerk", "李四", "office_clerk").get(page).status_code == 403
    assert entry.get(page).status_code == 403


@at(investigated)
def test_a_point_is_raised_in_ones_own_name_whatever_the_form_says(app: Flask, entry: FlaskClient, case: Any) -> None:
    client, page = own(app, case), f"/cases/{case['id']}/own"
    form = client.get(f"{page}/raise_point").text
    assert "王某" not in form
    assert "details.person" not in form
    sent = form_of(form) | {
        "details.person": "P2",
        "details.kind": "procedure",
        "details.step": "程序",
        "details.text": "没有通知",
    }
    answer = client.post(f"{page}/raise_point", data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    persons = {one["id"]: one for one in entry.get(f"/api/v1/cases/{case['id']}").json["persons"]}
    assert [point["text"] for point in persons["P1"]["points"]] == ["没有通知"]
    assert persons["P2"]["points"] == []
    assert "没有通知" in client.get(page).text
    assert "第1条 没有通知" in client.get(f"{page}/withdraw_point").text


@at(investigated)
def test_faults_are_told_at_their_fields_and_nobody_acts_in_anothers_name(
    app: Flask, entry: FlaskClient, case: Any
) -> None:
    client, form = own(app, case), f"/cases/{case['id']}/own/raise_point"
    sent = form_of(client.get(form).text)
    empty = client.post(form, data=sent)
    assert (empty.status_code, "所填内容有3处错误，没有保存" in empty.text) == (422, True)
    assert 'id="details-text-error">缺少必填字段“申辩意见”' in empty.text
    said = {"details.kind": "other", "details.step": "程序", "details.text": "没有通知"}
    assert client.post(form, data=sent | said | {"actor.name": "王某"}).status_code == 403
    assert entry.get(f"/api/v1/cases/{case['id']}").json["version"] == case["version"]


@at(decided)
def test_the_decision_and_the_last_day_of_the_appeal_are_shown_once_it_was_served(
    app: Flask, entry: FlaskClient, case: Any
) -> None:
    client, page = own(app, case), f"/cases/{case['id']}/own"
    before = client.get(page).text
    assert "现在没有已向您送达并且有效的决定" in before
    assert "尚不能推算" in before
    assert "予以问责" not in before
    taken(entry, case, first("serve_decision", ALONE))
    after = client.get(page).text
    assert "<strong>予以问责</strong>：诫勉，2026-06-20 作出" in after
    assert "<strong>2026-07-27</strong>（名义期满 2026-07-25，遇休息日顺延）" in after
    assert "尚不能推算" not in after


@at(served, "sqlite", "postgresql")
def test_an_appeal_is_filed_and_its_result_is_shown_when_it_was_told(app: Flask, entry: FlaskClient, case: Any) -> None:
    client, page = own(app, case), f"/cases/{case['id']}/own"
    form = client.get(f"{page}/appeal").text
    answer = client.post(
        f"{page}/appeal", data=form_of(form) | {"on": "2026-07-10", "details.text": "不服决定，理由如下"}
    )
    assert answer.status_code == 303
    filed = client.get(page).text
    assert "您已于 2026-07-10 提出申诉" in filed
    assert "复查结果尚未告知" in filed
    case = entry.get(f"/api/v1/cases/{case['id']}").json
    reviewed = taken(entry, case, first("review_appeal", ALONE))
    assert "维持" not in client.get(page).text
    taken(entry, reviewed, first("inform_of_review", ALONE))
    told = client.get(page).text
    assert (
        '复查结果：<strong>维持</strong>，2026-08-12；2026-08-14 告知。理由：<span class="said">事实清楚</span>' in told
    )
    assert '复查的理由：<span class="said">规定由学校党委复查</span>（复查材料由党委秘书准备）' in told


@at(served)
def test_a_late_appeal_is_taken_and_told_to_be_late(app: Flask, case: Any) -> None:
    client, page = own(app, case), f"/cases/{case['id']}/own"
    assert "已过；仍可提出，由人处理" in client.get(page).text
    sent = form_of(client.get(f"{page}/appeal").text) | {
        "on": "2026-09-01",
        "details.text": "不服决定",
    }
    assert client.post(f"{page}/appeal", data=sent).status_code == 303
    assert "2026-09-01 提出的申诉（逾期提出，由人处理）" in client.get(page).text


def text_of(answer: Any, place: Path) -> str:
    place.write_bytes(answer.data)
    return subprocess.run(["pdftotext", str(place), "-"], capture_output=True, check=True).stdout.decode()


@at(submitted)
def test_a_document_is_handed_out_once_it_was_served_and_is_about_this_person_alone(
    app: Flask, case: Any, tmp_path: Path
) -> None:
    client, papers = own(app, case), f"/cases/{case['id']}/own/papers"
    answer = client.get(f"{papers}/fact-material")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = text_of(answer, tmp_path / "served.pdf")
    assert "张某" in text
    assert "王某" not in text
    assert [
        client.get(f"{papers}/{name}").status_code for name in ("decision", "review-result", "report", "checkup")
    ] == [404] * 4


@at(decided)
def test_the_written_decision_is_handed_out_from_its_service_on_and_the_result_of_a_review_once_told(
    app: Flask, entry: FlaskClient, case: Any, tmp_path: Path
) -> None:
    client, papers = own(app, case), f"/cases/{case['id']}/own/papers"
    assert client.get(f"{papers}/decision").status_code == 404
    given = taken(entry, case, first("serve_decision", ALONE))
    assert "诫勉" in text_of(client.get(f"{papers}/decision"), tmp_path / "decision.pdf")
    reviewed = taken(entry, given, first("appeal", ALONE), first("review_appeal", ALONE))
    assert client.get(f"{papers}/review-result").status_code == 404
    taken(entry, reviewed, first("inform_of_review", ALONE))
    assert "维持" in text_of(client.get(f"{papers}/review-result"), tmp_path / "review.pdf")
