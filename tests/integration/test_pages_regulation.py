"""The regulation's pages: the text whole, each provision with what rests on it, and only cases that the viewer may see."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from models.audit import events as audit
from models.store.database import reading, writing
from rules.book.loading import load_rulebook
from rules.book.uses import uses
from service.books import books
from service.documents.rulebook import scenarios
from service.documents.rulebook.entries_in_words import in_words
from service.usecases.adopting.influence_periods import confirm_period
from service.web.regulation import shown_words
from tests.integration.case_office import entry, proposed, taken
from tests.integration.pages import counted, signed_in
from tests.lawful_case import INQUIRY, LAWFUL, NOW

BOOK = load_rulebook()
SITUATION = "art-8.1.1"
CITING = f"/regulation/{SITUATION}/cases"


@pytest.fixture(scope="module")
def reader(embedded: Flask) -> FlaskClient:
    return signed_in(embedded, "auditor")


def test_the_text_is_whole_in_its_order_and_every_clause_leads_to_its_page(reader: FlaskClient) -> None:
    page = reader.get("/regulation")
    shown = re.findall(r'href="/regulation/([^"]+)" title=', page.text)
    chapters = [name for name in BOOK.provisions if name.startswith("ch-")]
    assert shown == [name for name in BOOK.provisions if name not in chapters]
    assert all(BOOK.provisions[name].text in page.text for name in chapters)
    anchors = set(re.findall(r'href="#([^"]+)"', page.text))
    assert len(anchors) > 15
    assert all(f'id="{name}"' in page.text for name in anchors)
    assert "&lt;input" not in page.text


def test_every_provision_has_a_page_with_its_words(reader: FlaskClient) -> None:
    for provision in BOOK.provisions.values():
        page = reader.get(f"/regulation/{provision.id}")
        assert page.status_code == 200, provision.id
        assert str(escape(shown_words(provision))) in page.text, provision.id
    assert reader.get("/regulation/art-99").status_code == 404


def test_every_entry_of_the_rulebook_has_a_kind_in_words() -> None:
    named = [in_words(BOOK, entry) for entries in uses(BOOK).values() for entry in entries]
    assert len(named) > 200
    assert sum(one.label == "" for one in named) < len(named) / 4


def test_a_provision_tells_its_rules_its_readings_and_who_adopted_them(reader: FlaskClient) -> None:
    page = reader.get("/regulation/art-8.3.3.1.b")
    for said in (
        "督查督办工作办公室督办三次以上仍未完成",
        "（应当）",
        "何为一次督办",
        "只计督办",
        "项目默认，尚未由有权机构通过",
    ):
        assert said in page.text
    listed = reader.get("/regulation/readings")
    assert all(f'id="{name}"' in listed.text for name in BOOK.readings)


def test_the_policy_table_is_shown_whole_and_as_no_law(reader: FlaskClient) -> None:
    page, words = reader.get("/regulation/readings").text, BOOK.vocabulary.enumerations
    table = page[page.index('id="policy"') :].partition("</table>")[0]
    assert "尚未由学校党委通过" in table
    for (harm, role), (low, high) in BOOK.policy.items():
        row = table[table.index(f'<th scope="row">{words["harm"][harm]}</th>') :].partition("</tr>")[0]
        cell = re.findall("<td>([^<]*)</td>", row)[list(dict.fromkeys(role for _, role in BOOK.policy)).index(role)]
        assert cell == " 至 ".join(words["measure"][one] for one in dict.fromkeys((low, high)))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of results in place of the one that ``make compliance`` leaves."""
    path = tmp_path / "results.json"
    monkeypatch.setattr(scenarios.last_run, "__defaults__", (path,))
    return path


def ran(scenario: str, result: str) -> dict[str, Any]:
    return {
        "feature": "a.feature",
        "line": 1,
        "title": "t",
        "scenario": scenario,
        "tags": [SITUATION],
        "result": result,
    }


def test_scenarios_stand_with_their_results_where_there_are_results(reader: FlaskClient, run: Path) -> None:
    bare = reader.get(f"/regulation/{SITUATION}").text
    assert "还没有运行结果" in bare
    assert "没有结果：" in bare
    assert "没有场景的运行结果" in reader.get("/regulation/compliance").text
    run.write_text(json.dumps([ran("场景甲", "passed"), ran("场景乙", "failed")]), encoding="utf-8")
    told = reader.get(f"/regulation/{SITUATION}").text
    assert "通过：场景甲" in told
    assert "未通过：场景乙" in told
    report = reader.get("/regulation/compliance").text
    assert "有1个场景未通过" in report
    assert report.count('scope="row"><a href="/regulation/') == len(BOOK.provisions)
    assert f"<td>{len(BOOK.segments)}</td><td>{BOOK.segments[-1].end}</td>" in report
    run.write_text("[{", encoding="utf-8")
    assert "没有场景的运行结果" in reader.get("/regulation/compliance").text


def test_the_periods_say_who_confirmed_them(app: Flask) -> None:
    client = signed_in(app, "auditor")
    assert client.get("/regulation/periods").text.count("尚未确认") == len(BOOK.periods)
    asked = {"row": "诫勉", "by": "学校党委", "on": "2026-01-05", "document": "桂教〔2026〕1号"}
    with writing(app.extensions["database"]) as session:
        confirm_period(session, books(), asked, now=NOW, entered_by="测试")
    page = client.get("/regulation/periods").text
    assert "学校党委 2026-01-05 依据桂教〔2026〕1号确认" in page
    assert page.count("尚未确认") == len(BOOK.periods) - 1


def test_the_cases_of_a_provision_are_those_that_the_viewer_may_read(app: Flask, office: FlaskClient) -> None:
    case = taken(office, proposed(office, title="张某逾期一案").json, *INQUIRY[1:8])
    director, team, committee = (
        signed_in(app, role) for role in ("office_director", "team_member", "committee_member")
    )
    assert all(f"/cases/{case['id']}" in client.get(CITING).text for client in (director, team))
    assert "张某逾期一案" not in committee.get(CITING).text
    assert "没有可以查阅的案件" in director.get("/regulation/art-8.1.2/cases").text
    assert signed_in(app, "system_administrator").get(CITING).status_code == 403
    with reading(app.extensions["database"]) as session:
        events = audit.page(session, after=0, limit=200)
    assert sum(event.action == "regulation-pages.citing" for event in events) == 4


def test_the_cases_of_a_provision_cost_the_same_few_questions(app: Flask, office: FlaskClient) -> None:
    client = signed_in(app, "office_director")
    concerned = proposed(office).json["matters"]
    with counted(app) as one:
        assert client.get(CITING).text.count('<a href="/cases/') == 1
    body = entry(LAWFUL[0])
    body["details"] |= {"matters": concerned}
    for _ in range(29):
        assert office.post("/api/v1/cases", json=body).status_code == 201
    with counted(app) as thirty:
        assert client.get(CITING).text.count('<a href="/cases/') == 30
    assert len(thirty) == len(one) < 20
