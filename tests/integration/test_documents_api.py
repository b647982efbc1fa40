"""The annexes over HTTP."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.store.database import writing
from models.store.units import Unit
from tests.integration.test_ledger_api import OFFICE, act, assigned


@pytest.fixture(scope="module")
def with_units(embedded: Flask) -> None:
    with writing(embedded.extensions["database"]) as session:
        session.add(Unit(name="甲处", from_on=date(2020, 1, 1)))


@pytest.mark.usefixtures("with_units")
def test_the_annexes_are_served_in_each_format(user: FlaskClient) -> None:
    matter = assigned(user)
    path = f"/api/v1/matters/{matter['id']}"
    assert user.get(f"{path}/urging-notice").status_code == 404
    act(user, matter, "urge", "2026-05-04", OFFICE)
    month = "/api/v1/status-table?cutoff=2026-05-25&submit_by=2026-05-28"
    starts = {"docx": b"PK", "pdf": b"%PDF-", "xlsx": b"PK"}
    for address in (f"{path}/registration-form?", f"{path}/urging-notice?", f"{month}&"):
        for kind, start in starts.items():
            answer = user.get(f"{address}format={kind}")
            if kind == "xlsx" and "status-table" not in address:
                assert answer.status_code == 400
            else:
                assert (answer.status_code, answer.data[: len(start)]) == (200, start)
    assert user.get("/api/v1/status-table?cutoff=2026-05-25&submit_by=2026-05-01").status_code == 400
    assert user.get("/api/v1/matters/none/registration-form").status_code == 404
