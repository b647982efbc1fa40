"""A recusal over HTTP: asked for by one, on the desk of another, and access follows at once, both ways."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.integration.case_office import proposed, take, taken
from tests.integration.page_case import browser, entering
from tests.integration.test_cases_api import STEPS
from tests.lawful_case import (
    COMMITTEE,
    OFFICE,
    SECOND,
    asks_to_recuse,
    by,
    decides_to_recuse,
    lifts,
    stands_down,
    until,
)


@pytest.fixture(scope="module")
def office(embedded: Flask) -> FlaskClient:
    return entering(embedded)


@pytest.fixture(scope="module")
def readers(embedded: Flask, office: FlaskClient) -> dict[str, FlaskClient]:
    roles = {
        "书记": "school_leader",
        SECOND.name: "team_member",
        "党委秘书": "committee_secretary",
        OFFICE.name: "office_clerk",
    }
    return {name: browser(embedded, f"recusing-{at}", name, role) for at, (name, role) in enumerate(roles.items())}


def told(reader: FlaskClient, case: Any) -> list[str]:
    found = reader.get("/api/v1/todo").json["findings"]
    return [one["act"] for one in found if one["case_id"] == case["id"] and "回避" in (one["act"] or "")]


def test_access_goes_with_a_recusal_that_is_decided_and_comes_back_when_it_is_lifted(
    office: FlaskClient, readers: dict[str, FlaskClient]
) -> None:
    case = taken(office, proposed(office).json, *until("find", tuple(STEPS[1:])))
    path, on = f"/api/v1/cases/{case['id']}", "2026-05-15"
    at_once = take(office, case, by(stands_down(SECOND.name, on), OFFICE))
    assert (at_once.status_code, "认为他人应当回避的，另行提请" in at_once.text) == (409, True)
    member = readers[SECOND.name]
    case = taken(office, case, asks_to_recuse(SECOND.name, "team", on))
    number = case["version"]
    assert member.get(path).status_code == 200
    assert told(readers["书记"], case) == [f"决定是否回避（提请回避的记录序号{number}）"]
    assert told(readers["党委秘书"], case) == []
    case = taken(office, case, decides_to_recuse(number, on))
    assert (member.get(path).status_code, case["recused"]) == (404, {SECOND.name: "interest"})
    assert told(readers["书记"], case) == []
    case = taken(office, case, lifts(SECOND.name, on))
    assert (member.get(path).status_code, case["recused"]) == (200, {})


def test_the_committee_decides_on_its_members_with_its_minutes(
    office: FlaskClient, readers: dict[str, FlaskClient]
) -> None:
    case = taken(office, proposed(office).json, *until("decide", tuple(STEPS[1:])))
    on = "2026-06-10"
    case = taken(office, case, asks_to_recuse("委员一", "committee", on))
    asked = decides_to_recuse(case["version"], on, COMMITTEE)
    assert len(told(readers["党委秘书"], case)) == 1
    assert told(readers["书记"], case) == []
    without = take(office, case, asked)
    assert (without.status_code, "会议记录" in without.text) == (422, True)


def test_the_form_names_the_proposals_and_who_has_a_hand(office: FlaskClient, readers: dict[str, FlaskClient]) -> None:
    case = taken(office, proposed(office).json, *until("find", tuple(STEPS[1:])))
    case = taken(office, case, asks_to_recuse(SECOND.name, "team", "2026-05-15"))
    page = readers["书记"].get(f"/cases/{case['id']}/act/decide_recusal").text
    assert f"第{case['version']}条：{SECOND.name}，利害关系" in page
    assert "督查督办工作办公室人员" in readers[OFFICE.name].get(f"/cases/{case['id']}/act/propose_recusal").text
