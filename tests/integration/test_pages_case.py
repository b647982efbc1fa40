"""The page of a case: where it stands, findings with their grounds, and a bounded number of questions to the database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rules.book.loading import load_rulebook
from tests.integration.case_office import plain, proposed, taken
from tests.integration.page_case import browser, entering, submitted
from tests.integration.pages import counted
from tests.lawful_case import HEAD, PERSON, PERSONS, first, found, step

BOOK = load_rulebook()
MANY = 30


@pytest.fixture(scope="module")
def entry(embedded: Flask) -> FlaskClient:
    return entering(embedded)


@pytest.fixture(scope="module")
def head(embedded: Flask) -> FlaskClient:
    return browser(embedded, "head", "组长", "team_member")


def test_the_line_of_the_procedure_shows_where_the_case_stands(entry: FlaskClient, head: FlaskClient) -> None:
    page = head.get(f"/cases/{submitted(entry)['id']}").text
    line = page[page.index('<ol class="procedure">') : page.index("</ol>")]
    assert line.count("<li") == 7
    assert '<li aria-current="step"><span>已报学校党委审议</span> <small>2026-06-05</small></li>' in line
    assert '<li class="past"><span>调查中</span> <small>2026-05-14</small></li>' in line
    assert "<li><span>已作出决定</span></li>" in line


def test_a_case_that_ended_early_shows_only_what_it_reached(entry: FlaskClient, embedded: Flask) -> None:
    case = taken(entry, proposed(entry).json, step("refuse", first("approve").actor, "2026-05-13", reason="另行处理"))
    clerk = browser(embedded, "clerk", "李四", "office_clerk")
    page = clerk.get(f"/cases/{case['id']}").text
    line = page[page.index('<ol class="procedure">') : page.index("</ol>")]
    assert line.count("<li") == 2
    assert '<li aria-current="step"><span>未批准启动</span>' in line


def test_a_finding_stands_with_evidence_reason_former_value_and_the_words_of_its_provision(
    entry: FlaskClient, head: FlaskClient
) -> None:
    page = head.get(f"/cases/{submitted(entry)['id']}").text
    row = page[page.index('<th scope="row">影响全局工作安排') :]
    row = row[: row.index("</tr>")]
    assert f"<blockquote>{BOOK.provisions['art-8.1.1'].text}</blockquote>" in row
    assert row.index("会议纪要") < row.index("<strong>已查明</strong>")
    assert "理由：已经核对" in row
    assert "原认定：未查明（组长，2026-05-22）" in row
    assert "如被采纳：结论为 未发现应予问责的情形" in page


def test_the_records_of_a_case_are_in_words(entry: FlaskClient, head: FlaskClient) -> None:
    case = submitted(entry)
    page = head.get(f"/cases/{case['id']}").text
    records = page[page.index('id="records"') :]
    said = re.findall(r'<div class="said">([^<]*)</div>', records)
    assert len(said) > 20
    assert "要素：影响全局工作安排" in records
    assert "认定：已查明" in records
    codes = re.compile(
        r"established|refuted|art-|reference|receipt_id|对象：P\d|fact_denied|principal\b|[0-9a-f]{8}-[0-9a-f]{4}-"
    )
    assert [one for one in said if codes.search(re.sub("处理建议的回执：.*", "", one))] == []


def grown(entry: FlaskClient, many: int) -> Any:
    """A case of so many persons, each evaluated, the first of whom raised as many points."""
    persons = [PERSONS[0], *({**PERSONS[0], "id": f"P{at}", "name": f"某{at}"} for at in range(2, many + 1))]
    point = step("raise_point", PERSON, "2026-05-27", person="P1", kind="fact_denied", step="art-8.1.1", text="没有影响全局",
                 accepting=({"element": "art-8.1.1.affects_overall", "value": "refuted"},))  # fmt: skip
    steps = [
        first("approve"), first("form_team"), found("art-8.1.1.not_completed", "established"),
        *(step("evaluate", HEAD, "2026-05-26", person=one["id"]) for one in persons), *[point] * many,
    ]  # fmt: skip
    return taken(entry, proposed(entry, persons=plain(persons)).json, *steps)


@pytest.fixture(scope="module")
def asked(embedded: Flask, entry: FlaskClient, head: FlaskClient) -> Mapping[str, tuple[int, int]]:
    """Page → how many questions it asks of a case with one of everything, and of one with thirty."""
    found: dict[str, list[int]] = {}
    for many in (1, MANY):
        case = grown(entry, many)
        own = browser(
            embedded, f"zhang{many}", f"张某（{many}）", "person_investigated", case_id=case["id"], person="P1"
        )
        pages = {
            "": head,
            "/committee": head,
            f"/recommendations/{case['persons'][0]['evaluations'][0]}": head,
            "/own": own,
        }
        for path, client in pages.items():
            client.get("/api/v1/me")  # a session that was not used for a minute writes down that it is
            with counted(embedded) as questions:
                page = client.get(f"/cases/{case['id']}{path}")
            assert page.status_code == 200
            found.setdefault(path.split("/")[-2 if "recomm" in path else -1], []).append(len(questions))
    return {name: (one, most) for name, (one, most) in found.items()}


@pytest.mark.parametrize("name", ["", "committee", "recommendations", "own"])
def test_a_page_asks_no_more_of_a_case_that_has_grown(asked: Mapping[str, tuple[int, int]], name: str) -> None:
    one, most = asked[name]
    assert most == one
    assert one < 60
