"""Logs tell what happened, and nothing about people."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import example

CANARY = "金丝雀甲7391"


def test_logs_carry_no_word_of_a_case_a_path_or_a_secret(
    user: FlaskClient, token: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = example("plan-task-missed")
    case |= {"title": CANARY, "narrative": CANARY}
    case["persons"][0] |= {"name": CANARY, "post": CANARY, "evidence": {"harm": CANARY}}
    assert user.post("/api/v1/recommendations", json=case).status_code == 201
    assert user.post("/api/v1/recommendations", json=case | {CANARY: CANARY, "trigger_date": CANARY}).status_code == 422
    assert user.get(f"/{CANARY}?q={CANARY}", headers={"X-Request-ID": CANARY}).status_code == 404
    assert user.post("/login", data={"token": CANARY}).status_code == 401
    monkeypatch.setattr("service.api.recommendations.recommend", lambda *_: {}[CANARY])
    assert user.post("/api/v1/recommendations", json=case).status_code == 500
    written = capsys.readouterr().err
    rows: list[dict[str, Any]] = [json.loads(line) for line in written.splitlines()]
    assert CANARY not in written
    assert token not in written
    assert [row["status"] for row in rows if row["event"] == "request"] == [201, 422, 404, 401, 500]
    assert [row["error"] for row in rows if row["event"] == "unexpected"] == ["KeyError"]
    assert rows[0]["route"] == "/api/v1/recommendations"
    assert rows[0]["request_id"]
