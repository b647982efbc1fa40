"""Everything out again: held against the store, on both databases."""

from __future__ import annotations

import io
import json
import tracemalloc
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, select

from models.matter.matter import matter_fold
from models.matter.matters import MatterRow, RecordRow
from models.office import inspections
from models.office.inspection import Done
from models.people import posts, units
from models.people.organisation import Post
from models.people.units import Unit
from models.receipts.receipts import Receipt
from models.records.record import Actor, Hand, Record
from models.store import attachments
from models.store.database import connect, reading, snapshot, writing
from models.whole.everything import KINDS
from service.books import books
from service.cli import main
from service.documents.parts.cell_text import harmless
from service.usecases.entry import Entry
from service.usecases.exchange.export import export_lines, export_workbook
from service.usecases.matters.act_on_matter import read_matter
from service.usecases.recommending.evaluate_matter import keep_evaluation
from tests.audit_trail import damaged
from tests.conftest import example
from tests.registered import act_on_matter, open_matter

NOW = datetime(2026, 12, 31, 8, 30, tzinfo=UTC)
OFFICE = Actor("李四", "office")
LATE = "测试补录"
TITLE = '=HYPERLINK("http://example.edu")'


def fill(engine: Engine) -> str:
    """One of everything; the matter's id."""
    with writing(engine) as session:
        units.write(session, Unit(name="甲处", from_on=date(2020, 1, 1), email="a@example.edu"), ["甲", "＋旧名"])
        units.write(session, Unit(name="乙处", from_on=date(2020, 1, 1), to_on=date(2025, 12, 31)), [])
        posts.write(
            session,
            Post("1001", "张三", "甲处", "处长", "正职", "school_committee", date(2021, 1, 1)),
            by="测试",
            now=datetime.now(UTC),
        )
        details = {"title": TITLE, "category": "plan", "basis": "要点", "lead_unit": "甲处", "due_on": date(2026, 4, 30),
                   "assigned_on": date(2026, 1, 8), "source": "旧表"}  # fmt: skip
        found = open_matter(
            session, books(), Entry("carry_over", details, OFFICE, date(2026, 1, 8), "测试", late_reason=LATE), now=NOW
        )
        urging = Entry(
            "urge",
            {"responsible": "王五", "channel": "telephone"},
            OFFICE,
            date(2026, 5, 4),
            "测试",
            late_reason=LATE,
        )
        act_on_matter(session, books(), found.id, urging, expected=1, now=NOW)
        attachments.add(session, attachments.Attachment(
            id="a1", matter_id=found.id, sha256="0" * 64, file_name="-材料.pdf", media_type="application/pdf", size=12,
            uploaded_at=NOW, uploaded_by="测试",
        ))  # fmt: skip
        done = Done("joint", None, date(2026, 2, 2), None, "专项", ("教务处", "人事处"))
        inspections.add(session, "i1", done, note="无", now=NOW, entered_by="测试")
        case = {name: part for name, part in example("plan-task-missed").items() if name != "matter"}
        keep_evaluation(session, books(), found.id, case, actor="测试", now=NOW)
    return found.id


def exported(engine: Engine) -> list[tuple[str, dict[str, Any]]]:
    with snapshot(engine) as session:
        found = [json.loads(line) for line in export_lines(session, books(), now=NOW)]
    return [(line["type"], line["data"]) for line in found]


def as_json(value: Any) -> Any:
    """A stored value as it stands in a line."""
    if isinstance(value, bytes):
        return json.loads(value)
    return value.isoformat() if isinstance(value, date) else value


def test_the_lines_hold_what_the_store_holds(engine: Engine) -> None:
    fill(engine)
    lines = exported(engine)
    with reading(engine) as session:
        for kind, table in KINDS.items():
            stored = [dict(row) for row in session.execute(select(*table.__table__.columns)).mappings()]
            found = [data for name, data in lines if name == kind]
            assert len(found) == len(stored) > 0
            for row in stored:
                wanted = {name: as_json(value) for name, value in row.items()}
                if "hand" in wanted.get("details", {}):
                    wanted["hand"] = wanted["details"].pop("hand")
                assert any(wanted.items() <= data.items() for data in found)
    assert [data["aliases"] for name, data in lines if name == "unit"] == [[], ["甲", "＋旧名"]]


