"""Whose hand an act is, and what shows it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from models.store.database import reading
from tests.integration.ledger_office import OFFICE, assigned
from tests.integration.test_attachments import RAW, send


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))


def entered(client: FlaskClient, matter: Any, action: str, **beside: Any) -> Any:
    return client.post(
        f"/api/v1/matters/{matter['id']}/actions/{action}",
        json={"on": "2026-03-01", "actor": OFFICE, "details": {"method": "check"}, **beside},
        headers={"If-Match": f'"{matter["version"]}"'},
    )


def test_papers_are_bound_by_the_hashes_of_their_bytes_and_a_reason_is_kept_beside_them(office: FlaskClient) -> None:
    matter, other = assigned(office), assigned(office)
    ours, theirs = send(office, matter, "a.pdf").json["id"], send(office, other, "b.pdf").json["id"]
    refused = entered(office, matter, "check", papers=[ours, theirs])
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"papers[1]"})
    done = entered(office, matter, "check", papers=[ours, ours], late_reason="出差")
    assert done.status_code == 200
    with reading(office.application.extensions["database"]) as session:
        kept = session.execute(text("SELECT details FROM records ORDER BY recorded_at DESC, number DESC")).scalars()
        hand = orjson.loads(next(iter(kept)))["hand"]
    assert hand["papers"] == [{"attachment": ours, "sha256": hashlib.sha256(RAW).hexdigest()}]
    assert hand["late_reason"] == "出差"
