"""Inspections, their reports, and what decisions say of ratings; on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

INSPECTIONS, BARS = "/api/v1/inspections", "/api/v1/rating-bars"
PERSON = {"decision_number": "科大党问责〔2026〕1号", "decided_on": "2026-06-30", "kind": "person", "name": "张某",
          "unit": "甲处"}  # fmt: skip
UNIT = {"decision_number": "科大党问责〔2026〕1号", "decided_on": "2026-06-30", "kind": "unit", "unit": "甲处"}


def test_a_monthly_inspection_is_done_when_it_was_reported(office: FlaskClient) -> None:
    def march() -> str:
        duties = office.get("/api/v1/inspection-duties?year=2026").json
        return next(
            row["state"] for row in duties if (row["kind"], row["last"]) == ("meeting_resolutions", "2026-03-31")
        )

    assert march() == "overdue"
    made = office.post(INSPECTIONS, json={"form": "regular", "kind": "meeting_resolutions", "on": "2026-03-20"})
    assert (made.status_code, march()) == (201, "unreported")
    place = f"{INSPECTIONS}/{made.json['id']}/report"
    assert office.post(place, json={"to": "分管校领导", "on": "2026-03-19"}).status_code == 422
    assert office.post(place, json={"to": "分管校领导", "on": "2026-04-01"}).json["reported_on"] == "2026-04-01"
    assert office.post(place, json={"to": "另一位", "on": "2026-04-02"}).status_code == 422
    assert march() == "done"
    assert [row["reported_to"] for row in office.get(f"{INSPECTIONS}?year=2026").json] == ["分管校领导"]
    assert office.post(f"{INSPECTIONS}/nobody/report", json={"to": "领导", "on": "2026-04-01"}).status_code == 404


@pytest.mark.parametrize(
    ("entry", "provision", "said"),
    [
        ({"form": "special"}, "art-5.2", "任务"),
        ({"form": "joint", "task": "专项"}, "art-5.3", "成员单位"),
        ({"form": "joint", "task": "专项", "members": ["督查督办工作办公室"]}, "art-5.3", "办公室以外"),
        ({"form": "regular"}, "art-5.1.a", "种类"),
    ],
    ids=["no task", "no team", "the office alone", "no kind"],
)
def test_an_inspection_without_what_its_form_needs_is_refused(
    office: FlaskClient, entry: dict[str, Any], provision: str, said: str
) -> None:
    answer = office.post(INSPECTIONS, json={"on": "2026-03-20"} | entry)
    assert (answer.status_code, answer.json["refusals"][0]["provision"]) == (409, provision)
    assert said in answer.json["detail"]
    assert office.get(f"{INSPECTIONS}?year=2026").json == []


def test_a_person_loses_the_ratings_of_the_year_of_the_decision(office: FlaskClient) -> None:
    for _ in range(2):
        assert office.post(BARS, json=PERSON).status_code == 201
    assert [(row["name"], row["year"]) for row in office.get(f"{BARS}?year=2026").json] == [("张某", 2026)]
    assert office.get(f"{BARS}?year=2025").json == []


def test_a_unit_loses_them_only_where_the_decision_says_so(office: FlaskClient) -> None:
    refused = office.post(BARS, json=UNIT)
    assert (refused.status_code, refused.json["refusals"][0]["provision"]) == (409, "art-7.2.b")
    assert office.post(BARS, json=UNIT | {"statement": " "}).status_code == 422
    done = office.post(BARS, json=UNIT | {"statement": "取消甲处2026年度考核评优资格", "rating_final": True})
    assert (done.status_code, done.json["name"], done.json["rating_final"]) == (201, "甲处", True)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"decided_on": "2999-01-01"}, "decided_on"), ({"decided_on": "2100-01-01"}, "decided_on"),
     ({"unit": "校外公司"}, "unit"), ({"name": None}, "name"), ({"kind": "both"}, "kind")],
    ids=["too late a year", "to come", "stranger", "nameless", "no such kind"],
)  # fmt: skip
def test_what_cannot_be_is_told_by_field(office: FlaskClient, change: dict[str, Any], field: str) -> None:
    answer = office.post(BARS, json=PERSON | change)
    assert (answer.status_code, set(answer.json["errors"])) == (422, {field})
