"""An existing ledger brought in: by the ledger's own actions, under the same guards, on both databases."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from models.matter import matters
from models.people.units import Unit, UnitAlias
from models.records.record import Actor
from models.schemas.ledger_table import COLUMNS
from models.schemas.tables import read_table
from models.store.database import reading, writing
from service.books import books
from service.cli import main
from service.usecases.entry import Entry
from service.usecases.exchange.import_ledger import Bringer, LedgerFile, import_ledger
from service.usecases.exchange.import_report import ImportReport
from service.usecases.exchange.known_rows import _plain
from service.usecases.matters.act_on_matter import read_matter
from tests.approved import AGREED, LEADER
from tests.registered import act_on_matter

NOW = datetime(2026, 12, 31, tzinfo=UTC)
ROW = {
    "工作任务": "审核评估自评报告", "事项来源": "规划计划", "立项依据": "2026年工作要点第7项", "牵头单位": "甲处", "协办单位": "乙处、丙",
    "办结时限": "2026-04-30", "立项日期": "2026-01-06", "交办日期": "2026/1/8", "原编号": "督办2026-7",
    "督办日期": "2026-03-01、2026-02-01", "催办日期": "2026年5月4日", "报结日期": "2026-05-10", "办结日期": "2026-05-12",
    "结项日期": "2026-05-20", "完成情况": "已完成",
}  # fmt: skip
OPEN = {name: ROW[name] for name in ("工作任务", "事项来源", "立项依据", "牵头单位", "办结时限", "交办日期")}

SECOND = OPEN | {"工作任务": "整改报告"}


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with_units(engine)
    with writing(engine) as session:
        session.add(Unit(name="戊院", from_on=date(2020, 1, 1), to_on=date(2026, 1, 7)))
    return engine


def with_units(engine: Engine) -> None:
    with writing(engine) as session:
        session.add_all([Unit(name=name, from_on=date(2020, 1, 1)) for name in ("甲处", "乙处", "丙处")])
        session.flush()
        session.add(UnitAlias(alias="丙", unit="丙处"))


def workbook(*rows: dict[str, Any], title: str = "台账") -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = title
    names = list(dict.fromkeys(name for row in rows for name in row))
    for line in [names, *([row.get(name) for name in names] for row in rows)]:
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def brought(
    engine: Engine, *rows: dict[str, Any], apply: bool = True, sha256: str = "0", again: bool = False
) -> ImportReport:
    table = read_table(workbook(*rows), "旧台账.xlsx", COLUMNS)
    file, bringer = (
        LedgerFile("旧台账.xlsx", sha256, table.title),
        Bringer(Actor("督查督办工作办公室", "office"), "测试"),
    )
    with writing(engine) as session:
        return import_ledger(session, books(), table.rows, file, bringer, apply=apply, again=again, now=NOW)


def ledger_of(engine: Engine) -> list[tuple[matters.MatterRow, Any]]:
    with reading(engine) as session:
        rows = matters.page(session, state=None, unit=None, due_before=None, after=0, limit=1000)
        return [(row, read_matter(session, books(), row.id)) for row in rows]


def problems(report: ImportReport) -> list[str]:
    return [problem for row in report.rows for problem in row.problems]


def test_a_row_becomes_a_matter_with_its_records_in_the_order_of_the_days(engine: Engine) -> None:
    report = brought(engine, ROW)
    assert [(row.line, row.outcome, row.number) for row in report.rows] == [(2, "new", "督〔2026〕1号")]
    ((_, found),) = ledger_of(engine)
    matter = found.matter
    assert [(r.action, str(r.on), r.actor.kind, r.actor.unit) for r in matter.records] == [
        ("carry_over", "2026-01-08", "office", None), ("supervise", "2026-02-01", "office", None),
        ("supervise", "2026-03-01", "office", None), ("urge", "2026-05-04", "office", None),
        ("report", "2026-05-10", "unit", "甲处"), ("accept", "2026-05-12", "office", None),
        ("close", "2026-05-20", "office", None),
    ]  # fmt: skip
    assert {r.late_reason for r in matter.records} == {"由既有台账转入：旧台账.xlsx，工作表“台账”，第2行"}
    first = matter.records[0].details
    assert (first["original_number"], first["source"]) == ("督办2026-7", "旧台账.xlsx，工作表“台账”，第2行")
    assert (matter.state, matter.units, matter.registered_on) == ("closed", ("甲处", "乙处", "丙处"), date(2026, 1, 6))


def test_a_matter_that_runs_is_left_running_with_what_is_known_of_it(engine: Engine) -> None:
    brought(engine, OPEN | {"完成情况": "过半"})
    ((row, found),) = ledger_of(engine)
    assert (row.state, [(r.action, r.on) for r in found.matter.records]) == (
        "assigned", [("carry_over", date(2026, 1, 8)), ("progress", date(2026, 12, 31))]
    )  # fmt: skip


def test_a_row_that_a_provision_forbids_is_told_with_it_and_nothing_is_written(engine: Engine) -> None:
    report = brought(engine, SECOND, ROW | {"催办日期": "2026-04-30"})
    assert [row.outcome for row in report.rows] == ["new", "refused"]
    (problem,) = problems(report)
    assert problem.startswith("催办（2026-04-30）：未超过办结时限的不得催办（时限当日尚未届满）（第六条")
    assert ledger_of(engine) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"工作任务": None}, ["缺少“工作任务”"]),
        ({"事项来源": "plan"}, ["“事项来源”只能取：上级部署、规划计划、会议决议"]),
        ({"交办日期": "一月"}, ["“交办日期”应为日期"]),
        ({"立项日期": "2026-02-01"}, ["“立项日期”（2026-02-01）不得晚于“交办日期”（2026-01-08）"]),
        ({"完成情况": None}, ["有“报结日期”的，须有“完成情况”"]),
        ({"报结日期": None}, ["有“办结日期”的，须有“报结日期”"]),
        ({"办结日期": None}, ["有“结项日期”的，须有“办结日期”"]),
        ({"督办日期": "2026-02-01、2026-02-01"}, ["“督办日期”中有重复的日期"]),
        ({"牵头单位": "校外公司"}, ["“牵头单位”的“校外公司”不是2026-01-08学校的单位或者别名，没有相近的；当日的单位：丙处、乙处、甲处；承办主体应是"]),
        ({"牵头单位": "甲 处（主）"}, ["“牵头单位”的“甲 处（主）”不是2026-01-08学校的单位或者别名，相近的：甲处；承办主体应是学校的单位或者部门（第三条"]),
        ({"牵头单位": "甲处/乙处"}, ["“牵头单位”的“甲处/乙处”不是2026-01-08学校的单位或者别名，相近的：乙处、甲处；"]),
        ({"协办单位": "乙处、丙科处、丁", "交办日期": "一月"}, ["“交办日期”应为日期"]),
        ({"协办单位": "乙处、丙科处、丁", "催办日期": "一月"},
         ["“催办日期”应为日期", "“协办单位”的“丙科处”不是2026-01-08学校的单位或者别名，相近的：丙处；", "“协办单位”的“丁”不是"]),
        ({"牵头单位": "戊院"}, ["“牵头单位”的“戊院”不是2026-01-08学校的单位：其起止为2020-01-01 至 2026-01-07；承办主体应是"]),
        ({"牵头单位": None}, ["报结（2026-05-10）：应由承办单位办理（第六条"]),
        ({"催办日期": "2026-04-01、2026-04-02"}, ["催办（2026-04-01）：未超过", "催办（2026-04-02）：未超过"]),
        ({"催办日期": "2026-05-11"}, ["催办（2026-05-11）：事项已经报结或者办结，不再催办"]),
        ({"督办日期": "2026-01-01"}, ["督办（2026-01-01）：办理日期不得早于此前的办理（2026-01-08）"]),
        ({"结项日期": "2027-01-01"}, ["结项（2027-01-01）：办理日期（2027-01-01）不得晚于今天（2026-12-31）"]),
        ({"工作任务": "长" * 501, "立项依据": None, "办结时限": "x"}, ["“工作任务”最多500个字", "缺少“立项依据”", "“办结时限”应为"]),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_told_with_all_that_is(engine: Engine, change: dict[str, Any], said: list[str]) -> None:
    found = problems(brought(engine, ROW | change, apply=False))
    assert len(found) == len(said)
    assert all(problem.startswith(start) for problem, start in zip(found, said, strict=True))


def test_a_dry_run_says_the_same_as_the_run_and_leaves_nothing(engine: Engine) -> None:
    tried = brought(engine, ROW, SECOND, apply=False)
    assert ledger_of(engine) == []
    done = brought(engine, ROW, SECOND)
    assert (tried.rows, tried.applied, done.applied) == (done.rows, False, True)
    assert [row.number for row in done.rows] == ["督〔2026〕1号", "督〔2026〕2号"]


def test_the_same_row_of_the_same_file_is_brought_in_once(engine: Engine) -> None:
    brought(engine, ROW, SECOND)
    again = brought(engine, ROW, SECOND)
    assert [(row.outcome, row.number) for row in again.rows] == [("same", "督〔2026〕1号"), ("same", "督〔2026〕2号")]
    assert len(ledger_of(engine)) == 2
    assert {row.outcome for row in brought(engine, ROW, sha256="1").rows} == {"known"}


OTHER = {"工作任务": "另一事项", "牵头单位": "乙处", "协办单位": None, "交办日期": "2026-02-02", "督办日期": None}
KNOWN = [
    ({}, {"原编号": "督办 2026-7 "} | OTHER, True),
    ({}, {"原编号": "督办２０２６－７"} | OTHER, True),
    ({}, {"原编号": None}, True),
    ({}, {"原编号": None, "工作任务": "审核评估 自评报告\n"}, True),
    ({"牵头单位": "丙", "协办单位": None}, {"原编号": None, "牵头单位": "丙处", "协办单位": None}, True),  # by an alias
    ({}, {"原编号": "督办2026-8"} | OTHER, False),
    ({}, {"原编号": None, "交办日期": "2026-01-09"}, False),
    ({}, {"原编号": None, "牵头单位": "乙处", "协办单位": None}, False),
    ({}, {"原编号": None, "工作任务": "审核评估自评报告之二"}, False),
]  # fmt: skip
"""What is changed of the row that is there, what of another one, and whether that is the same matter."""


def told_apart(row: dict[str, Any], at: int) -> dict[str, Any]:
    """The row as one of its own matter in the same ledger."""
    number = row["原编号"] and f"{row['原编号']}之{at}"
    return row | {"工作任务": f"{at} {row['工作任务']}", "原编号": number}


def test_a_row_that_is_there_already_is_told_with_where_and_written_only_if_asked(engine: Engine) -> None:
    for at, (change, other, same) in enumerate(KNOWN):
        first, second = told_apart(ROW | change, at), told_apart(ROW | other, at)
        (written,) = brought(engine, first, sha256=f"{at}").rows
        outcomes = []
        for apply, again in ((False, False), (True, False), (False, True), (True, True)):
            report = brought(engine, second, apply=apply, again=again, sha256=f"{at}b")
            outcomes.append(report.rows[0].outcome)
            if report.rows[0].outcome == "known":
                assert report.rows[0].number == written.number
                assert f"台账中已有（{written.number}，" in report.rows[0].problems[0]
        assert outcomes == (["known", "known", "new", "new"] if same else ["new", "new", "same", "same"]), other
    titles = [row.title for row, _ in ledger_of(engine)]
    assert len(titles) == 2 * len(KNOWN)


def test_a_row_that_stands_twice_in_the_file_is_told_with_where_and_written_only_if_asked(engine: Engine) -> None:
    rows, wanted = [], []
    for at, (change, other, same) in enumerate(KNOWN):
        rows += [told_apart(ROW | change, at), told_apart(ROW | other, at)]
        wanted += ["new", "known" if same else "new"]
    tried = brought(engine, *rows, apply=False)
    assert [row.outcome for row in tried.rows] == wanted
    assert [row.line - 1 for row in tried.rows if any(f"第{row.line - 1}行" in said for said in row.problems)] == [
        row.line - 1 for row in tried.rows if row.outcome == "known"
    ]
    done = brought(engine, *rows)
    assert (done.applied, done.rows) == (True, tried.rows)
    assert "已有 5" in done.summary()
    again = brought(engine, *rows, again=True)
    assert [row.outcome for row in again.rows] == ["new" if outcome == "known" else "same" for outcome in wanted]


@pytest.mark.parametrize("wrong", [{"协办单位": "没有的单位"}, {"催办日期": "2026-03-01"}], ids=["the row", "an act"])
def test_a_row_that_is_refused_does_not_keep_the_corrected_one_out(engine: Engine, wrong: dict[str, Any]) -> None:
    report = brought(engine, ROW | wrong, ROW, ROW)
    assert [row.outcome for row in report.rows] == ["refused", "new", "known"]
    assert "表中已有（第3行" in report.rows[2].problems[0]


@pytest.mark.parametrize(("one", "other", "same"), [
    ("督-1", "督—1", True), ("督-1", "督\u22121", True), ("督-1", "督\u200b-1", True), ("督-1", "督-\u3164１", True),
    ("5", "5.0", True), ("5.00", "5", True), ("5", "5.1", False), ("督-1", "督1", False), ("50", "5.0", False),
])  # fmt: skip
def test_texts_that_look_the_same_are_the_same(one: str, other: str, same: bool) -> None:
    assert (_plain(one) == _plain(other)) is same


def test_a_row_whose_number_differs_by_what_is_not_seen_is_known(engine: Engine) -> None:
    brought(engine, ROW | {"原编号": "督-1"})
    found = brought(engine, *(ROW | OTHER | {"原编号": number} for number in ("督—1", "督\u200b-1")), sha256="1").rows
    assert [row.outcome for row in found] == ["known", "known"]


def test_a_row_with_the_number_that_the_ledger_gave_is_known(engine: Engine) -> None:
    brought(engine, ROW)
    for number in ("督〔2026〕1号", "督[2026]1号", "督（2026）1号", "督【2026】001号", "督〔2026〕 01 号"):
        (row,) = brought(engine, ROW | OTHER | {"原编号": number}, sha256="1").rows
        assert (row.outcome, row.number) == ("known", "督〔2026〕1号"), number


def test_a_row_is_known_by_what_its_title_says_and_no_sign_in_the_place_of_a_number_is_one(engine: Engine) -> None:
    brought(engine, ROW | {"原编号": "/"})
    title = ROW["工作任务"]
    for written in (f"《{title}》", f"{title}。", f"“{title}”（"):
        (row,) = brought(engine, ROW | {"原编号": None, "工作任务": written}, sha256="1", apply=False).rows
        assert row.outcome == "known", written
    for number in ("/", "—", "011"):
        (row,) = brought(engine, ROW | OTHER | {"原编号": number}, sha256="1", apply=False).rows
        assert row.outcome == "new", number


def test_a_row_stays_known_after_the_matter_was_arranged_anew(engine: Engine) -> None:
    brought(engine, OPEN)
    ((row, found),) = ledger_of(engine)
    on, moved = date(2026, 2, 1), {"lead_unit": "乙处"}
    approval = Entry("approve_change", moved | AGREED, LEADER, on, "测试", late_reason="测试补录")
    entry = Entry(
        "arrange", moved | {"reason": "职责调整"}, Actor("李四", "office"), on, "测试", late_reason="测试补录"
    )
    with writing(engine) as session:
        for expected, one in enumerate((approval, entry), found.matter.version):
            act_on_matter(session, books(), row.id, one, expected=expected, now=NOW)
    assert [row.outcome for row in brought(engine, OPEN, OPEN | {"牵头单位": "乙处"}, sha256="1").rows] == ["known"] * 2


def test_what_was_carried_over_can_be_gone_on_with(engine: Engine) -> None:
    brought(engine, OPEN | {"催办日期": "2026-05-04"})
    ((row, found),) = ledger_of(engine)
    assert (row.due_on, row.version, found.matter.carried_over, found.matter.unacknowledged) == (
        date(2026, 4, 30), 2, True, ()
    )  # fmt: skip


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "单位.csv").write_text("单位,起\n甲处,2020-01-01\n乙处,2020-01-01\n丙,2020-01-01\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["db", "upgrade", "--new"]).exit_code == 0
    assert CliRunner().invoke(main, ["org", "import", str(tmp_path / "单位.csv"), "--apply"]).exit_code == 0
    return tmp_path


def test_the_command_takes_the_users_own_columns(at_home: Path) -> None:
    theirs = {
        "要做的事": "事项一",
        "来自": "会议决议",
        "根据": "纪要",
        "谁办": "甲处",
        "交办日期": datetime(2026, 1, 8),
        "领导批注": "急",
    }
    table = at_home / "旧.xlsx"
    table.write_bytes(workbook(theirs))
    (at_home / "对应.yaml").write_text("来自: 事项来源\n根据: 立项依据\n领导批注: 不导入\n", encoding="utf-8")
    run = CliRunner().invoke
    unknown = run(main, ["ledger", "import", str(table)])
    assert unknown.exit_code == 2
    assert all(
        part in unknown.stderr
        for part in ("缺少列：工作任务、事项来源、立项依据", "不认识的列：要做的事、来自、根据、谁办、领导批注")
    )
    own = ["--map", "要做的事=工作任务", "--map", "谁办=牵头单位", "--mapping", str(at_home / "对应.yaml")]
    tried = run(main, ["ledger", "import", str(table), *own])
    assert (tried.exit_code, tried.stdout) == (0, "共 1 行：新增 1；没有写入（没有问题。这是试读；加 --apply 写入）\n")
    assert run(main, ["ledger", "import", str(table), *own, "--apply"]).stdout == "共 1 行：新增 1；已写入\n"
    assert run(main, ["ledger", "import", str(table), *own, "--apply"]).stdout == "共 1 行：无变化 1；已写入\n"
    assert "督〔2026〕1号　办理中　甲处　事项一" in run(main, ["matter", "list"]).stdout


def test_the_command_reports_row_by_row_on_the_screen_and_in_a_file(at_home: Path) -> None:
    table, report = at_home / "旧.xlsx", at_home / "结果.xlsx"
    table.write_bytes(workbook(OPEN, ROW | {"工作任务": "+1", "催办日期": "2026-04-01", "办结时限": "2026-04-30"}))
    refused = CliRunner().invoke(main, ["ledger", "import", str(table), "--apply", "--report", str(report)])
    assert refused.exit_code == 2
    assert refused.stderr.partition("\n")[2].startswith("第3行 +1：催办（2026-04-01）：未超过办结时限的不得催办")
    assert refused.stderr.endswith("共 2 行：新增 1、有误 1；没有写入\n")
    sheet: Any = openpyxl.load_workbook(report).active
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0] == ("行", "工作任务", "结果", "立项编号", "不对之处")
    assert lines[1] == (2, "审核评估自评报告", "新增", "督〔2026〕1号", None)
    assert lines[2][:4] == (3, "'+1", "有误", None)


def test_the_command_tells_what_is_there_already_and_writes_it_only_again(at_home: Path) -> None:
    table, report = at_home / "旧.xlsx", at_home / "结果.xlsx"
    table.write_bytes(workbook(OPEN, OPEN))
    run = CliRunner().invoke
    told = "第3行 审核评估自评报告：表中已有（第2行，工作任务、牵头单位、交办日期相同），没有写入；确属另一事项的，须要求仍然写入（--again）"
    tried = run(main, ["ledger", "import", str(table), "--report", str(report)])
    assert (tried.exit_code, tried.stderr.splitlines()[1:]) == (0, [told])
    assert tried.stdout == "共 2 行：新增 1、已有 1；没有写入（没有问题。这是试读；加 --apply 写入）\n"
    sheet: Any = openpyxl.load_workbook(report).active
    assert list(sheet.iter_rows(values_only=True))[2] == (
        3,
        "审核评估自评报告",
        "已有",
        None,
        told.partition("：")[2][:-9],
    )
    done = run(main, ["ledger", "import", str(table), "--apply"])
    assert (done.stderr.splitlines()[1:], done.stdout) == ([told], "共 2 行：新增 1、已有 1；已写入\n")
    again = run(main, ["ledger", "import", str(table), "--apply", "--again"])
    assert (again.stderr.splitlines()[1:], again.stdout) == ([], "共 2 行：新增 1、无变化 1；已写入\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--map", "甲"], "--map 应为 列=字段"),
        (["--map", "工作任务=颜色"], "对应表中不认识的字段：颜色"),
        (["--sheet", "没有"], "没有工作表“没有”；现有：台账"),
    ],
)
def test_what_is_wrong_with_the_command_is_told(at_home: Path, arguments: list[str], said: str) -> None:
    table = at_home / "旧.xlsx"
    table.write_bytes(workbook(OPEN))
    refused = CliRunner().invoke(main, ["ledger", "import", str(table), *arguments])
    assert refused.exit_code == 2
    assert said in refused.stderr


def test_the_interface_brings_a_ledger_in(app: Flask, client: FlaskClient) -> None:
    with_units(app.extensions["database"])
    raw = workbook({**OPEN, "备注": "x"})

    def sent(query: dict[str, str]) -> Any:
        return client.post(
            "/api/v1/imports/ledger", query_string=query, data={"file": (io.BytesIO(raw), "旧/台账.xlsx")}
        )

    assert "不认识的列：备注" in sent({}).json["detail"]
    assert sent({"mapping": "{"}).status_code == 400
    assert sent({"mapping": '{"备注": 3}'}).status_code == 422
    mapping = json.dumps({"备注": "不导入"})
    assert not sent({"mapping": mapping}).json["applied"]
    done = sent({"mapping": mapping, "apply": "true", "sheet": "台账"}).json
    assert (done["applied"], done["rows"][0]["number"]) == (True, "督〔2026〕1号")
    raw = workbook({**OPEN, "备注": "y"})
    known = sent({"mapping": mapping, "apply": "true"}).json
    assert (known["applied"], known["rows"][0]["outcome"], known["rows"][0]["number"]) == (
        True,
        "known",
        "督〔2026〕1号",
    )
    assert "台账中已有（督〔2026〕1号" in known["rows"][0]["problems"][0]
    assert sent({"mapping": mapping, "again": "true"}).json["rows"][0]["outcome"] == "new"
    (line,) = client.get("/api/v1/matters").json
    found = client.get(f"/api/v1/matters/{line['id']}").json
    assert found["records"][0]["by"] == "督查督办工作办公室"
