"""What to look at after 0.1.0: acts of people that a token of no person entered."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from models.store.database import reading
from service.usecases.review_tokens import rows
from tests.integration.ledger_office import UNIT, act, assigned


def test_tokens_of_no_person_and_the_acts_entered_by_them_are_named(app: Flask, office: FlaskClient) -> None:
    matter = assigned(office)
    assert act(office, matter, "acknowledge", "2026-01-09", UNIT, signed_by="王五").status_code == 200
    with reading(app.extensions["database"]) as session:
        token, entry = rows(session)
    assert token.startswith("令牌“测试”（")
    assert entry.startswith(f"事项 {matter['id']} 记录4：单位“王五”的办理，录入人“测试”")
