"""The recommendation of a receipt as a page: evidence first, every earlier one beside it, nothing that looks like a decision."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rules.book.loading import load_rulebook
from tests.integration.case_office import proposed, taken
from tests.integration.page_case import ALONE, DECIDE, browser, entering, submitted
from tests.lawful_case import INQUIRY, first, until

BOOK = load_rulebook()


@pytest.fixture(scope="module")
def entry(embedded: Flask) -> FlaskClient:
    return entering(embedded)


@pytest.fixture(scope="module")
def case(entry: FlaskClient) -> Any:
    return submitted(entry)


@pytest.fixture(scope="module")
def reader(embedded: Flask, case: Any) -> FlaskClient:
    return browser(embedded, "secretary", "党委秘书", "committee_secretary")


def address(case: Any, at: int, person: int = 0) -> str:
    return f"/cases/{case['id']}/recommendations/{case['persons'][person]['evaluations'][at]}"


def test_evidence_stands_before_the_reasoning_and_the_reasoning_before_the_range(
    case: Any, reader: FlaskClient
) -> None:
    page = reader.get(address(case, 1))
    assert page.status_code == 200
    order = [
        page.text.index(f'id="{name}"') for name in ("evidence", "chain", "result", "open", "choices", "admissible")
    ]
    assert order == sorted(order)
    evidence = page.text[order[0] : order[1]]
    assert "会议纪要（文件）：见附件" in evidence
    assert "由案卷日期和记录推算" in evidence


def test_what_was_found_on_harm_has_its_evidence_in_the_receipt(case: Any, reader: FlaskClient) -> None:
    row = re.search(r'<th scope="row">损害程度</th><td>(.*?)</td>', reader.get(address(case, 1)).text)
    assert row is not None
    assert "会议纪要" in row[1]


def test_every_step_has_its_provision_and_its_words_at_hand_and_duty_is_told_from_discretion(
    entry: FlaskClient, case: Any, reader: FlaskClient
) -> None:
    page = reader.get(address(case, 1)).text
    steps = entry.get(f"/api/v1/recommendations/{case['persons'][0]['evaluations'][1]}").json["persons"]["P1"]["steps"]
    assert len(steps) > 10
    for step in steps:
        assert f"<summary>{step['citation']}</summary><blockquote>{step['text']}</blockquote>" in page
    assert '<span class="duty must">应当</span>' in page
    assert '<span class="duty may">可以</span>' in page
    assert "不是规章内容" in page


def test_each_recommendation_tells_its_place_among_all_that_were_asked_for(case: Any, reader: FlaskClient) -> None:
    earlier, last = reader.get(address(case, 0)).text, reader.get(address(case, 1)).text
    assert '<h1 class="page-title">对张某的处理建议（第1次，共2次）</h1>' in earlier
    assert "第2次，共2次（本页）" in last
    assert f'href="{address(case, 0)}">第1次，共2次</a>' in last
    assert f'href="{address(case, 1)}">第2次，共2次</a>' in earlier


def test_open_facts_and_what_would_change_the_result_are_told(case: Any, reader: FlaskClient) -> None:
    page = reader.get(address(case, 1)).text
    assert "由“已查明”变为“不成立”的，结论为 未发现应予问责的情形" in page
    assert "予以问责：诫勉（从重）" in page[page.index('id="admissible"') :]
    assert not re.search(r"[ >：“](accountable|admonition|office_acts|established|refuted)[ <，”]", page)


def test_the_drawing_has_its_words_and_ends_with_the_people_who_decide(case: Any, reader: FlaskClient) -> None:
    page = reader.get(address(case, 1)).text
    drawn = page[page.index('<svg class="diagram"') : page.index("</svg>", page.index('<svg class="diagram"'))]
    assert 'role="img"' in drawn
    assert drawn.count("<desc") == 1
    assert drawn.rindex("由学校党委审议并作出决定") > drawn.rindex("【应当】")
    assert "style=" not in page
    assert "<script>" not in page


def test_a_receipt_of_another_case_is_not_there(entry: FlaskClient, case: Any, reader: FlaskClient) -> None:
    other = taken(entry, proposed(entry).json, *INQUIRY[1:], first("submit"))
    assert reader.get(address(other, 0)).status_code == 200
    foreign = f"/cases/{case['id']}/recommendations/{other['persons'][0]['evaluations'][0]}"
    assert reader.get(foreign).status_code == 404
    assert reader.get(f"/cases/{case['id']}/recommendations/nothing").status_code == 404


def test_whoever_is_investigated_or_has_no_part_in_it_does_not_see_it(embedded: Flask, case: Any) -> None:
    person = browser(embedded, "zhang", "张某", "person_investigated", case_id=case["id"], person="P1")
    assert person.get(address(case, 1)).status_code == 403
    stranger = browser(embedded, "stranger", "路人", "team_member")
    assert stranger.get(address(case, 1)).status_code == 404


def test_the_viewer_is_marked_until_the_case_is_decided(entry: FlaskClient, case: Any, reader: FlaskClient) -> None:
    page = reader.get(address(case, 1)).text
    mark = page[page.index('<svg class="watermark" aria-hidden="true"') :]
    assert re.match(r".*?>党委秘书　\d{4}-\d\d-\d\d \d\d:\d\d</text>", mark)
    decided = taken(entry, proposed(entry).json, *(*until("decide", ALONE)[1:], DECIDE))
    assert decided["state"] == "decided"
    assert "watermark" not in reader.get(address(decided, 0)).text
