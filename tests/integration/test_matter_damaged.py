"""A matter whose stored records were damaged: refused on every edge by the number of the record, and lists go on without it."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from io import BytesIO
from typing import Any

import docx
import openpyxl
import orjson
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from models.store.database import writing
from service.cli import main
from tests.audit_trail import damaged
from tests.integration.case_office import proposed
from tests.integration.ledger_office import LEADER, OFFICE, UNIT, act, assigned, opened

REQUIRED = {"propose": "title", "register": "route", "assign": "channel", "acknowledge": "signed_by",
            "progress": "note", "request_extension": None, "decide_extension": "granted", "report": "result", "accept": None}  # fmt: skip


def lived(office: FlaskClient) -> Any:
    """A matter with a record of each kind that the fold reads."""
    matter = assigned(office)
    steps: tuple[tuple[str, str, Any, dict[str, Any]], ...] = (
        ("acknowledge", "2026-01-09", UNIT, {"signed_by": "王五"}),
        ("progress", "2026-02-01", UNIT, {"note": "进行中"}),
        ("request_extension", "2026-03-01", UNIT, {"reason": "资料未齐", "progress": "过半"}),
        ("decide_extension", "2026-03-02", LEADER, {"granted": True, "new_due_on": "2026-05-30", "measures": "加紧"}),
        ("report", "2026-05-01", UNIT, {"result": "已完成"}),
        ("accept", "2026-05-06", OFFICE, {"opinion": "符合要求"}),
    )
    for action, on, actor, details in steps:
        answer = act(office, matter, action, on, actor, **details)
        assert answer.status_code == 200, answer.json
        matter = answer.json
    return matter


AT = "WHERE matter_id = :matter AND number = :number"
TORN = f"UPDATE records SET details = :details {AT}"
COPY = (
    "INSERT INTO records (matter_id, number, action, done_on, actor_name, actor_kind, actor_unit, details, recorded_at,"
    " entered_by) SELECT matter_id, :other, action, done_on, actor_name, actor_kind, actor_unit, details, recorded_at,"
    f" entered_by FROM records {AT}"
)
SWAP = (
    "UPDATE records SET number = 900 WHERE matter_id = :matter AND number = :number",
    "UPDATE records SET number = :number WHERE matter_id = :matter AND number = :other",
    "UPDATE records SET number = :other WHERE matter_id = :matter AND number = 900",
)


def kinds(
    number: int, action: str, details: dict[str, Any], last: int
) -> dict[str, tuple[int, tuple[str, ...], dict[str, Any]]]:
    """Every kind of damage of a record: the number that is named, the statements, their values."""
    found: dict[str, tuple[int, tuple[str, ...], dict[str, Any]]] = {
        "missing": (number, (f"DELETE FROM records {AT}",), {}),
        "no JSON": (number, (TORN,), {"details": b"torn"}),
        "no object": (number, (TORN,), {"details": b"[1]"}),
        "unknown action": (number, (f"UPDATE records SET action = 'flog' {AT}",), {}),
        "surplus": (last + 1, (COPY,), {"other": last + 1}),
        "a wrong number": (1, (COPY,), {"other": 0}),
        "a later number": (number, (f"UPDATE records SET number = 77 {AT}",), {}),
        "version": (last, ("UPDATE matters SET version = version - 1 WHERE id = :matter",), {}),
    }
    if action in ("propose", "request_extension", "report"):  # the next builds on it
        found["out of order"] = number, SWAP, {"other": number + 1}
    if name := REQUIRED[action]:
        found["a detail lost"] = number, (TORN,), {"details": orjson.dumps({**details, name: None})}
        rest = {key: value for key, value in details.items() if key != name}
        found["a detail gone"] = number, (TORN,), {"details": orjson.dumps(rest)}
        found["a detail of another kind"] = number, (TORN,), {"details": orjson.dumps({**details, name: 7})}
    if days := [key for key in details if key.endswith("_on") and details[key]]:
        found["no day"] = number, (TORN,), {"details": orjson.dumps({**details, days[0]: "yesterday"})}
    return found


def test_every_damage_of_every_record_is_named_on_every_edge_and_lists_go_on(
    app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", app.extensions["database"].url.render_as_string(hide_password=False))
    sound = lived(office)
    whole = office.get(f"/api/v1/matters/{sound['id']}").json
    last = len(whole["records"])
    seen = set()
    for record in whole["records"]:
        with writing(app.extensions["database"]) as session:
            wanted = text("SELECT details FROM records WHERE matter_id = :matter AND number = :number")
            raw = session.execute(wanted, {"matter": sound["id"], "number": record["number"]}).scalar_one()
        stored = orjson.loads(bytes(raw))
        for kind, (named, statements, values) in kinds(record["number"], record["action"], stored, last).items():
            matter = office_copy(app, sound["id"], f"{record['number']}-{kind}")
            values = {"other": None, "details": None} | values
            damaged(app.extensions["database"], *statements, matter=matter, number=record["number"], **values)
            answer = office.get(f"/api/v1/matters/{matter}")
            assert (answer.status_code, answer.json["type"]) == (409, "urn:wenze:problem:matter-damaged"), (
                kind,
                record,
            )
            assert f"第{named}条记录" in answer.json["detail"], (kind, record, answer.json["detail"])
            seen.add(kind)
    assert len(seen) == 13
    assert office.get("/api/v1/matters").status_code == 200
    assert office.get("/api/v1/todo").status_code == 200
    for kind in ("jsonl", "xlsx"):
        assert office.get(f"/api/v1/export?format={kind}").status_code == 200, kind


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL keeps every value of its column's type
def test_a_column_that_is_no_longer_of_its_type_is_damage_and_lists_go_on(app: Flask, office: FlaskClient) -> None:
    sound = assigned(office)
    torn = [
        (name, value) for name in ("done_on", "recorded_at") for value in ("yesterday", "2026-13-45", b"\xff", 7, "")
    ]
    torn += [("details", "文字"), *((name, b"\xff") for name in ("action", "actor_name", "actor_unit", "entered_by"))]
    for name, value in torn:
        matter = office_copy(app, sound["id"], f"{name} {value!r}")
        damaged(
            app.extensions["database"], f"UPDATE records SET {name} = :value {AT}", matter=matter, number=2, value=value
        )
        answer = office.get(f"/api/v1/matters/{matter}")
        assert (answer.status_code, answer.json.get("type")) == (409, "urn:wenze:problem:matter-damaged"), (name, value)
        assert "第2条记录" in answer.json["detail"]
    for path in ("matters", "todo", "export?format=jsonl", "export?format=xlsx", f"matters/{sound['id']}"):
        assert office.get(f"/api/v1/{path}").status_code == 200, path
    assert len(office.get("/api/v1/matters").json) == len(torn) + 1


def office_copy(app: Flask, matter_id: str, key: str) -> str:
    """The same history once more, under another id."""
    new = str(uuid.uuid5(uuid.NAMESPACE_OID, key))
    with writing(app.extensions["database"]) as session:
        session.execute(
            text(
                "INSERT INTO matters (id, title, category, lead_unit, state, due_on, version) SELECT :new, title,"
                " category, lead_unit, state, due_on, version FROM matters WHERE id = :old"
            ),
            {"new": new, "old": matter_id},
        )
        session.execute(
            text(
                "INSERT INTO records (matter_id, number, action, done_on, actor_name, actor_kind, actor_unit, details,"
                " recorded_at, entered_by) SELECT :new, number, action, done_on, actor_name, actor_kind, actor_unit,"
                " details, recorded_at, entered_by FROM records WHERE matter_id = :old"
            ),
            {"new": new, "old": matter_id},
        )
    return new


@pytest.fixture
def broken(app: Flask, office: FlaskClient) -> Any:
    """A sound matter beside one whose assignment lost its details."""
    sound, torn = assigned(office, title="完好的事项"), assigned(office, title="损坏的事项")
    damaged(app.extensions["database"], TORN, matter=torn["id"], number=3, details=b"{}")
    return sound, torn


def test_nothing_is_made_of_a_damaged_matter_and_nothing_written(
    app: Flask, office: FlaskClient, broken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, torn = broken
    for path in ("", "/case", "/registration-form", "/urging-notice", "/archive-package"):
        answer = office.get(f"/api/v1/matters/{torn['id']}{path}")
        assert (answer.status_code, answer.json["type"]) == (409, "urn:wenze:problem:matter-damaged"), path
    assert act(office, torn, "progress", "2026-02-01", UNIT, note="x").status_code == 409
    monkeypatch.setenv("DATABASE_URL", app.extensions["database"].url.render_as_string(hide_password=False))
    shown = CliRunner().invoke(main, ["matter", "show", torn["id"]])
    assert (shown.exit_code, "第3条记录损坏或者缺失" in shown.stderr) == (2, True), shown.output
    assert torn["number"] in CliRunner().invoke(main, ["matter", "list"]).output


def test_what_counts_leaves_a_damaged_matter_out_and_names_it(office: FlaskClient, broken: Any) -> None:
    _, torn = broken
    told = office.get("/api/v1/bulletin?format=json&first=2026-01-01&last=2026-03-31").json
    assert told["whole"]["assigned"] == 1
    assert told["left_out"] == [f"{torn['number']}（第3条记录）"]
    found = [row for row in office.get("/api/v1/todo").json["findings"] if row["kind"] == "matter_damaged"]
    assert [row["matter_id"] for row in found] == [torn["id"]]
    table = office.get("/api/v1/status-table?format=xlsx&cutoff=2026-03-31&submit_by=2026-03-31")
    assert table.status_code == 200
    said = f"另有1个事项的记录损坏或者缺失，没有计入：{torn['number']}（第3条记录）。"
    assert said in office.get("/api/v1/assessment?year=2026&format=csv").data.decode("utf-8-sig")
    sheet = openpyxl.load_workbook(BytesIO(office.get("/api/v1/assessment?year=2026&format=xlsx").data)).active
    assert [cell.value for cell in sheet["A"]][-1].endswith(said)
    drawn = docx.Document(BytesIO(office.get("/api/v1/assessment?year=2026&format=docx").data))
    assert any(paragraph.text.endswith(said) for paragraph in drawn.paragraphs)
    assert opened(office, title="此后").status_code == 201


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_case_whose_matter_is_gone_is_there_and_says_what_is_missing(app: Flask, office: FlaskClient) -> None:
    case = proposed(office).json
    with closing(sqlite3.connect(app.extensions["database"].url.database)) as tampering, tampering:
        tampering.execute("DROP TRIGGER records_no_delete")
        tampering.executescript("DELETE FROM records; DELETE FROM desk; DELETE FROM matters;")
    for path in (f"/api/v1/cases/{case['id']}/papers", f"/api/v1/cases/{case['id']}/archive-package"):
        answer = office.get(path)
        assert (answer.status_code, "登记行损坏或者缺失" in answer.json["detail"]) == (409, True), answer.json
    assert office.get("/api/v1/cases").status_code == office.get("/api/v1/todo").status_code == 200
