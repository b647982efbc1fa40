"""Annex 3 drawn, filled in and read back, on both databases."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from models.people.units import Unit
from models.records.record import Actor
from models.store.database import connect, reading, writing
from service.books import books
from service.cli import main
from service.documents.ledger.sheets import as_xlsx
from service.usecases.entry import Entry
from service.usecases.exchange.import_report import ImportReport
from service.usecases.exchange.import_status_table import Sender, import_status_table, read_status_table
from service.usecases.matters.act_on_matter import MatterOutcome, read_matter
from service.usecases.matters.forms import status_table_of
from tests.backdated import moment
from tests.registered import act_on_matter, open_matter, register

NOW = datetime(2026, 12, 31, tzinfo=UTC)
OFFICE = Actor("李四", "office")
ON = date(2026, 5, 26)
SENDER = Sender(Actor("王五", "unit", "甲处"), ON, "测试")
Fill = Callable[[Any, Any], None]


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with writing(engine) as session:
        session.add_all([Unit(name=name, from_on=date(2020, 1, 1)) for name in ("甲处", "乙处")])
    return engine


def carried_over(engine: Engine, title: str, unit: str = "甲处", on: str = "2026-01-08") -> MatterOutcome:
    day = date.fromisoformat(on)
    details = {"title": title, "category": "plan", "basis": "要点", "lead_unit": unit, "due_on": date(2026, 6, 30),
               "assigned_on": day, "source": "旧表"}  # fmt: skip
    with writing(engine) as session:
        return open_matter(session, books(), Entry("carry_over", details, OFFICE, day, "测试"), now=moment(day))


def act(engine: Engine, found: MatterOutcome, action: str, on: str, actor: Actor, **details: Any) -> MatterOutcome:
    with writing(engine) as session:
        entry = Entry(action, details, actor, date.fromisoformat(on), "测试")
        version = read_matter(session, books(), found.id).matter.version
        return act_on_matter(session, books(), found.id, entry, expected=version, now=moment(entry.on))


def drawn(engine: Engine) -> bytes:
    with reading(engine) as session:
        month = date(2026, 5, 25)
        return as_xlsx(status_table_of(session, books(), month=month, cutoff=month, submit_by=date(2026, 5, 28)))


def filled(raw: bytes, fill: Fill | None = None, **rows: tuple[str | None, str | None]) -> bytes:
    """The table with some rows filled in, by their titles; ``fill`` may change the sheet and the workbook."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet: Any = book["办理情况表"]
    for row in sheet.iter_rows(min_row=5):
        if row[3].value in rows:
            row[4].value, row[5].value = rows[row[3].value]
    if fill is not None:
        fill(sheet, book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def brought(
    engine: Engine, raw: bytes, sender: Sender = SENDER, *, apply: bool = True, name: str = "表.xlsx"
) -> ImportReport:
    with writing(engine) as session:
        return import_status_table(
            session, books(), read_status_table(raw, name, books()), sender, apply=apply, now=moment(sender.on)
        )


def records(engine: Engine, found: MatterOutcome) -> list[tuple[Any, ...]]:
    with reading(engine) as session:
        matter = read_matter(session, books(), found.id).matter
    return [
        (r.action, r.on, r.actor.name, r.actor.unit, dict(r.details)) for r in matter.records[found.matter.version :]
    ]


def problems(report: ImportReport) -> list[str]:
    return [problem for row in report.rows for problem in row.problems]


def test_a_row_filled_in_becomes_a_record_of_the_unit(engine: Engine) -> None:
    done, going, silent = (carried_over(engine, title) for title in ("事项一", "事项二", "事项三"))
    report = brought(engine, filled(drawn(engine), 事项一=("是", "已完成\n全部材料"), 事项二=("否", "过半")))
    assert [(row.line, row.outcome) for row in report.rows] == [(5, "new"), (6, "new"), (7, "same")]
    assert report.applied
    assert records(engine, done) == [("report", ON, "王五", "甲处", {"result": "已完成\n全部材料"})]
    assert records(engine, going) == [("progress", ON, "王五", "甲处", {"note": "过半"})]
    assert records(engine, silent) == []


def test_a_table_that_nobody_filled_in_changes_nothing(engine: Engine) -> None:
    found = carried_over(engine, "事项一")
    act(engine, found, "progress", "2026-03-01", Actor("王五", "unit", "甲处"), note="=1+1 过半\r\n")
    report = brought(engine, drawn(engine))
    assert [row.outcome for row in report.rows] == ["same"]
    assert brought(engine, drawn(engine), Sender(Actor("某", "unit", "丙处"), ON, "测试")).applied


def test_the_visible_sheet_has_exactly_the_form_and_the_hidden_one_cannot_be_unhidden_by_menu(engine: Engine) -> None:
    found = carried_over(engine, "事项一")
    book = openpyxl.load_workbook(io.BytesIO(drawn(engine)))
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [("办理情况表", "visible"), ("wenze", "veryHidden")]
    assert [cell.value for cell in book["办理情况表"][4]] == [
        "序号",
        "布置时间",
        "承办部门",
        "内容",
        "是否落实",
        "落实情况",
    ]
    assert [cell.value for cell in book["wenze"][1]][:2] == [found.id, "1"]


def test_a_dry_run_says_the_same_and_leaves_nothing(engine: Engine) -> None:
    found = carried_over(engine, "事项一")
    raw = filled(drawn(engine), 事项一=("是", "已完成"))
    tried = brought(engine, raw, apply=False)
    assert (tried.applied, records(engine, found)) == (False, [])
    assert tried.rows == brought(engine, raw).rows


def test_the_same_file_twice_happens_once(engine: Engine) -> None:
    found = carried_over(engine, "事项一")
    raw = filled(drawn(engine), 事项一=("", "过半"))
    outcomes = [brought(engine, raw).rows[0].outcome for _ in range(2)]
    assert (outcomes, len(records(engine, found))) == (["new", "same"], 1)


def test_rows_may_be_sorted_and_left_out(engine: Engine) -> None:
    first, second = carried_over(engine, "事项一"), carried_over(engine, "事项二")

    def turned(sheet: Any, _: Any) -> None:
        upper, lower = ([cell.value for cell in sheet[at]] for at in (5, 6))
        for column in range(6):
            sheet[5][column].value, sheet[6][column].value = lower[column], upper[column]

    def without_the_first(sheet: Any, _: Any) -> None:
        sheet.delete_rows(5)

    assert brought(engine, filled(drawn(engine), turned, 事项二=("否", "甲"))).applied
    assert brought(engine, filled(drawn(engine), without_the_first, 事项二=("否", "乙"))).applied
    assert ([r[4] for r in records(engine, second)], records(engine, first)) == ([{"note": "甲"}, {"note": "乙"}], [])


def lost(_: Any, book: Any) -> None:
    del book["wenze"]


def spoiled(_: Any, book: Any) -> None:
    book["wenze"]["B1"].value = "x"


@pytest.mark.parametrize("fill", [lost, spoiled])
def test_without_the_hidden_sheet_a_row_is_found_by_what_it_says(engine: Engine, fill: Fill) -> None:
    found = carried_over(engine, "事项一")
    carried_over(engine, "事项一", unit="乙处")
    silent = carried_over(engine, "事项二")
    act(engine, silent, "progress", "2026-03-01", Actor("王五", "unit", "甲处"), note="过半")

    def only_ours(sheet: Any, book: Any) -> None:
        fill(sheet, book)
        sheet["E6"].value = sheet["F6"].value = None
        sheet["B5"].value = datetime(2026, 1, 8)

    report = brought(engine, filled(drawn(engine), only_ours, 事项一=("是", "已完成")))
    assert [row.outcome for row in report.rows] == ["new", "same", "same"]
    assert [r[0] for r in records(engine, found)] == ["report"]


def test_without_the_hidden_sheet_rows_that_say_the_same_are_told(engine: Engine) -> None:
    carried_over(engine, "事项一")
    carried_over(engine, "事项一")
    report = brought(engine, filled(drawn(engine), lost, 事项一=("是", "已完成")))
    assert problems(report) == ["台账中有 2 个这样的事项，不能确定是哪一个；请用系统发出的表填报"] * 2


def test_a_row_that_nobody_sent_out_is_told(engine: Engine) -> None:
    carried_over(engine, "事项一")

    def added(sheet: Any, _: Any) -> None:
        sheet.insert_rows(6)
        for column, text in enumerate(["2", "2026年1月9日", "甲处", "自己加的事项", "是", "完成"], 1):
            sheet.cell(6, column, text)

    def renamed(sheet: Any, _: Any) -> None:
        sheet["D5"].value = "另一事项"

    assert problems(brought(engine, filled(drawn(engine), added))) == ["台账中没有这样的在办事项"]
    assert problems(brought(engine, filled(drawn(engine), renamed))) == [
        "“布置时间”“承办部门”“内容”与发出时不同；这三栏不能改动"
    ]


def test_anothers_row_is_refused_with_the_provision_and_nothing_is_written_by_halves(engine: Engine) -> None:
    ours, theirs = carried_over(engine, "事项一"), carried_over(engine, "事项二", unit="乙处")
    report = brought(engine, filled(drawn(engine), 事项一=("是", "完成"), 事项二=("是", "完成")))
    assert [row.outcome for row in report.rows] == ["new", "refused"]
    assert problems(report)[0].startswith("报结：应由承办单位办理（第六条")
    assert (report.applied, records(engine, ours), records(engine, theirs)) == (False, [], [])


def test_what_happened_since_the_table_was_sent_out_is_told(engine: Engine) -> None:
    found = carried_over(engine, "事项一")
    raw = filled(drawn(engine), 事项一=("是", "完成"))
    act(engine, found, "supervise", "2026-05-26", OFFICE, note="督办")
    assert problems(brought(engine, raw)) == ["报结：事项已有新的记录（2026-05-26 李四：督办），请核对后再办理"]


@pytest.mark.parametrize(
    ("before", "answer", "said"),
    [
        (None, ("完成", "好"), "“是否落实”只能填“是”“否”或者留空，现为“完成”"),
        (None, ("是", None), "填写“是否落实”的，须写明“落实情况”"),
        (None, ("否", "长" * 20_001), "“落实情况”最多20000个字，现为20001个字"),
        ("progress", (None, None), "“落实情况”被清空；已有的记录不能删去，没有新情况的请保留原文字"),
        ("report", ("是", "又完成"), "报结：事项现为“已报结，待审查”，不能报结"),
        ("accept", ("否", "没有完成"), "已审查为落实的，“是否落实”不能改动"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_told(engine: Engine, before: str | None, answer: Any, said: str) -> None:
    found, unit = carried_over(engine, "事项一"), Actor("王五", "unit", "甲处")
    if before == "progress":
        act(engine, found, "progress", "2026-03-01", unit, note="过半")
    elif before:
        act(engine, found, "report", "2026-03-01", unit, result="完成")
        if before == "accept":
            act(engine, found, "accept", "2026-03-02", OFFICE)
    (problem,) = problems(brought(engine, filled(drawn(engine), 事项一=answer)))
    assert problem.startswith(said)


def test_every_problem_is_told_at_once(engine: Engine) -> None:
    for number in range(3):
        carried_over(engine, f"事项{number}", unit="乙处")
    answers = {f"事项{number}": ("是", "完成") for number in range(3)}
    assert len(problems(brought(engine, filled(drawn(engine), **answers)))) == 3


def test_the_commands_draw_the_table_and_read_it_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    run = CliRunner().invoke
    assert run(main, ["db", "upgrade", "--new"]).exit_code == 0
    (tmp_path / "单位.csv").write_text("单位,起\n甲处,2020-01-01\n", encoding="utf-8")
    assert run(main, ["org", "import", str(tmp_path / "单位.csv"), "--apply"]).exit_code == 0
    engine = connect(f"sqlite:///{tmp_path / 'wenze.sqlite3'}")
    carried_over(engine, "事项一")
    with writing(engine) as session:
        register(session, ["王五"])
    engine.dispose()
    table = tmp_path / "表.xlsx"
    shown = run(main, ["status-table", "draw", str(table), "--cutoff", "2026-05-25", "--submit-by", "2026-05-28"])
    assert (shown.exit_code, shown.stdout) == (0, f"共 1 个事项：{table}\n")
    table.write_bytes(filled(table.read_bytes(), 事项一=("是", "完成")))
    by = ["--unit", "甲处", "--actor", "王五", "--on", "2026-05-26", "--late-reason", "收到较迟"]
    assert "这是试读" in run(main, ["status-table", "import", str(table), *by]).stdout
    assert run(main, ["status-table", "import", str(table), *by, "--apply"]).stdout == "共 1 行：新增 1；已写入\n"
    table.write_bytes(filled(table.read_bytes(), 事项一=("是", "完成了")))
    refused = run(main, ["status-table", "import", str(table), *by, "--apply"])
    assert refused.exit_code == 2
    assert refused.stderr.partition("\n")[2].startswith("第5行 事项一：报结：事项已有新的记录（2026-05-26 王五：报结）")


def test_the_interface_reads_the_table_back(app: Flask, client: FlaskClient) -> None:
    engine = app.extensions["database"]
    with writing(engine) as session:
        session.add(Unit(name="甲处", from_on=date(2020, 1, 1)))
    carried_over(engine, "事项一")
    raw = client.get("/api/v1/status-table?cutoff=2026-05-25&submit_by=2026-05-28&format=xlsx").data
    raw = filled(raw, 事项一=("是", "完成"))

    def sent(query: str) -> Any:
        return client.post(f"/api/v1/imports/status-table?{query}", data={"file": (io.BytesIO(raw), "表.xlsx")})

    assert sent("actor=甲处").status_code == 400
    refused = sent("unit=乙处&on=2026-05-26&apply=true")
    assert (refused.status_code, len(refused.json["rows"][0]["problems"])) == (422, 1)
    unreasoned = sent("unit=甲处&on=2026-05-26&apply=true").json["rows"][0]["problems"]
    assert "请写明没有及时录入的理由" in unreasoned[0]
    done = sent("unit=甲处&on=2026-05-26&apply=true&late_reason=收到较迟")
    assert (done.status_code, done.json["rows"][0]["number"]) == (200, "督〔2026〕1号")
