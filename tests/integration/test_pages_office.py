"""The Office's pages: figures that are the bulletin's, what is written down by forms, errors at their fields."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.office import inspections, rating_bars
from models.store.database import reading
from service.documents.drawing import formats  # noqa: F401  (its libraries are loaded before anything is counted)
from tests.integration.ledger_office import OFFICE, act, assigned
from tests.integration.pages import counted, signed_in

NEW_INSPECTION, NEW_BAR = "/office/inspections/new", "/office/ratings/new"
PAGES = ("/office", "/office/bulletin?first=2026-01-01&last=2026-06-30", "/office/inspections?year=2026",
         "/office/report?month=2026-03", "/office/assessment?year=2026", "/office/ratings?year=2026", "/office/units")  # fmt: skip
BAR = {
    "decision_number": "科大党问责〔2026〕1号",
    "decided_on": "2026-06-30",
    "kind": "person",
    "name": "张某",
    "unit": "甲处",
}


@pytest.fixture
def clerk(app: Flask, office: FlaskClient) -> FlaskClient:
    return signed_in(app, "office_clerk")


def at_field(page: str, field: str) -> list[str]:
    """What a page says to be wrong at a field."""
    return re.findall(rf'id="{field}-error">(?:<p>)?([^<]*)', page)


@pytest.mark.parametrize("path", PAGES)
def test_the_figures_are_for_those_who_may_read_them(app: Flask, office: FlaskClient, path: str) -> None:
    leader = signed_in(app, "school_leader").get(path)
    assert leader.status_code == 200
    assert "登记督查</a>" not in leader.text
    assert signed_in(app, "unit_head", "甲处").get(path).status_code == 403


def test_only_the_office_writes(app: Flask, office: FlaskClient) -> None:
    leader = signed_in(app, "school_leader")
    assert [leader.get(path).status_code for path in (NEW_INSPECTION, NEW_BAR)] == [403, 403]
    assert leader.post(NEW_BAR, data=BAR).status_code == 403


def test_the_bulletin_shows_the_figures_that_its_file_has(clerk: FlaskClient, office: FlaskClient) -> None:
    matter = assigned(office, due_on="2026-02-10")
    act(office, matter, "urge", "2026-02-11", OFFICE)
    page = clerk.get("/office/bulletin?first=2026-01-01&last=2026-03-31").text
    figures = office.get("/api/v1/bulletin?first=2026-01-01&last=2026-03-31&format=json").json
    row = re.search(r'<th scope="row">甲处</th>(.*?)</tr>', page, re.S)
    assert row is not None
    assert [int(one) for one in re.findall(r"<td>(\d+)</td>", row[1])] == list(figures["units"][0].values())[1:]
    assert "审核评估自评报告" in page.partition("逾期未办结事项")[2]
    assert 'href="/office/bulletin?first=2026-02-01&amp;last=2026-02-28"' in page
    assert clerk.get("/api/v1/bulletin?first=2026-01-01&last=2026-03-31&format=csv").status_code == 200


def test_the_charts_are_pictures_without_a_style_of_their_own(clerk: FlaskClient, office: FlaskClient) -> None:
    assigned(office)
    span = "first=2026-01-01&last=2026-03-31"
    for at in (0, 1, 2):
        picture = clerk.get(f"/office/bulletin/charts/{at}?{span}")
        assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
        assert "style=" not in picture.text
    assert clerk.get(f"/office/bulletin/charts/3?{span}").status_code == 404
    assert clerk.get("/office/bulletin/charts/0?first=x").status_code == 400


@pytest.mark.parametrize(
    ("path", "said"),
    [("bulletin?first=2026-06-30&last=2026-01-01", "起日不得晚于止日"), ("bulletin?first=2021-01-01&last=2026-01-01", "最多跨3个年度"),
     ("bulletin?last=x", "格式 YYYY-MM-DD"), ("inspections?year=99", "年度应为"), ("report?month=2999-01", "不得晚于本月"),
     ("assessment?year=2999", "年度应为"), ("ratings?year=x", "年度应为")],
)  # fmt: skip
def test_a_period_that_cannot_be_is_told_on_the_page(clerk: FlaskClient, path: str, said: str) -> None:
    page = clerk.get(f"/office/{path}")
    assert page.status_code == 422
    assert said in page.text.partition('role="alert"')[2]


def test_an_inspection_is_recorded_and_its_report_after_it(app: Flask, clerk: FlaskClient) -> None:
    assert '<option value="regular" selected>' not in clerk.get(NEW_INSPECTION).text
    form = {"form": "joint", "on": "2026-03-20", "task": "专项任务", "members": ["甲处", "乙处"], "note": "现场查看"}
    assert clerk.post(NEW_INSPECTION, data=form).location == "/office/inspections?year=2026"
    page = clerk.get("/office/inspections?year=2026").text
    assert "专项任务（甲处、乙处）" in page
    place = re.search(r'href="(/office/inspections/[^"]+/report)"', page)
    assert place is not None
    early = clerk.post(place[1], data={"to": "分管校领导", "on": "2026-03-19"})
    assert early.status_code == 422
    assert "不得早于督查日期" in at_field(early.text, "on")[0]
    assert clerk.post(place[1], data={"to": "分管校领导", "on": "2026-03-21"}).status_code == 303
    assert '<span class="day">2026-03-21</span> 向分管校领导' in clerk.get("/office/inspections?year=2026").text
    assert clerk.post("/office/inspections/none/report", data={"to": "领导", "on": "2026-03-21"}).status_code == 404
    with reading(app.extensions["database"]) as session:
        assert [row.entered_by for row in inspections.rows_of_year(session, 2026)] == ["李四"]


@pytest.mark.parametrize(
    ("form", "fields"),
    [({}, ["form", "on"]), ({"form": "joint", "on": "2026-03-20"}, ["task", "members"]), ({"form": "regular", "on": "2026-03-20"}, ["kind"]),
     ({"form": "special", "on": "2999-01-01", "task": "x"}, ["on"])],
    ids=["nothing", "joint", "regular", "to come"],
)  # fmt: skip
def test_what_an_inspection_lacks_is_told_at_its_field_and_what_was_filled_in_stays(
    app: Flask, clerk: FlaskClient, form: dict[str, Any], fields: list[str]
) -> None:
    page = clerk.post(NEW_INSPECTION, data=form | {"note": "写了很久的情况"})
    assert page.status_code == 422
    assert all(at_field(page.text, field) for field in fields)
    assert "写了很久的情况</textarea>" in page.text
    with reading(app.extensions["database"]) as session:
        assert inspections.rows_of_year(session, 2026) == []


def test_a_unit_is_barred_only_by_the_words_of_its_decision(app: Flask, clerk: FlaskClient) -> None:
    refused = clerk.post(NEW_BAR, data=BAR | {"kind": "unit"})
    assert refused.status_code == 409
    assert 'role="alert"' in refused.text
    assert at_field(clerk.post(NEW_BAR, data=BAR | {"name": ""}).text, "name")
    assert clerk.post(NEW_BAR, data=BAR).location == "/office/ratings?year=2026"
    assert "张某" in clerk.get("/office/ratings?year=2026").text
    with reading(app.extensions["database"]) as session:
        assert [bar.kind for bar in rating_bars.of_year(session, 2026)] == ["person"]


def asked_by(app: Flask, client: FlaskClient) -> list[int]:
    """How often each page asks the database."""
    found = []
    for path in PAGES:
        with counted(app) as asked:
            assert client.get(path).status_code == 200
        found.append(len(asked))
    return found


def test_a_page_asks_as_often_with_thirty_rows_as_with_one(app: Flask, office: FlaskClient, clerk: FlaskClient) -> None:
    def more(days: range) -> None:
        for day in days:
            on = f"2026-03-{day:02}"
            assigned(office, title=f"事项{day}", category="meeting")
            assert (
                office.post("/api/v1/inspections", json={"form": "special", "task": "任务", "on": on}).status_code
                == 201
            )
            assert office.post("/api/v1/rating-bars", json=BAR | {"name": f"张{day}"}).status_code == 201

    more(range(1, 2))
    one = asked_by(app, clerk)
    more(range(2, 31))
    assert asked_by(app, clerk) == one
    assert max(one) < 25