def test_a_matter_can_be_made_again_from_its_lines(engine: Engine) -> None:
    matter_id = fill(engine)
    records = []
    for kind, data in exported(engine):
        if kind == "record":
            actor = Actor(data["actor_name"], data["actor_kind"], data["actor_unit"], data["hand"]["actor"])
            details = {k: date.fromisoformat(v) if k.endswith("_on") and v else v for k, v in data["details"].items()}
            day, moment = date.fromisoformat(data["done_on"]), datetime.fromisoformat(data["recorded_at"])
            kept = {name: data["hand"][name] for name in ("vouched", "enterer", "late_reason", "asked")}
            hand = Hand(actor, data["entered_by"], **kept)
            records.append(Record(data["number"], data["action"], day, hand, details, moment))
    with reading(engine) as session:
        assert matter_fold(records, books().usual.ledger.actions) == read_matter(session, books(), matter_id).matter


def test_an_evaluation_goes_out_with_its_receipt_byte_for_byte(engine: Engine) -> None:
    fill(engine)
    (data,) = (data for kind, data in exported(engine) if kind == "evaluation")
    with reading(engine) as session:
        receipt = session.scalars(select(Receipt)).one()
    assert data["recommendation"].encode() == receipt.recommendation
    assert (data["facts"].encode(), data["sha256"]) == (receipt.facts, receipt.sha256)


def test_a_torn_receipt_ends_no_export(engine: Engine) -> None:
    fill(engine)
    damaged(engine, "UPDATE receipts SET recommendation = :torn", torn=b"\xff{}")
    lines = exported(engine)
    assert [data["recommendation"] for kind, data in lines if kind == "evaluation"] == ["\ufffd{}"]
    assert lines[-1][0] == "end"


def test_the_last_line_counts_so_that_a_part_is_known_as_one(engine: Engine) -> None:
    fill(engine)
    lines = exported(engine)
    assert (lines[0][0], lines[0][1]["exported_at"]) == ("begin", NOW.isoformat())
    assert lines[-1] == (
        "end",
        {"unit": 2, "post": 1, "matter": 1, "record": 2, "attachment": 1, "inspection": 1, "evaluation": 1},
    )


def test_an_export_sees_one_moment_and_a_writer_loses_nothing(engine: Engine) -> None:
    fill(engine)

    def write() -> None:
        with writing(engine) as session:
            session.add(Unit(name="丙处", from_on=date(2026, 1, 1)))

    with ThreadPoolExecutor(1) as pool:
        with snapshot(engine) as session:
            lines = export_lines(session, books(), now=NOW)
            found = [json.loads(next(lines)) for _ in range(2)]
            writer = pool.submit(write)
            wait([writer], timeout=0.5)  # where SQLite keeps no log of writes, the writer waits in its queue
            found += [json.loads(line) for line in lines]
        writer.result(timeout=10)
    assert found[-1]["data"]["unit"] == 2
    assert exported(engine)[-1][1]["unit"] == 3


def opened(raw: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(raw))


