"""Units and posts from tables: by hand, on the command line and over HTTP, on both databases."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import Engine

from models.people import posts, units
from models.schemas.tables import read_table
from models.store.database import reading, writing
from service.books import books
from service.cli import main
from service.usecases.exchange import import_people, import_units
from service.usecases.exchange.import_report import ImportReport

UNITS = "单位,起,止,别名,邮箱\n教务处,2020-01-01,,教务、教学处,jwc@example.edu\n科技处,2020-01-01,2025-12-31,,\n"
PEOPLE = (
    "工号,姓名,单位,职务,职级,干部管理,起,止\n"
    "1001,张三,教务,处长,正职,学校党委管理,2021-01-01,\n"
    "1002,李四,科技处,处长,正职,学校党委管理,2021-01-01,2025-06-30\n"
)


def bring_units(engine: Engine, text: str, *, apply: bool = True) -> ImportReport:
    with writing(engine) as session:
        table = read_table(text.encode(), "单位.csv", import_units.COLUMNS)
        return import_units.import_units(session, table, apply=apply)


def bring_people(engine: Engine, text: str, *, apply: bool = True) -> ImportReport:
    with writing(engine) as session:
        table = read_table(text.encode(), "人员.csv", import_people.COLUMNS)
        return import_people.import_people(session, books(), table, apply=apply, by="测试", now=datetime.now(UTC))


def told(report: ImportReport) -> str:
    return "；".join(problem for row in report.rows for problem in row.problems)


def known_units(engine: Engine) -> list[tuple[Any, ...]]:
    with reading(engine) as session:
        named = units.aliases(session)
        return [
            (u.name, u.from_on, u.to_on, u.email, sorted(a for a, of in named.items() if of == u.name))
            for u in units.every(session)
        ]


def test_units_come_with_their_days_other_names_and_addresses(engine: Engine) -> None:
    report = bring_units(engine, UNITS)
    assert (report.applied, report.summary()) == (True, "共 2 行：新增 2；已写入")
    assert known_units(engine) == [
        ("教务处", date(2020, 1, 1), None, "jwc@example.edu", ["教务", "教学处"]),
        ("科技处", date(2020, 1, 1), date(2025, 12, 31), None, []),
    ]


def test_the_second_time_nothing_changes(engine: Engine) -> None:
    bring_units(engine, UNITS)
    bring_people(engine, PEOPLE)
    assert {row.outcome for row in (*bring_units(engine, UNITS).rows, *bring_people(engine, PEOPLE).rows)} == {"same"}


def test_what_a_table_has_no_column_for_stays(engine: Engine) -> None:
    bring_units(engine, UNITS)
    report = bring_units(engine, "单位,起,止\n教务处,2019-01-01,\n科技处,2020-01-01,2025-12-31\n")
    assert [row.outcome for row in report.rows] == ["changed", "same"]
    assert known_units(engine)[0] == ("教务处", date(2019, 1, 1), None, "jwc@example.edu", ["教务", "教学处"])


def test_an_empty_cell_takes_other_names_away(engine: Engine) -> None:
    bring_units(engine, UNITS)
    bring_units(engine, "单位,起,止,别名\n教务处,2020-01-01,,\n")
    assert known_units(engine)[0][4] == []


def test_an_other_name_may_pass_from_one_unit_to_another_in_one_table(engine: Engine) -> None:
    bring_units(engine, "单位,起,别名\n甲处,2020-01-01,旧名\n乙处,2020-01-01,\n")
    for table in ("乙处,2020-01-01,旧名\n甲处,2020-01-01,\n", "甲处,2020-01-01,旧名\n乙处,2020-01-01,\n"):
        assert not bring_units(engine, f"单位,起,别名\n{table}").refused


def test_nothing_is_written_by_halves(engine: Engine) -> None:
    report = bring_units(engine, UNITS + "丙处,昨天,,,\n")
    assert not report.applied
    assert [row.outcome for row in report.rows] == ["new", "new", "refused"]
    assert known_units(engine) == []


def test_a_dry_run_says_the_same_and_leaves_nothing(engine: Engine) -> None:
    tried = bring_units(engine, UNITS, apply=False)
    assert known_units(engine) == []
    assert tried.rows == bring_units(engine, UNITS).rows


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (",2020-01-01,,,", "缺少“单位”"),
        ("丙处,2020-13-01,,,", "“起”应为日期，格式 YYYY-MM-DD，现为“2020-13-01”"),
        ("丙处,,,,", "缺少“起”"),
        ("丙处,2020-01-01,2019-01-01,,", "“止”（2019-01-01）不得早于“起”（2020-01-01）"),
        ("+HYPERLINK(1),2020-01-01,,,", "不能以 = + - @ 开头"),
        ("＝丙,2020-01-01,,,", "不能以 = + - @ 开头"),
        ("丙处,2020-01-01,,,\n丙处,2020-01-01,,,", "单位重复"),
        ("丙处,2020-01-01,,丙、@丙,", "“别名”不能以"),
        ("丙处,2020-01-01,,科技处,", "别名“科技处”是单位“科技处”的名称"),
        ("丙处,2020-01-01,,丙处,", "别名“丙处”是单位“丙处”的名称"),
        ("丙处,2020-01-01,,教务,", "别名“教务”也是单位“教务处”的别名"),
        ("教学处,2020-01-01,,,", "单位名称是“教务处”的别名"),
        ("丙处,2020-01-01,,丙,\n丁处,2020-01-01,,丙,", "别名“丙”也是单位“丁处”的别名"),
        ("丙处,2020-01-01,,,不是地址", "“邮箱”应为一个电子邮箱地址"),
        (f"{'长' * 201},2020-01-01,,,", "最多200个字"),
    ],
)
def test_a_unit_that_is_wrong_is_told_by_row(engine: Engine, lines: str, said: str) -> None:
    bring_units(engine, UNITS)
    assert said in told(bring_units(engine, f"单位,起,止,别名,邮箱\n{lines}\n", apply=False))


def test_every_problem_of_every_row_is_told_at_once(engine: Engine) -> None:
    report = bring_units(engine, "单位,起,止,别名,邮箱\n=1,x,y,-a,z\n乙处,2020-02-30,,,\n".replace("=1", "-1"))
    assert [len(row.problems) for row in report.rows] == [5, 1]


def test_a_unit_does_not_end_before_the_posts_in_it(engine: Engine) -> None:
    bring_units(engine, UNITS)
    bring_people(engine, PEOPLE)
    said = told(bring_units(engine, "单位,起,止\n教务处,2020-01-01,2026-01-01\n"))
    assert "张三（处长，2021-01-01 至 今）的任职不在单位的起止之内" in said


def test_posts_come_by_the_units_other_name(engine: Engine) -> None:
    bring_units(engine, UNITS)
    assert bring_people(engine, PEOPLE).applied
    with reading(engine) as session:
        found = posts.of_units(session, ["教务处", "科技处"], date(2025, 12, 1))
    assert [(post.name, post.unit, post.managed_by, post.leads) for post in found] == [
        ("张三", "教务处", "school_committee", True)
    ]


def test_the_end_of_a_post_is_a_change_of_it(engine: Engine) -> None:
    bring_units(engine, UNITS)
    bring_people(engine, PEOPLE)
    ended = PEOPLE.replace("学校党委管理,2021-01-01,\n", "学校党委管理,2021-01-01,2026-03-31\n")
    successor = "1003,王五,教务处,处长,正职,学校党委管理,2026-04-01,\n"
    assert [row.outcome for row in bring_people(engine, ended + successor).rows] == ["changed", "same", "new"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("1,王五,不存在处,处长,正职,学校党委管理,2021-01-01,", "没有单位“不存在处”，请先导入单位"),
        ("1,王五,教务部,处长,正职,学校党委管理,2021-01-01,", "没有单位“教务部”，相近的：教务处，请先导入单位"),
        (
            "1,王五,科技处,处长,副职,学校党委管理,2021-01-01,",
            "任职的起止不在单位“科技处”的起止（2020-01-01 至 2025-12-31）之内",
        ),
        ("1,王五,教务处,处长,副职,学校党委管理,2019-01-01,", "之内"),
        (
            "1,王五,教务处,处长,一把手,学校党委管理,2021-01-01,",
            "“职级”只能取：正职、主持工作、副职主持工作、副职、其他；现为“一把手”",
        ),
        ("1,王五,教务处,处长,正职,校管,2022-01-01,", "“干部管理”只能取：学校党委管理、上级管理"),
        (
            "1,甲,教务处,科长,其他,其他,2022-01-01,\n1,乙,教务处,处长,其他,其他,2022-01-01,",
            "工号 1 的姓名不一致：乙、甲",
        ),
        ("1,甲,教务处,科长,其他,其他,2022-01-01,\n1,甲,教务处,科长,其他,其他,2022-01-01,", "重复"),
        (",,,,,,,", None),
        ("1,王五,,,,,,", "缺少“单位”；缺少“职务”；缺少“职级”；缺少“干部管理”；缺少“起”"),
    ],
)
def test_a_post_that_is_wrong_is_told_by_row(engine: Engine, lines: str, said: str | None) -> None:
    bring_units(engine, UNITS)
    bring_people(engine, PEOPLE)
    head = PEOPLE.splitlines()[0]
    assert (said or "") in told(bring_people(engine, f"{head}\n{lines}\n", apply=False))


def test_a_unit_may_have_two_principals_at_once_and_one_person_two_posts(engine: Engine) -> None:
    """A college has a secretary of its party committee and a dean, both of the first rank."""
    bring_units(engine, UNITS)
    head = PEOPLE.splitlines()[0]
    lines = [
        "1,甲,教务处,书记,正职,学校党委管理,2020-01-01,", "2,乙,教务处,处长,正职,学校党委管理,2020-01-01,",
        "2,乙,教务处,支部书记,正职,学校党委管理,2022-01-01,",
    ]  # fmt: skip
    assert bring_people(engine, "\n".join([head, *lines])).applied


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert CliRunner().invoke(main, ["db", "upgrade", "--new"]).exit_code == 0
    return tmp_path


def test_the_commands_try_before_they_write_and_list_what_is_there(at_home: Path) -> None:
    run = CliRunner().invoke
    unit_table, people_table = at_home / "单位.csv", at_home / "人员.xlsx"
    unit_table.write_bytes(UNITS.encode("gb18030"))
    book = openpyxl.Workbook()
    for line in PEOPLE.splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])  # type: ignore[union-attr]
    book.save(people_table)
    tried = run(main, ["org", "import", str(unit_table)])
    assert (tried.exit_code, tried.stdout) == (0, "共 2 行：新增 2；没有写入（没有问题。这是试读；加 --apply 写入）\n")
    assert run(main, ["org", "import", str(unit_table), "--apply"]).stdout == "共 2 行：新增 2；已写入\n"
    assert "已写入" in run(main, ["org", "import-people", str(people_table), "--apply"]).stdout
    assert run(main, ["org", "list", "--on", "2026-02-02"]).stdout.splitlines() == [
        "教务处　2020-01-01 起　别名：教务、教学处　jwc@example.edu",
        "  张三（1001）　处长　正职　学校党委管理　2021-01-01 起",
    ]
    unit_table.write_text(UNITS + "丙处,昨天,,,\n", encoding="utf-8")
    refused = run(main, ["org", "import", str(unit_table), "--apply"])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.splitlines()[1:] == [
        "第4行 丙处：“起”应为日期，格式 YYYY-MM-DD，现为“昨天”", "共 3 行：无变化 2、有误 1；没有写入"
    ]  # fmt: skip
    shown = run(main, ["patrol", "--today", "2026-02-02"])
    assert "督查督办工作办公室（" in shown.stdout


def test_a_file_of_a_hundred_megabytes_is_refused_before_it_is_read(at_home: Path) -> None:
    huge = at_home / "单位.xlsx"
    with huge.open("wb") as out:
        out.truncate(100_000_000)
    refused = CliRunner().invoke(main, ["org", "import", str(huge)])
    assert (refused.exit_code, refused.stderr) == (2, "文件过大，最多 10 MB\n")


def sent(client: FlaskClient, path: str, text: str, name: str = "表.csv") -> Any:
    return client.post(f"/api/v1/imports/{path}", data={"file": (io.BytesIO(text.encode()), name)})


def test_the_interface_tries_before_it_writes_and_lists_what_is_there(client: FlaskClient) -> None:
    tried = sent(client, "units", UNITS)
    assert (tried.status_code, tried.json["applied"], len(tried.json["rows"])) == (200, False, 2)
    assert client.get("/api/v1/units?on=2025-01-01").json == []
    assert sent(client, "units?apply=true", UNITS).json["applied"]
    assert sent(client, "people?apply=true", PEOPLE).json["summary"] == "共 2 行：新增 2；已写入"
    assert [unit["name"] for unit in client.get("/api/v1/units?on=2025-01-01").json] == ["教务处", "科技处"]
    assert client.get("/api/v1/units?on=2026-01-01").json == [
        {
            "name": "教务处",
            "from_on": "2020-01-01",
            "to_on": None,
            "email": "jwc@example.edu",
            "aliases": ["教务", "教学处"],
        }
    ]
    found = client.get("/api/v1/posts?on=2025-01-01&unit=教务").json
    assert [(post["name"], post["rank"]) for post in found] == [("张三", "正职")]
    assert len(client.get("/api/v1/posts?on=2025-01-01").json) == 2


def test_the_interface_answers_for_every_row_where_one_is_wrong(client: FlaskClient) -> None:
    wrong = UNITS + "丙处,昨天,,,\n"
    tried, refused = sent(client, "units", wrong), sent(client, "units?apply=true", wrong)
    assert (tried.status_code, refused.status_code) == (200, 422)
    assert tried.json["rows"] == refused.json["rows"]
    assert [row["outcome"] for row in refused.json["rows"]] == ["new", "new", "refused"]
    assert client.get("/api/v1/units?on=2025-01-01").json == []


def test_the_interface_refuses_what_is_no_table(client: FlaskClient) -> None:
    assert "内容却不是" in sent(client, "units", UNITS, "表.xlsx").json["detail"]
    assert sent(client, "units?apply=maybe", UNITS).status_code == 400
    assert sent(client, "units?colour=red", UNITS).status_code == 400
    assert client.get("/api/v1/posts?unit=").status_code == 400


class _Unread(io.RawIOBase):
    """A body that must not be read far."""

    def __init__(self) -> None:
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.taken += len(buffer)
        return len(buffer)


def test_a_body_of_a_hundred_megabytes_is_refused_before_it_is_read(client: FlaskClient) -> None:
    body = _Unread()
    large = {"wsgi.input": body, "CONTENT_LENGTH": "100000000", "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = client.post("/api/v1/imports/units", environ_overrides=large)
    assert (answer.status_code, body.taken) == (413, 0)
