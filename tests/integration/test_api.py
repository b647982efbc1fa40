"""The HTTP interface: receipts on both databases, errors, permissions."""

from __future__ import annotations

import sqlite3
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from rules.book.loading import load_rulebook
from service.app import create_app, routes
from service.auth import Remembered
from service.usecases.people.api_tokens import Holder
from service.usecases.recommending import recommend as recommending
from tests.conftest import example
from tests.integration.conftest import new_token

PATH = "/api/v1/recommendations"


def post(client: FlaskClient, data: Any, query: str = "") -> Any:
    raw = data if isinstance(data, bytes) else orjson.dumps(data)
    return client.post(PATH + query, data=raw, content_type="application/json")


def changed(**at: Any) -> dict[str, Any]:
    case = example("plan-task-missed")
    for path, value in at.items():
        *parents, last = path.split("__")
        target: Any = case
        for name in parents:
            target = target[int(name) if name.isdigit() else name]
        target[last] = value
    return case


def test_a_receipt_is_stored_and_read_back_byte_for_byte(client: FlaskClient) -> None:
    made = post(client, example("plan-task-missed"))
    assert made.status_code == 201
    assert made.json["persons"]["P1"]["outcome"] == "accountable"
    again = client.get(made.headers["Location"])
    assert (again.status_code, again.data) == (200, made.data)
    assert made.headers["Location"] == f"{PATH}/{made.json['id']}"


def test_evaluating_only_stores_nothing(app: Flask, client: FlaskClient) -> None:
    assert post(client, example("plan-task-missed"), "?store=false").status_code == 200
    with app.extensions["database"].connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM receipts")) == 0


def test_a_bad_case_file_stores_nothing(app: Flask, client: FlaskClient) -> None:
    assert post(client, changed(trigger_date="x")).status_code == 422
    with app.extensions["database"].connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM receipts")) == 0


def test_every_fault_is_answered_by_field_in_chinese_with_the_provision(user: FlaskClient) -> None:
    case = changed(trigger_date="2026-02-30", colour="红")
    answer = post(user, case)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert set(answer.json["errors"]) == {"trigger_date", "colour"}
    forbidden = post(user, changed(matter__extension={"granted": True, "new_due_on": "2026-06-30"}))
    assert forbidden.json["provisions"] == {"matter.extension.decided_by": ["art-6.5.2.a"]}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"matter__colour": "红"}, "matter.colour"),
        ({"matter__registered": "true"}, "matter.registered"),
        ({"matter__registered": 1}, "matter.registered"),
        ({"matter__due_on": "2026-02-30"}, "matter.due_on"),
        ({"matter__due_on": "2025-12-31"}, "matter.due_on"),
        ({"trigger_date": 20260518}, "trigger_date"),
        ({"persons": []}, "persons"),
        ({"persons__0__harm": "terrible"}, "persons[0].harm"),
        ({"persons__0__findings": {"art-8.9.9": {}}}, "persons[0].findings.art-8.9.9"),
        ({"persons__0__evidence": {"harm": [{"页": 3.0}]}}, "persons[0].evidence.harm"),
        ({"matter__name": "甲\u0000乙"}, "matter.name"),
        ({"matter__name": "长" * 501}, "matter.name"),
    ],
    ids=["unknown field", "text for a flag", "number for a flag", "no such day", "before the assignment", "number for a day",
         "nobody", "unknown word", "unknown provision", "3.0", "NUL", "too long"],
)  # fmt: skip
def test_a_wrong_field_is_named(user: FlaskClient, change: dict[str, Any], named: str) -> None:
    answer = post(user, changed(**change))
    assert answer.status_code == 422
    assert named in answer.json["errors"]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b'{"a":1,"a":2}', 400),
        (b'{"a":NaN}', 400),
        (b'{"title":"\\ud800"}', 422),
        (b"\xff", 400),
        (b"[]", 422),
        (b"", 400),
        (b"[" * 100_000, 400),
        (b"9" * 5000, 400),
        (b'"' + b"x" * 10**7 + b'"', 413),
    ],
    ids=["duplicate", "NaN", "surrogate", "not UTF-8", "list", "empty", "deep", "long number", "ten megabytes"],
)
def test_a_body_that_is_no_case_file_is_a_clear_client_error(user: FlaskClient, raw: bytes, status: int) -> None:
    answer = post(user, raw)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize("query", ["?stored=false", "?store=no", "?store=true&store=false", "?store="])
