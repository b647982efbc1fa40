"""The HTTP interface on a real embedded database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from models.store.database import writing
from service import auth
from service.app import create_app
from service.usecases.api_tokens import create_token
from tests.conftest import example

PATH = "/api/v1/recommendations"


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    made = create_app(database_url)
    yield made
    made.extensions["database"].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    now = datetime.now(UTC)
    with writing(app.extensions["database"]) as session:
        secret = create_token(session, "测试", now=now, expires_at=None)
    made = app.test_client()
    made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return made


def post(client: FlaskClient, data: Any, query: str = "") -> Any:
    raw = data if isinstance(data, bytes) else orjson.dumps(data)
    return client.post(PATH + query, data=raw, content_type="application/json")


def test_a_receipt_is_stored_and_read_back_byte_for_byte(client: FlaskClient) -> None:
    made = post(client, example("plan-task-missed"))
    assert made.status_code == 201
    assert made.json["persons"]["P1"]["outcome"] == "accountable"
    again = client.get(f"{PATH}/{made.json['id']}")
    assert (again.status_code, again.data) == (200, made.data)


def test_evaluating_only_stores_nothing(app: Flask, client: FlaskClient) -> None:
    assert post(client, example("plan-task-missed"), "?store=false").status_code == 200
    with app.extensions["database"].connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM receipts")) == 0


@pytest.mark.parametrize("statement", ["UPDATE receipts SET actor = 'x'", "DELETE FROM receipts"])
def test_a_receipt_cannot_be_changed(app: Flask, client: FlaskClient, statement: str) -> None:
    post(client, example("plan-task-missed"))
    with app.extensions["database"].connect() as connection, pytest.raises(DatabaseError, match="immutable"):
        connection.execute(text(statement))


def test_every_fault_is_answered_by_field_in_chinese(client: FlaskClient) -> None:
    case = example("plan-task-missed") | {"trigger_date": "2026-02-30", "colour": "红"}
    answer = post(client, case)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert set(answer.json["errors"]) == {"trigger_date", "colour"}


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b'{"a":1,"a":2}', 400),
        (b'{"a":NaN}', 400),
        (b"\xff", 400),
        (b"[]", 422),
        (b"", 400),
        (b'"' + b"x" * 10**7 + b'"', 413),
    ],
    ids=["duplicate", "NaN", "not UTF-8", "list", "empty", "ten megabytes"],
)
def test_a_body_that_is_no_case_file_is_a_clear_client_error(client: FlaskClient, raw: bytes, status: int) -> None:
    answer = post(client, raw)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_an_unknown_query_parameter_and_content_type_are_refused(client: FlaskClient) -> None:
    assert post(client, example("plan-task-missed"), "?stored=false").status_code == 400
    assert client.post(PATH, data=b"{}", content_type="text/plain").status_code == 415


def test_provisions_are_served_with_their_words(client: FlaskClient) -> None:
    book = client.get("/api/v1/rulebooks").json[0]["id"]
    assert len(client.get(f"/api/v1/rulebooks/{book}/provisions").json) == 159
    assert "一年内" in client.get(f"/api/v1/rulebooks/{book}/provisions/art-8.0.a").json["text"]
    assert client.get(f"/api/v1/rulebooks/{book}/provisions/art-99").status_code == 404


def test_every_route_has_a_declared_permission_and_is_closed_without_a_token(app: Flask) -> None:
    stranger = app.test_client()
    for rule in app.url_map.iter_rules():
        assert rule.endpoint in auth.OPEN or rule.endpoint in auth.PERMISSION_OF
        path = rule.rule.replace("<receipt_id>", "x").replace("<book_id>", "x").replace("<provision_id>", "x")
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        answer = stranger.open(path, method=method)
        assert answer.status_code == (200 if rule.endpoint in auth.OPEN else 401)


def test_a_route_that_the_table_does_not_name_is_refused(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/unlisted", "unlisted", lambda: "open")
    assert client.get("/unlisted").status_code == 403
