"""A case whose stored records were damaged: every edge names the record, lists and the daily round go on past it."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from models.store.database import reading
from service.books import books
from service.cli import main
from service.usecases.patrol import patrol
from tests.audit_trail import damaged
from tests.integration.case_office import proposed, take, taken
from tests.integration.test_cases_api import STEPS
from tests.lawful_case import first, until

FIRST_DUTIES = until("serve_decision", STEPS)[1:]


def record_of(case: Any, action: str) -> int:
    return next(int(record["number"]) for record in case["records"] if record["action"] == action)


CHANGE = "UPDATE case_records SET details = :details WHERE case_id = :case AND number = :number"
LOSE = "DELETE FROM case_records WHERE case_id = :case AND number = :number"
RENAME = "UPDATE case_records SET action = 'flog' WHERE case_id = :case AND number = :number"


@pytest.mark.parametrize(
    ("statement", "action", "details"),
    [
        (CHANGE, "decide", b"{}"),
        (CHANGE, "hear", b"torn"),
        (CHANGE, "discuss", b'{"minutes":"x"}'),
        (CHANGE, "decide", b'{"meeting":{"held_on":"yesterday"},"decisions":[]}'),
        (RENAME, "submit", None),
        (LOSE, "submit", None),
        (LOSE, "issue_decision", None),
    ],
    ids=["nothing left", "no JSON", "a field lost", "no day", "unknown action", "a gap", "the last one lost"],
)
def test_the_record_is_named_on_every_edge_and_nothing_more_is_written(
    app: Flask, office: FlaskClient, statement: str, action: str, details: bytes | None
) -> None:
    case = taken(office, proposed(office).json, *FIRST_DUTIES)
    number = record_of(case, action)
    damaged(
        app.extensions["database"],
        statement,
        case=case["id"],
        number=number,
        **({"details": details} if details is not None else {}),
    )
    for path in ("", "/duties", "/points", "/papers"):
        answer = office.get(f"/api/v1/cases/{case['id']}{path}")
        assert (answer.status_code, answer.json["type"]) == (409, "urn:wenze:problem:case-damaged"), path
        assert f"第{number}条记录损坏或者缺失" in answer.json["detail"]
    assert take(office, case, first("serve_decision")).status_code == 409
    assert [row["id"] for row in office.get("/api/v1/cases").json] == [case["id"]]
    assert office.get(f"/api/v1/cases/{case['id']}/checkup").status_code == 200


@pytest.mark.parametrize("name", ["done_on", "recorded_at"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL keeps every value of its column's type
def test_a_torn_day_of_a_record_is_damage(app: Flask, office: FlaskClient, name: str) -> None:
    torn, sound = taken(office, proposed(office, "one").json, *FIRST_DUTIES), proposed(office, "two").json
    statement = f"UPDATE case_records SET {name} = 'yesterday' WHERE case_id = :case AND number = 4"
    damaged(app.extensions["database"], statement, case=torn["id"])
    answer = office.get(f"/api/v1/cases/{torn['id']}")
    assert (answer.status_code, "第4条记录损坏或者缺失" in answer.json["detail"]) == (409, True)
    assert {row["id"] for row in office.get("/api/v1/cases").json} == {torn["id"], sound["id"]}
    for path in ("checkup", "history"):
        assert office.get(f"/api/v1/cases/{torn['id']}/{path}").status_code == 200
    for path in ("todo", "export?format=jsonl", "export?format=xlsx"):
        assert office.get(f"/api/v1/{path}").status_code == 200


def test_the_daily_round_names_a_damaged_case_and_goes_on_to_the_next(app: Flask, office: FlaskClient) -> None:
    broken = taken(office, proposed(office, "one").json, *FIRST_DUTIES)
    sound = taken(office, proposed(office, "two").json, *FIRST_DUTIES)
    damaged(app.extensions["database"], CHANGE, case=broken["id"], number=record_of(broken, "decide"), details=b"{}")
    with reading(app.extensions["database"]) as session:
        found = [
            one for one in patrol(session, books(), today=first("file_decision").on) if one.kind.startswith("case_")
        ]
    assert (found[0].title, found[0].kind) == (f"问责案件 {broken['id'][:8]}", "case_damaged")
    assert f"第{record_of(broken, 'decide')}条记录" in found[0].what
    assert {one.title for one in found[1:]} == {f"问责案件 {sound['id'][:8]}"}
    assert "case_damaged" in {row["kind"] for row in office.get("/api/v1/todo").json["findings"]}


def test_the_command_ends_with_what_is_damaged(
    app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = taken(office, proposed(office).json, *FIRST_DUTIES)
    damaged(app.extensions["database"], CHANGE, case=case["id"], number=record_of(case, "decide"), details=b"{}")
    monkeypatch.setenv("DATABASE_URL", app.extensions["database"].url.render_as_string(hide_password=False))
    shown = CliRunner().invoke(main, ["case", "show", case["id"]])
    assert (shown.exit_code, f"第{record_of(case, 'decide')}条记录损坏或者缺失" in shown.stderr) == (2, True)
    assert case["id"] in CliRunner().invoke(main, ["case", "list"]).output