def test_a_query_that_is_not_understood_is_refused(user: FlaskClient, query: str) -> None:
    assert post(user, example("plan-task-missed"), query).status_code == 400


def test_other_errors_are_problems_too(user: FlaskClient) -> None:
    assert user.post(PATH, data=b"{}", content_type="text/plain").status_code == 415
    wrong = user.delete(PATH)
    assert (wrong.status_code, wrong.mimetype, wrong.headers["Allow"]) == (
        405,
        "application/problem+json",
        "OPTIONS, POST",
    )
    assert user.get("/没有").json["type"] == "urn:wenze:problem:not-found"
    assert user.get(f"{PATH}/a%00b").status_code == 404


@pytest.mark.parametrize(
    ("code", "status"), [(sqlite3.SQLITE_BUSY, 503), (sqlite3.SQLITE_FULL, 507), (sqlite3.SQLITE_IOERR, 503)]
)
def test_a_database_that_cannot_is_told_apart(
    user: FlaskClient, monkeypatch: pytest.MonkeyPatch, code: int, status: int
) -> None:
    fault = sqlite3.OperationalError("…")
    fault.sqlite_errorcode = code

    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("INSERT", {}, fault)

    monkeypatch.setattr("service.api.recommendations.store_receipt", fail)
    answer = post(user, example("plan-task-missed"))
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_an_unexpected_fault_gives_no_result_and_no_detail(user: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recommending, "load_case", lambda data, book: 1 / 0)
    answer = post(user, example("plan-task-missed"))
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "ZeroDivision" not in answer.text


def test_provisions_are_served_with_their_words(user: FlaskClient) -> None:
    book = user.get("/api/v1/rulebooks").json[0]["id"]
    assert len(user.get(f"/api/v1/rulebooks/{book}/provisions").json) == 159
    assert "一年内" in user.get(f"/api/v1/rulebooks/{book}/provisions/art-8.0.a").json["text"]
    assert user.get(f"/api/v1/rulebooks/{book}/provisions/art-99").status_code == 404
    assert user.get("/api/v1/rulebooks/other/provisions").status_code == 404


def test_every_route_has_a_declared_permission_and_is_closed_without_a_token(embedded: Flask) -> None:
    stranger = embedded.test_client()
    for rule in embedded.url_map.iter_rules():
        is_open, path = routes(load_rulebook())[rule.endpoint].permission is None, rule.rule
        for name in rule.arguments:
            path = path.replace(f"<{name}>", "x")
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            answer = stranger.open(path, method=method)
            answer.close()
            closed = {"web.log_in", "web.log_in_with_token", "calendar.feed"}
            expected = {200} if is_open and rule.endpoint not in closed else {401}
            if rule.endpoint in ("calendar.feed", "docs.asset") or rule.endpoint.startswith("single-sign-on."):
                expected = {404}  # its address is its credential; there is no such file; the others are not configured
            assert answer.status_code in expected, (rule.endpoint, method)
            assert stranger.options(path).status_code in ({200} if is_open else {401})


def test_a_route_that_the_table_does_not_name_is_refused(database_url: str) -> None:
    made = create_app(database_url)
    made.add_url_rule("/unlisted", "unlisted", lambda: "open")
    bearer = {"Authorization": f"Bearer {new_token(made)}"}
    assert made.test_client().get("/unlisted", headers=bearer).status_code == 403
    made.extensions["database"].dispose()


def test_a_token_is_remembered_for_moments_only() -> None:
    remembered, known = Remembered(seconds=2), Holder("1", "甲", frozenset())
    remembered.put("secret", known, clock=100.0)
    assert remembered.get("secret", clock=101.9) == known
    assert remembered.get("secret", clock=102.0) is None
    assert remembered.get("other", clock=101.0) is None


def test_an_old_schema_is_not_healthy(app: Flask) -> None:
    assert app.test_client().get("/healthz").json == {"status": "ok"}
    with app.extensions["database"].begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert app.test_client().get("/healthz").status_code == 503


def test_a_request_keeps_its_id_where_it_is_harmless(user: FlaskClient) -> None:
    assert user.get("/healthz", headers={"X-Request-ID": "abc-123"}).headers["X-Request-ID"] == "abc-123"
    assert user.get("/healthz", headers={"X-Request-ID": "张三"}).headers["X-Request-ID"] != "张三"
