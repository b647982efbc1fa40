"""Every column of a matter's records and row, torn: every list goes on, and the daily round names what it left out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from models.store.matters import MatterRow, RecordRow
from service.cli import main
from tests.audit_trail import damaged
from tests.integration.ledger_office import assigned
from tests.integration.pages import signed_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL keeps values of their type
UNDECODABLE = "CAST(x'ff41' AS TEXT)"
TORN = (UNDECODABLE, "x'ff'", "'garbage'")
NAMES = ("actor_name", "actor_unit", "entered_by")
PATHS = ("/", "/matters", "/api/v1/matters", "/api/v1/todo", "/api/v1/export")


@pytest.fixture
def clerk(app: Flask, office: FlaskClient) -> FlaskClient:
    return signed_in(app, "office_clerk")


def torn(path: Path, table: str, where: str, columns: list[str]) -> Iterator[tuple[str, str]]:
    """Each column with each torn value in turn; the row is as it was after each."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for column in columns:
            at, sound = connection.execute(f"SELECT rowid, {column} FROM {table} WHERE {where}").fetchone()
            for value in TORN:
                try:
                    connection.execute(f"UPDATE {table} SET {column} = {value} WHERE rowid = {at}")
                except sqlite3.IntegrityError:  # no row number is a text
                    continue
                yield column, value
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = {at}", [sound])


def answers(office: FlaskClient, clerk: FlaskClient, tmp_path: Path, case: tuple[str, str]) -> dict[str, Any]:
    """Everything that reads all matters, with how it ended."""
    found = {path: (office if path.startswith("/api") else clerk).get(path) for path in PATHS}
    for answer in found.values():
        assert answer.data
        answer.close()
    ended: dict[str, Any] = {path: answer.status_code for path, answer in found.items() if answer.status_code != 200}
    out = tmp_path / "out.jsonl"
    out.unlink(missing_ok=True)
    outputs = []
    for command in (["patrol"], ["matter", "list"], ["ledger", "export", "--out", str(out)], ["db", "review"]):
        run = CliRunner().invoke(main, command)
        outputs.append(run.output)
        if run.exit_code:
            ended[" ".join(command)] = run.exception, run.output
    assert not ended, (case, ended)
    return found | {"patrol": outputs[0]}


@pytest.fixture
def two(app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Any, Any]:
    """The file of the database, which refuses nothing, a sound matter and the one to be torn."""
    url = app.extensions["database"].url
    monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
    found = assigned(office, title="完好的事项"), assigned(office, title="损坏的事项")
    damaged(app.extensions["database"])
    return Path(url.database), *found


def test_a_torn_record_ends_no_list(
    two: tuple[Path, Any, Any], office: FlaskClient, clerk: FlaskClient, tmp_path: Path
) -> None:
    path, sound, other = two
    where = f"matter_id = '{other['id']}' AND number = 2"
    for case in torn(path, "records", where, [column.name for column in RecordRow.__table__.columns]):
        found, (column, value) = answers(office, clerk, tmp_path, case), case
        assert clerk.get(f"/matters/{sound['id']}").status_code == 200, case
        page = clerk.get(f"/matters/{other['id']}").status_code
        if column == "request_key" or (column in NAMES and value == "'garbage'"):
            assert page == 200, case  # a text like any other, or what nothing is read from
            continue
        assert page == 409, case
        left_out = [
            one["matter_id"] for one in found["/api/v1/todo"].json["findings"] if one["kind"] == "matter_damaged"
        ]
        assert left_out == [other["id"]], case
        assert "损坏" in found["patrol"], case
        assert "损坏" in found["/"].text, case


def test_a_torn_row_ends_no_list(
    two: tuple[Path, Any, Any], office: FlaskClient, clerk: FlaskClient, tmp_path: Path
) -> None:
    path, sound, other = two
    for case in torn(path, "matters", "title = '损坏的事项'", [c.name for c in MatterRow.__table__.columns]):
        found, (column, value) = answers(office, clerk, tmp_path, case), case
        assert clerk.get(f"/matters/{sound['id']}").status_code == 200, case
        page = clerk.get(f"/matters/{other['id']}").status_code
        assert len(found["/api/v1/matters"].json) == 2, case
        if value == "'garbage'" and column in ("title", "category", "lead_unit", "open_key"):
            assert page == 200, case  # a text like any other: no matter is read from it
            continue
        assert page == (404 if column == "id" else 409), case
        left_out = [one for one in found["/api/v1/todo"].json["findings"] if one["kind"] == "matter_damaged"]
        assert len(left_out) == 1, case
        assert "损坏" in found["patrol"], case
        assert "损坏" in found["/"].text, case
        if (column, value) != ("id", "'garbage'"):  # a text like any other, whose records are missing
            assert [one.get("damaged", False) for one in found["/api/v1/matters"].json] == [False, True], case
            assert "登记行损坏" in found["/matters"].text, case
