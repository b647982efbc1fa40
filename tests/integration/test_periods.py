"""A row of the influence-period table is confirmed by an act of an operator, and withdrawn by another; nothing is overwritten."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.office import periods
from models.schemas.errors import CaseFileError
from models.store.database import reading, writing
from rules.book.loading import load_rulebook
from service.books import books
from service.cli import main
from service.usecases.adopting.influence_periods import book_in_use, confirm_period, withdraw_period
from tests.integration.case_office import proposed, take, taken
from tests.integration.test_cases_api import STEPS
from tests.lawful_case import ORGANISATION, step, until

NOW = datetime(2027, 6, 1, 4, tzinfo=UTC)
ASKED = {"row": "admonition", "by": "学校党委", "on": "2026-03-01", "document": "党委会纪要〔2026〕3号"}
ENDED = step("end_period", ORGANISATION, "2026-11-20", person="P1")


def confirm(app: Flask, **change: Any) -> None:
    with writing(app.extensions["database"]) as session:
        confirm_period(session, books(), ASKED | change, now=NOW, entered_by="测试")


def withdraw(app: Flask, row: str = "admonition") -> None:
    with writing(app.extensions["database"]) as session:
        withdraw_period(session, books(), {"row": row, "reason": "文件已经废止"}, now=NOW, entered_by="测试")


def rows(client: FlaskClient) -> dict[str, Any]:
    return {row["id"]: row for row in client.get("/api/v1/periods").json}


def test_a_confirmed_row_is_answered_with_who_confirmed_it_until_that_is_withdrawn(
    app: Flask, client: FlaskClient
) -> None:
    assert {row["confirmed_by"] for row in rows(client).values()} == {None}
    confirm(app)
    row = rows(client)["admonition"]
    assert (row["confirmed_by"], row["confirmed_on"], row["document"]) == tuple(
        ASKED[key] for key in ("by", "on", "document")
    )
    assert (row["months"], row["mark"], row["applied"]) == (6, "S", True)
    withdraw(app)
    assert rows(client)["admonition"]["applied"] is False
    confirm(app, months=12)
    assert rows(client)["admonition"]["months"] == 12
    with reading(app.extensions["database"]) as session:
        assert [made.kind for made in periods.every(session)] == ["confirm", "withdraw", "confirm"]
        assert book_in_use(session, books()).sha256 == load_rulebook().sha256


def test_what_was_written_down_of_a_row_cannot_be_changed(app: Flask) -> None:
    confirm(app)
    for verb in ("UPDATE period_acts SET months = 1", "DELETE FROM period_acts"):
        with pytest.raises(DBAPIError, match="immutable"), writing(app.extensions["database"]) as session:
            session.execute(text(verb))


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"row": "flogging", "on": "2030-02-30"}, ["row", "on"]),
        ({"on": "2030-01-01", "months": 0}, ["on", "months"]),
        ({"by": " ", "document": "", "on": "昨天", "months": 500, "start": "birth"}, ["by", "on", "document", "months", "start"]),
        ({"colour": "红"}, ["colour"]),
    ],
    ids=["no such row, no such day", "a day to come, no months", "every field", "unknown field"],
)  # fmt: skip
def test_every_fault_of_a_confirmation_is_told_at_once_and_nothing_is_written(
    app: Flask, change: Any, paths: list[str]
) -> None:
    with pytest.raises(CaseFileError) as error:
        confirm(app, **change)
    assert [fault.path for fault in error.value.errors] == paths
    with reading(app.extensions["database"]) as session:
        assert periods.every(session) == []


def test_a_row_is_confirmed_once_and_withdrawn_once(app: Flask) -> None:
    with pytest.raises(CaseFileError, match="没有可以撤回的确认"):
        withdraw(app)
    confirm(app)
    with pytest.raises(CaseFileError, match="已经确认"):
        confirm(app)
    withdraw(app)
    with pytest.raises(CaseFileError, match="没有可以撤回的确认"):
        withdraw(app)


def test_the_second_of_two_confirmations_at_once_is_not_written(app: Flask) -> None:
    confirm(app)
    with writing(app.extensions["database"]) as session:
        made = periods.every(session)[0]
        assert not periods.add(session, made)
    with reading(app.extensions["database"]) as session:
        assert len(periods.every(session)) == 1


def test_a_case_ends_its_period_by_the_row_and_the_document_and_keeps_them_when_they_are_withdrawn(
    app: Flask, office: FlaskClient
) -> None:
    done = taken(office, proposed(office).json, *until("appeal", STEPS)[1:])
    refused = take(office, done, ENDED)
    assert {row["guard"] for row in refused.json["refusals"]} == {"period_confirmed", "period_over"}
    confirm(app, months=4)
    assert "end_period" in office.get(f"/api/v1/cases/{done['id']}").json["persons"][0]["remaining"]
    assert period_of(office, done)["nominal"] == "2026-10-20"
    ended = taken(office, done, ENDED)
    rested_on = {"row": "admonition", "label": "诫勉", "months": 4, "ends_on": "2026-10-20", "confirmed_by": ASKED["by"],
                 "confirmed_on": ASKED["on"], "document": ASKED["document"]}  # fmt: skip
    assert ended["records"][-1]["details"]["period"] == rested_on
    withdraw(app)
    confirm(app, months=12)
    now = office.get(f"/api/v1/cases/{done['id']}").json
    assert now["records"][-1]["details"]["period"] == rested_on
    told = period_of(office, done)
    assert (told["state"], told["nominal"], told["source"]) == ("done", "2026-10-20", "superior")


def test_a_row_that_starts_on_another_day_than_the_decision_gives_no_date(app: Flask, office: FlaskClient) -> None:
    done = taken(office, proposed(office).json, *until("appeal", STEPS)[1:])
    confirm(app, start="approval")
    assert period_of(office, done)["nominal"] is None
    assert {row["guard"] for row in take(office, done, ENDED).json["refusals"]} >= {"period_confirmed"}


def period_of(office: FlaskClient, case: Any) -> Any:
    (told,) = office.get(f"/api/v1/cases/{case['id']}/duties").json
    return next(row for row in told["duties"] if row["id"] == "influence_period")


@pytest.fixture
def embedded_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert CliRunner().invoke(main, ["db", "upgrade", "--new"]).exit_code == 0


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["periods", *words])


@pytest.mark.usefixtures("embedded_ledger")
def test_rows_are_confirmed_listed_and_withdrawn_on_the_command_line() -> None:
    assert run("list").output.count("尚未确认，不产生日期") == len(load_rulebook().periods)
    words = ["admonition", "--by", "学校党委", "--on", "2026-03-01", "--document", "党委会纪要"]
    said = "诫勉　6个月，自问责决定之日起　2015年提醒、函询和诫勉实施细则（条号待核）（只有间接来源）　学校党委 2026-03-01 依据党委会纪要确认"
    assert said in run("confirm", *words).output
    assert said in run("list").output
    refused = run("confirm", "诫勉", "--by", "学校党委", "--on", "2199-01-01", "--document", "纪要")
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (2, 3)
    assert run("withdraw", "诫勉", "--reason", "文件已经废止").stdout == "已撤回：admonition\n"
    assert said not in run("list").output
    other = run("confirm", "party_warning", *words[1:])
    assert "不推算日期" in other.output