def test_the_sheets_are_in_chinese_and_no_text_can_be_a_formula(engine: Engine) -> None:
    matter_id, out = fill(engine), io.BytesIO()
    with snapshot(engine) as session:
        export_workbook(session, books(), out)
    book = opened(out.getvalue())
    assert book.sheetnames == ["单位", "任职", "事项", "记录", "附件", "督查", "处理建议"]
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    assert sheets["单位"][2] == ("甲处", "2020-01-01", None, "a@example.edu", "甲、＋旧名")
    assert sheets["任职"][1][4:6] == ("正职", "学校党委管理")
    assert sheets["事项"][1] == (
        "督〔2026〕1号", matter_id, "'" + TITLE, "规划计划", "甲处", "办理中", "2026-04-30", 2
    )  # fmt: skip
    assert sheets["记录"][2][2:8] == (
        "催办",
        "2026-05-04",
        "李四",
        "督查督办工作办公室",
        None,
        "责任人：王五\n渠道：电话",
    )
    assert [row[9:] for row in sheets["记录"]] == [("记入人", "补录"), ("测试", "补录"), ("测试", "补录")]
    assert sheets["附件"][1][2:5] == ("'-材料.pdf", "application/pdf", 12)
    assert sheets["督查"][1][:5] == ("联合督查", None, "2026-02-02", "专项", "教务处、人事处")
    assert sheets["记录"][1][8] == "2026-12-31 16:30:00"
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"])
def test_what_a_spreadsheet_could_take_for_a_formula_is_marked_as_text(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["", "甲处", "1=1", "2026-01-01"])
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(engine: Engine) -> None:
    fill(engine)
    with writing(engine) as session:
        found = session.scalars(select(MatterRow)).one()
        details = {
            "note": "长" * 20_000,
            "problems": "长" * 20_000,
            "coordination": "长" * 20_000,
        }
        act_on_matter(
            session,
            books(),
            found.id,
            Entry("supervise", details, OFFICE, date(2026, 6, 1), "测试", late_reason=LATE),
            expected=2,
            now=NOW,
        )
    out = io.BytesIO()
    with snapshot(engine) as session:
        export_workbook(session, books(), out)
    said = opened(out.getvalue())["记录"][4][7].value
    assert len(said) == 32_767
    assert said.endswith("全文见 JSON Lines 导出）")


@pytest.mark.parametrize("kind", ["jsonl", "xlsx"])
def test_a_large_ledger_is_exported_in_little_memory(engine: Engine, kind: str) -> None:
    matter_id = fill(engine)
    row = {"matter_id": matter_id, "action": "supervise", "done_on": date(2026, 6, 1), "actor_name": "李四", "actor_kind": "office",
           "actor_unit": None, "details": json.dumps({"note": "督办内容" * 100}).encode(), "recorded_at": NOW,
           "entered_by": "测试", "request_key": None}  # fmt: skip
    with writing(engine) as session:
        session.execute(insert(RecordRow), [row | {"number": number} for number in range(3, 5_003)])
    with snapshot(engine) as session:
        next(iter(export_lines(session, books(), now=NOW)))
        out = io.BytesIO()
        export_workbook(session, books(), out)  # its libraries are loaded
    tracemalloc.start()
    with snapshot(engine) as session:
        if kind == "jsonl":
            assert sum(len(line) for line in export_lines(session, books(), now=NOW)) > 7_000_000
        else:
            export_workbook(session, books(), io.BytesIO())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_700_000


def test_the_command_writes_whole_files_or_to_the_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    run = CliRunner().invoke
    assert run(main, ["db", "upgrade", "--new"]).exit_code == 0
    engine = connect(f"sqlite:///{tmp_path / 'wenze.sqlite3'}")
    fill(engine)
    engine.dispose()
    shown = run(main, ["ledger", "export"])
    assert [json.loads(line)["type"] for line in shown.stdout.splitlines()][-1] == "end"
    for kind in ("jsonl", "xlsx"):
        out = tmp_path / f"全部.{kind}"
        done = run(main, ["ledger", "export", "--format", kind, "--out", str(out)])
        assert (done.exit_code, done.stderr.splitlines()[1:]) == (0, [f"已写入 {out}"])
        assert not out.with_name(out.name + ".part").exists()
    assert (tmp_path / "全部.jsonl").read_text(encoding="utf-8").splitlines()[1:] == shown.stdout.splitlines()[1:]
    assert opened((tmp_path / "全部.xlsx").read_bytes())["事项"].max_row == 2


def test_the_interface_sends_both_formats(app: Flask, client: FlaskClient) -> None:
    fill(app.extensions["database"])
    lines = client.get("/api/v1/export")
    assert lines.mimetype == "application/x-ndjson"
    assert json.loads(lines.data.splitlines()[-1])["data"]["matter"] == 1
    sheets = client.get("/api/v1/export?format=xlsx")
    assert opened(sheets.data)["事项"].max_row == 2
    assert "attachment" in sheets.headers["Content-Disposition"]
    assert client.get("/api/v1/export?format=pdf").status_code == 400
