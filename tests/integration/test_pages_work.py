"""My work: who has what in hand, the most overdue first, each with its light."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rules.book.loading import load_rulebook
from rules.reasoning.calendar import LOCAL
from service.usecases.exchange.patrol import ToLookAt
from service.web.lights import to_do_light
from tests.integration.ledger_office import LEADER, OFFICE, UNIT, act, assigned
from tests.integration.pages import signed_in


def finding(kind: str, days: int | None) -> ToLookAt:
    return ToLookAt(kind, None, None, None, "", None, days)


@pytest.mark.parametrize(
    ("kind", "days", "colour", "words"),
    [("overdue", -3, "red", "已超3天"), ("due_red", 1, "red", "即将到期（红）"), ("due_yellow", 6, "yellow", "即将到期（黄）"),
     ("receipt_missing", None, "grey", ""), ("milestone_due", -1, "red", "已超1天"), ("milestone_due", 0, "grey", "")],
)  # fmt: skip
def test_a_to_do_has_the_light_that_its_words_say(kind: str, days: int | None, colour: str, words: str) -> None:
    light = to_do_light(finding(kind, days), load_rulebook())
    assert (light[0], words in light[1]) == (colour, True)


def test_the_office_sees_its_own_to_dos_first_and_the_most_overdue_of_each(app: Flask, office: FlaskClient) -> None:
    """A matter once: where the Office has to urge, and units are overdue, it is the Office's."""
    today = datetime.now(LOCAL).date()
    for title, ago in (("甲事", 3), ("乙事", 40), ("丙事", -3)):
        assigned(office, title=title, due_on=str(today - timedelta(days=ago)))
    page = signed_in(app, "office_clerk").get("/").text
    own, units = page.partition("督查督办工作办公室办理（")[2].split("单位办理（")
    urged = [
        title for title, label in re.findall(r"(.)事</a>.*?<span class=\"light red\">([^<]*)", own) if "催办" in label
    ]
    assert urged == ["乙", "甲"]
    assert re.findall("([甲乙丙])事</a>[^<]*<", units) == ["丙"]
    assert re.search(r"丙事</a>.*?light red\">即将到期（红）", units)


def test_a_unit_sees_only_what_it_has_in_hand(app: Flask, office: FlaskClient) -> None:
    assigned(office, due_on="2026-02-10")
    page = signed_in(app, "unit_head", "甲处").get("/").text
    assert "单位办理（" in page
    assert "督查督办工作办公室办理" not in page


def test_a_request_for_more_time_lies_before_the_leaders_until_one_decides(app: Flask, office: FlaskClient) -> None:
    due = datetime.now(LOCAL).date() + timedelta(days=60)
    matter = act(
        office, assigned(office, title="年鉴", due_on=str(due)), "acknowledge", "2026-01-09", UNIT, signed_by="王五"
    ).json
    asked = act(office, matter, "request_extension", "2026-04-20", UNIT, reason="数据未到", progress="七成").json
    leader, member = signed_in(app, "school_leader"), signed_in(app, "team_member")
    assert re.search(r"待我批示（1项）.*年鉴</a>.*延期申请尚未决定", leader.get("/").text, re.DOTALL)
    assert [row["kind"] for row in leader.get("/api/v1/todo").json["findings"]] == ["extension_unanswered"]
    assert "校领导办理" in signed_in(app, "office_director").get("/").text
    assert "年鉴" not in member.get("/").text
    act(office, asked, "decide_extension", "2026-04-22", LEADER, granted=False)
    assert "待我批示" not in leader.get("/").text


def test_an_arrangement_that_says_nothing_is_refused(office: FlaskClient) -> None:
    refused = act(office, assigned(office, due_on=str(date(2026, 12, 1))), "arrange", "2026-02-01", OFFICE)
    assert refused.status_code == 422
    assert "至少写明一项" in refused.json["errors"]["details"][0]


def test_an_investigation_is_proposed_from_the_page_of_its_matter(app: Flask, office: FlaskClient) -> None:
    matter, clerk = assigned(office, title="甲事"), signed_in(app, "office_clerk")
    link = re.search(r'href="(/cases/new\?matters=[^"]+)"', clerk.get(f"/matters/{matter['id']}").text)
    assert link is not None
    form = clerk.get(link[1]).text
    assert re.search(rf'value="{matter["id"]}" checked>\s*<span class="form-check-label">督〔2026〕1号 甲事<', form)
    chosen = re.findall(r'name="([^"]+)" value="[^"]+" checked', form)
    assert sorted(chosen) == ["actor.name", "details.matters"]  # who acts is oneself; nothing else is chosen in advance
    assert form.count(" checked") == len(chosen)
    assert "/cases/new?matters" not in signed_in(app, "unit_head", "甲处").get(f"/matters/{matter['id']}").text


def test_the_newest_matters_are_offered_for_an_investigation(
    app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.web.cases._OFFERED", 2)
    for title in ("甲事", "乙事", "丙事"):
        assigned(office, title=title)
    page = signed_in(app, "office_clerk").get("/cases/new").text
    assert [title in page for title in ("甲事", "乙事", "丙事")] == [False, True, True]
