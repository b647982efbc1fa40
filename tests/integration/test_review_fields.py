"""After an upgrade, what somebody filled for somebody else is named, and what everybody filled for themselves is not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from models.case.cases import CaseRecordRow
from models.matter.matters import RecordRow
from models.records.record import Actor, Hand, Record
from models.records.stored import values_of
from models.store.database import reading, writing
from service.books import books
from service.usecases.administration import review
from tests.integration.case_office import proposed

_ENTRIES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("sign", "person", {"person": "P1", "kind": "differs", "note": "已作说明"}),
    ("sign", "team", {"person": "P1", "kind": "differs", "note": "已作说明"}),
    ("execute", "person", {"person": "P1", "kind": "admonition", "text": None}),
    ("execute", "person", {"person": "P1", "kind": "rectification", "text": "已整改"}),
    ("execute", "organisation", {"person": "P1", "kind": "admonition"}),
    ("gone", "person", {"note": "没有这项办理"}),
    ("execute", "person", {"person": "P1", "kind": {"admonition": True}}),
)


def kept(number: int, action: str, kind: Any, details: dict[str, Any]) -> dict[str, Any]:
    record = Record(number, action, date(2026, 6, 1), Hand(Actor("某人", kind), "录入人"), details, datetime.now(UTC))
    return values_of(record, request_key=None)


def test_what_another_filled_is_named_with_where_it_stands(app: Flask, office: FlaskClient) -> None:
    case = proposed(office).json
    with writing(app.extensions["database"]) as session:
        for number, entry in enumerate(_ENTRIES, 2):
            session.execute(insert(CaseRecordRow).values(case_id=case["id"], **kept(number, *entry)))
        details = {"responsible": "沈言 ", "contact": "沈\u200b言", "person": "沈言"}
        matter = kept(99, "urge", "office", details)
        session.execute(insert(RecordRow).values(matter_id=case["matters"][0], **matter))
    with reading(app.extensions["database"]) as session:
        said, names = list(review.filled_by_others(session, books())), list(review.names(session))
    assert [line.partition("：")[0] for line in said] == [f"案件 {case['id']} 记录 {number}" for number in (2, 4)]
    assert "“调查组的说明或者注明”只能由调查组成员填写" in said[0]
    assert "选择“诫勉”" in said[1]
    assert len([line for line in names if line.startswith(f"事项 {case['matters'][0]} 记录 99")]) == 2
