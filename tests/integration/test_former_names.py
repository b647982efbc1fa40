"""Who bore another name is kept out by it, where an older record does not say which person it means; it lets nobody in."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models.case.cases import CaseRow
from models.case.involvements import InvolvementRow
from models.people import persons
from models.people.names import bare
from models.store.database import writing
from service.books import books
from service.usecases.administration.merge_persons import decide, propose
from service.usecases.people.accounts import Asked
from tests.integration.case_office import proposed, taken
from tests.lawful_case import first
from tests.people import LONG_AGO, by_token, made
from tests.registered import register

NOW = datetime.now(UTC)
OLD = "張偉（教务处）"


def became(app: Flask, how: str) -> None:
    """Whoever is called 章未 now was called otherwise, or has another entry that is merged into theirs."""
    with writing(app.extensions["database"]) as session:
        row = persons.by_number(session, "章未")
        assert row is not None
        if how == "renamed":
            persons.keep_former(session, row, OLD, date(2020, 1, 1))
            return
        persons.add(session, OLD, number="旧", by="测试", now=NOW)
        found = register(session, ["提出人", "确认人"])
        merge = propose(session, "旧", row.id, "一人", undoes=False, by=found["提出人"], now=NOW)
        decide(session, books(), merge, confirms=True, by=found["确认人"], now=NOW)


@pytest.mark.parametrize("how", ["renamed", "merged"])
@pytest.mark.parametrize("relation", ["investigated", "recused", "assigned"])
def test_by_a_name_of_before_one_is_kept_out_and_never_let_in(
    app: Flask, office: FlaskClient, how: str, relation: str
) -> None:
    case = taken(office, proposed(office).json, first("approve"))
    role = "team_member" if relation == "assigned" else "office_clerk"
    made(app, "zhang", Asked(role, LONG_AGO), name="章未")
    reader, address = by_token(app, "zhang"), f"/api/v1/cases/{case['id']}"
    with writing(app.extensions["database"]) as session:
        place = session.scalars(select(CaseRow.position).where(CaseRow.id == case["id"])).one()
        session.add(InvolvementRow(case_position=place, relation=relation, who=bare(OLD), person="", since=1))
    before = 404 if relation == "assigned" else 200
    assert reader.get(address).status_code == before
    became(app, how)
    assert reader.get(address).status_code == 404
    assert [row["id"] for row in reader.get("/api/v1/cases").json] == []
