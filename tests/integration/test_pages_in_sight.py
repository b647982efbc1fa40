"""What the lists show of cases: to an auditor their numbers and check-ups alone, to whoever was recused nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.audit.events import AuditEvent
from models.store.database import reading
from rules.book.loading import load_rulebook
from tests.integration.case_office import proposed, taken
from tests.integration.page_case import browser, entering
from tests.integration.test_cases_api import STEPS
from tests.lawful_case import MEMBERS, OFFICE_NAME, first, stands_down, until, with_details

BOOK = load_rulebook()
RECUSED = "周某"
_JOINED = with_details(first("form_team"), members=(*MEMBERS, {"name": RECUSED, "unit": OFFICE_NAME, "head": False}))
_GONE = stands_down(RECUSED, "2026-05-14")


@pytest.fixture(scope="module")
def case(embedded: Flask) -> Any:
    """A case after its decision, from which a clerk was recused; and another one that has only been proposed."""
    client = entering(embedded)
    steps = list(until("file_decision", tuple(STEPS[1:])))
    at = next(number for number, one in enumerate(steps) if one.action == "form_team")
    steps[at : at + 1] = [_JOINED, _GONE]
    made = taken(client, proposed(client, title="张某逾期一案").json, *steps)
    proposed(client, title="另一案")
    return made


@pytest.fixture(scope="module")
def auditor(embedded: Flask, case: Any) -> FlaskClient:
    return browser(embedded, "auditor", "审计员", "auditor")


@pytest.fixture(scope="module")
def clerk(embedded: Flask, case: Any) -> FlaskClient:
    return browser(embedded, "clerk", "李四", "office_clerk")


@pytest.fixture(scope="module")
def recused(embedded: Flask, case: Any) -> FlaskClient:
    return browser(embedded, "recused", RECUSED, "office_clerk")


def test_an_auditor_comes_to_every_check_up_by_number_and_state_alone(auditor: FlaskClient, case: Any) -> None:
    page = auditor.get("/cases").text
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert table.count("<tr>") == 2
    assert f'<a href="/cases/{case["id"]}/checkup">案件1：程序体检</a>' in table
    assert [BOOK.proceedings.states[state] in table for state in ("decided", "proposed")] == [True, True]
    assert all(words not in page for words in ("张某", "另一案", f'href="/cases/{case["id"]}"'))


def test_the_check_up_alone_tells_grades_and_no_names(embedded: Flask, auditor: FlaskClient, case: Any) -> None:
    page = auditor.get(f"/cases/{case['id']}/checkup").text
    assert all(duty.label in page for duty in BOOK.checkup.duties.values())
    assert "调查对象P1" in page
    assert all(words not in page for words in ("张某", "三次催办", "甲处", "组员甲"))
    assert auditor.get(f"/cases/{case['id']}").status_code == 403
    assert auditor.get("/cases/00000000-0000-0000-0000-000000000000/checkup").status_code == 404
    with reading(embedded.extensions["database"]) as session:
        assert session.query(AuditEvent).filter_by(action="case-pages.check", subject_id=case["id"]).count() == 1


def test_whoever_has_nothing_to_do_is_led_to_what_they_may_open(auditor: FlaskClient) -> None:
    main = auditor.get("/").text.partition("<main")[2]
    assert [f'href="{path}"' in main for path in ("/cases", "/audit", "/regulation", "/matters")] == [True] * 3 + [
        False
    ]


def test_whoever_may_read_a_case_sees_its_title(clerk: FlaskClient, case: Any) -> None:
    page = clerk.get("/cases").text
    assert f'<a href="/cases/{case["id"]}">张某逾期一案</a>' in page
    assert "程序体检</a>" not in page


def test_what_a_decision_leaves_to_be_done_is_told_to_those_who_may_read_the_case(
    clerk: FlaskClient, recused: FlaskClient, case: Any
) -> None:
    link = f'<a href="/cases/{case["id"]}">张某逾期一案</a>：'
    assert [link in one.get("/").text for one in (clerk, recused)] == [True, False]
    told = [one.get("/api/v1/todo").json["findings"] for one in (clerk, recused)]
    assert [any(row["case_id"] == case["id"] for row in found) for found in told] == [True, False]
    assert case["title"] not in recused.get("/cases").text


def exported(client: FlaskClient) -> list[Any]:
    lines = [json.loads(line) for line in client.get("/api/v1/export").text.splitlines()]
    found = [line["data"] for line in lines if line["type"] == "evaluation"]
    assert lines[-1]["data"]["evaluation"] == len(found)
    return found


def test_whoever_was_recused_goes_on_with_the_matter_but_not_with_its_recommendations(
    clerk: FlaskClient, recused: FlaskClient, case: Any
) -> None:
    (matter,) = case["matters"]
    paths = (f"/matters/{matter}", f"/api/v1/matters/{matter}/recommendations")
    assert [clerk.get(path).status_code for path in paths] == [200, 200]
    assert [recused.get(path).status_code for path in paths] == [200, 404]
    assert [len(exported(one)) for one in (clerk, recused)] == [1, 0]
    page = recused.get(paths[0]).text
    assert all(words not in page for words in (case["id"], case["title"], "张某"))
