"""In whose name tables are brought in: as every act, one's own or whom one enters for; a token of no person names nobody."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.store.database import writing
from service.usecases.people.accounts import Asked
from tests.integration.conftest import TOKEN, new_token
from tests.integration.ledger_office import assigned
from tests.integration.pages import signed_in
from tests.integration.test_pages_imports import applied
from tests.integration.test_pages_imports import sent as sent_by_page
from tests.integration.test_status_table_import import filled
from tests.people import LONG_AGO, by_token, made
from tests.registered import register

TITLE = "审核评估自评报告"
LEDGER = "工作任务,事项来源,立项依据,交办日期,牵头单位,办结时限,催办日期\n旧事项,规划计划,要点,2026-01-08,甲处,2026-04-30,2026-05-06\n"
OFFICE, NOT_THIS, NOBODY = (
    "督查督办工作办公室",
    "urn:wenze:problem:not-this-actor",
    "urn:wenze:problem:acts-for-nobody",
)
HANDS = {"none": TOKEN, "赵六": "赵六", "主任": "主任"}
"""Who brings a table in → by whom its records are entered."""


@pytest.fixture
def table(office: FlaskClient) -> bytes:
    """The status table of a matter that is in hand, filled in."""
    assigned(office)
    drawn = office.get("/api/v1/status-table?format=xlsx&cutoff=2026-03-01&submit_by=2026-03-05").data
    return filled(drawn, **{TITLE: (None, "已完成初稿")})


def hand(app: Flask, whose: str) -> FlaskClient:
    """A client by a token of no person, of a clerk or of the director."""
    if whose == "none":
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {new_token(app)}"
        return client
    role = {"赵六": "office_clerk", "主任": "office_director"}[whose]
    made(app, role, Asked(role, LONG_AGO), name=whose)
    with writing(app.extensions["database"]) as session:
        register(session, ("李四", "王五", "赵六", "主任"))
    return by_token(app, role)


def sent(client: FlaskClient, kind: str, content: bytes, name: str, **query: str) -> Any:
    return client.post(f"/api/v1/imports/{kind}", query_string=query, data={"file": (io.BytesIO(content), name)})


def records(client: FlaskClient, title: str) -> list[Any]:
    """The records of every matter of this title."""
    lines = [line for line in client.get("/api/v1/matters").json if line["title"] == title]
    return [row for line in lines for row in client.get(f"/api/v1/matters/{line['id']}").json["records"]]


@pytest.mark.parametrize(
    ("whose", "actor", "named"),
    [("none", "李四", NOBODY), ("none", TOKEN, NOBODY), ("none", OFFICE, OFFICE), ("none", None, OFFICE), ("赵六", "李四", NOT_THIS),
     ("赵六", "赵六", "赵六"), ("赵六", None, OFFICE), ("主任", "赵六", NOT_THIS), ("主任", "主任", "主任")],
)  # fmt: skip
def test_an_older_ledger_names_of_the_office_whoever_brings_it_in_or_nobody(
    app: Flask, office: FlaskClient, whose: str, actor: str | None, named: str
) -> None:
    client, query = hand(app, whose), {"actor": actor} if actor else {}
    answers = [sent(client, "ledger", LEDGER.encode(), "旧.csv", **query, **more) for more in ({}, {"apply": "true"})]
    found = records(office, "旧事项")
    if named in (NOBODY, NOT_THIS):
        assert [(answer.status_code, answer.json["type"]) for answer in answers] == [(403, named)] * 2
        assert "账号" in answers[0].json["detail"] or "他人的姓名" in answers[0].json["detail"]
        assert found == []
    else:
        assert answers[1].json["applied"]
        assert [(row["action"], row["by"], row["entered_by"]) for row in found] == [
            (action, named, HANDS[whose]) for action in ("carry_over", "urge")
        ]


@pytest.mark.parametrize(
    ("whose", "actor", "named"),
    [("none", "王五", NOBODY), ("none", TOKEN, NOBODY), ("none", "甲处", "甲处"), ("none", None, "甲处"),
     ("赵六", "王五", "王五"), ("主任", "王五", "王五")],
)  # fmt: skip
def test_a_status_table_names_whom_the_office_enters_for_or_by_a_token_of_no_person_the_unit(
    app: Flask, office: FlaskClient, table: bytes, whose: str, actor: str | None, named: str
) -> None:
    beside = {"unit": "甲处", "on": "2026-03-05", "late_reason": "表格后到"}
    client, query = hand(app, whose), beside | ({"actor": actor} if actor else {})
    before = len(records(office, TITLE))
    answers = [sent(client, "status-table", table, "表.xlsx", **query, **more) for more in ({}, {"apply": "true"})]
    found = records(office, TITLE)[before:]
    if named == NOBODY:
        assert [(answer.status_code, answer.json["type"]) for answer in answers] == [(403, named)] * 2
        assert found == []
    else:
        assert answers[1].json["applied"]
        assert [(row["action"], row["by"], row["entered_by"]) for row in found] == [("progress", named, HANDS[whose])]


def test_a_name_in_the_place_of_the_unit_is_none_of_the_matter(app: Flask, table: bytes) -> None:
    client = hand(app, "none")
    assert sent(client, "status-table", table, "表.xlsx", unit="王五", on="2026-03-05", apply="true").status_code == 422


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("unit", ["中国-东盟学院", "党委（校长）办公室"])
def test_a_unit_in_the_place_of_a_name_is_written_as_units_are(app: Flask, table: bytes, unit: str) -> None:
    answer = sent(hand(app, "none"), "status-table", table, "表.xlsx", unit=unit)
    assert (answer.status_code, answer.json.get("errors")) == (200, None), answer.json


def test_an_account_says_who_filled_the_table_in(app: Flask, table: bytes) -> None:
    assert sent(hand(app, "赵六"), "status-table", table, "表.xlsx", unit="甲处").status_code == 400


def test_the_page_takes_the_same_names(app: Flask, office: FlaskClient) -> None:
    clerk = signed_in(app, "office_clerk")
    refused = sent_by_page(clerk, "ledger", LEDGER, actor="主任")
    assert (refused.status_code, 'id="actor-error"' in refused.text) == (403, True)
    assert "或者以他人的姓名办理" in refused.text
    trial = sent_by_page(clerk, "ledger", LEDGER, actor="李四")
    assert applied(clerk, "ledger", trial, LEDGER, actor="主任").status_code == 403
    assert records(office, "旧事项") == []
    assert "已写入" in applied(clerk, "ledger", trial, LEDGER).text
    assert {row["by"] for row in records(office, "旧事项")} == {"李四"}


def test_the_page_takes_no_name_from_a_token_of_no_person(app: Flask, office: FlaskClient, table: bytes) -> None:
    client, before = hand(app, "none"), len(records(office, TITLE))
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    beside = {"unit": "甲处", "on": "2026-03-05"}
    for refused in (
        sent_by_page(client, "ledger", LEDGER, actor="李四"),
        sent_by_page(client, "status-table", table, "表.xlsx", actor="王五", **beside),
    ):
        assert (refused.status_code, "不写填报人、办理人" in refused.text) == (403, True)
    assert len(records(office, TITLE)) == before
    assert sent_by_page(client, "ledger", LEDGER).status_code == 200
    assert sent_by_page(client, "status-table", table, "表.xlsx", actor="甲处", **beside).status_code == 200
