"""What to look at after 0.1.0: acts that count, entered late, for which nobody was asked for a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from models.matter.matters import RecordRow
from models.records.record import Actor, Hand, Record
from models.records.stored import values_of
from models.store.database import writing
from service.books import books
from service.usecases.administration.review import late_without_reason
from tests.integration.ledger_office import OFFICE, act, assigned


def test_late_acts_without_a_reason_are_named_and_nothing_else(app: Flask, office: FlaskClient) -> None:
    matter = assigned(office)
    assert act(office, matter, "urge", "2026-05-04", OFFICE).status_code == 200  # with a reason
    at = datetime(2026, 6, 9, 1, tzinfo=UTC)
    found = []
    with writing(app.extensions["database"]) as session:
        for number, (action, on) in enumerate(
            (("urge", 5), ("urge", 8), ("supervise", 5), ("check", 1)), matter["version"] + 2
        ):
            old = Record(number, action, date(2026, 6, on), Hand(Actor("李四", "office"), "周清"), {"note": "旧"}, at)
            session.execute(insert(RecordRow).values(matter_id=matter["id"], **values_of(old, request_key=None)))
        found = list(late_without_reason(session, books()))
        session.rollback()
    said = "事项 督〔2026〕1号 记录 {}：2026-06-05 的{}，2026-06-09 由周清录入，晚于下一个工作日，没有写明理由，请核对"
    assert found == [said.format(6, "催办"), said.format(8, "督办")]
