"""The ledger on the command line: from an opinion to a recommendation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from models.people.units import Unit, UnitAlias
from models.store.database import connect, writing
from service.cli import main
from service.cli.db import ready_database
from tests.conftest import example
from tests.entering import on_paper
from tests.integration.ledger_office import OFFICE, OPINION
from tests.registered import register

Run = Callable[..., Result]
NUMBER = "督〔2026〕1号"
OTHERS = ("inspection", "ratings")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line at an embedded ledger whose school has one unit."""
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with writing(connect(ready_database(new=True))) as session:
        session.add(Unit(name="甲处", from_on=date(2020, 1, 1)))
        register(session, ("李四", "主任", "王五", "张三", "校领导"))
    return lambda *words: CliRunner().invoke(
        main, words if words[0] in OTHERS else ["matter", *on_paper("matter", words)]
    )


@pytest.fixture
def assigned(run: Run, tmp_path: Path) -> str:
    entry = tmp_path / "立项意见.json"
    entry.write_bytes(orjson.dumps({"on": "2026-01-05", "actor": OFFICE, "details": OPINION}))
    opened = run("open", str(entry))
    assert "【已提出立项意见】" in opened.stdout
    matter_id = opened.stdout.split("标识：")[1].split("　")[0]
    by = ["--by", "李四"]
    agreed = ("审定直接立项", "--on", "2026-01-06", "--by", "主任", "--set", "agrees=true")
    assert "【已提出立项意见】" in run("act", matter_id, *agreed).stdout
    assert NUMBER in run("act", matter_id, "立项登记", "--on", "2026-01-06", *by, "--set", "route=direct").stdout
    assert "【办理中】" in run("act", NUMBER, "assign", "--on", "2026-01-08", *by, "--set", "channel=oa").stdout
    return matter_id


def test_a_matter_is_named_by_its_number_and_lists_its_records(run: Run, assigned: str) -> None:
    shown = run("show", NUMBER).stdout
    assert assigned in shown
    assert [line.split("　")[2] for line in shown.splitlines()[2:]] == [
        "提出立项意见",
        "审定直接立项",
        "立项登记",
        "交办",
    ]
    assert "甲处" in run("list", "--state", "assigned").stdout
    assert run("list", "--state", "closed").stdout == ""


def test_the_fields_of_every_action_are_told_down_to_the_last_word(run: Run) -> None:
    opinion = run("actions", "提出立项意见")
    assert (opinion.exit_code, "basis　立项依据：必填" in opinion.output) == (0, True)
    assert "completion_report（办结报告）" in run("actions", "归档").stdout
    arranged = run("actions", "arrange").stdout
    assert "　　due_on　时限：必填，应为日期" in arranged
    assert "　　rank　职级：必填，只能取：正职" in arranged
    assert run("act", NUMBER, "提出立项意见", "--by", "李四").exit_code == 2


def test_a_milestone_that_is_not_of_the_plan_is_refused_by_name(run: Run, assigned: str) -> None:
    stones = 'milestones=[{"title":"完成招标","due_on":"2026-02-15"}]'
    assert run("act", NUMBER, "arrange", "--on", "2026-01-09", "--by", "李四", "--set", stones).exit_code == 0
    report = ("act", NUMBER, "反馈进展", "--on", "2026-02-10", "--by", "王五", "--unit", "甲处", "--set", "note=完成")
    mistyped = run(*report, "--set", 'milestones_reached=["完成招标了"]')
    assert (mistyped.exit_code, "已定的阶段目标：完成招标" in mistyped.stderr) == (2, True)
    assert run(*report, "--set", 'milestones_reached=["完成招标"]').exit_code == 0


def test_matters_are_listed_by_another_name_of_their_unit(run: Run, assigned: str) -> None:
    with writing(connect(ready_database(new=True))) as session:
        session.add(UnitAlias(alias="甲", unit="甲处"))
    assert run("list", "--unit", "甲").stdout == run("list", "--unit", "甲处").stdout != ""
    assert run("list", "--unit", "乙").stdout == ""


def test_a_refusal_names_its_provision_and_ends_with_2(run: Run, assigned: str) -> None:
    refused = run("act", NUMBER, "催办", "--on", "2026-04-30", "--by", "李四")
    assert (refused.exit_code, "第六条第（四）款" in refused.stderr) == (2, True)
    faulty = run("act", NUMBER, "决定是否准予延期", "--by", "校领导", "--set", "granted=是", "--set", "colour=红")
    assert faulty.exit_code == 2
    assert "details.granted" in faulty.stderr
    assert "details.colour" in faulty.stderr
    stale = run("act", NUMBER, "督办", "--by", "李四", "--version", "2", "--set", "note=督办")
    assert (stale.exit_code, "2026-01-08 李四：交办" in stale.stderr) == (2, True)
    assert run("show", "督〔2026〕9号").exit_code == 2
    assert run("act", NUMBER, "问责", "--by", "李四").exit_code == 2
    assert "版本：4" in run("show", NUMBER).stdout


def test_a_recommendation_from_the_ledger_is_kept_and_compared_with_it_later(
    run: Run, assigned: str, tmp_path: Path
) -> None:
    for day in ("04", "08", "12"):
        assert run("act", NUMBER, "催办", "--on", f"2026-05-{day}", "--by", "李四").exit_code == 0
    case = example("plan-task-missed") | {"trigger_date": "2026-05-18"}
    persons = tmp_path / "人员.json"
    persons.write_bytes(orjson.dumps({key: case[key] for key in ("title", "trigger_date", "persons")}))
    report = run("recommend", NUMBER, str(persons), "--store")
    assert f"{NUMBER}#7　2026-05-12 催办：办公室的催办，计一次" in report.stdout
    assert "有催办没有签收或者联系记录" in report.stdout
    assert "此后台账没有变化" in run("evaluations", NUMBER).stdout
    run("act", NUMBER, "督办", "--on", "2026-05-20", "--by", "李四", "--set", "note=督办")
    assert "此后台账有新的记录：2026-05-20 督办" in run("evaluations", NUMBER).stdout
    answer = orjson.loads(run("recommend", NUMBER, str(persons), "--format", "json").stdout)
    assert answer["ledger"]["version"] == 8


def test_a_file_is_attached_and_named_by_a_record(run: Run, assigned: str, tmp_path: Path) -> None:
    minutes = tmp_path / "纪要.txt"
    minutes.write_text("座谈会纪要", encoding="utf-8")
    attachment = run("attach", NUMBER, str(minutes)).stdout.strip()
    done = run("act", NUMBER, "督办", "--by", "李四", "--set", "note=座谈", "--set", f'attachments=["{attachment}"]')
    assert "版本：5" in done.stdout
    (tmp_path / "宏.docm").write_bytes(b"PK")
    assert run("attach", NUMBER, str(tmp_path / "宏.docm")).exit_code == 2


def test_every_action_tells_its_fields(run: Run) -> None:
    listed = run("actions").stdout
    assert "urge　催办（第六条第（四）款）　由督查督办工作办公室办理" in listed
    assert "signed_by　签收人：必填，应为人员登记中的标识或者工号" in run("actions", "签收").stdout


def test_an_inspection_is_recorded_and_reported(run: Run) -> None:
    made = run("inspection", "record", "regular", "--kind", "meeting_resolutions", "--on", "2026-03-20")
    number = made.stdout.strip()
    assert "2026-03-01 至 2026-03-31　尚未书面报告" in run("inspection", "list", "--year", "2026").stdout
    assert run("inspection", "report", number, "--to", "分管校领导", "--on", "2026-04-01").exit_code == 0
    assert "2026-03-01 至 2026-03-31　已完成" in run("inspection", "list", "--year", "2026").stdout
    refused = run("inspection", "record", "联合督查", "--on", "2026-03-20", "--task", "专项")
    assert (refused.exit_code, "第五条第（三）款" in refused.stderr) == (2, True)


def test_what_a_decision_says_of_ratings_is_listed_by_its_year(run: Run) -> None:
    decision = ["科大党问责〔2026〕1号", "--on", "2026-06-30", "--unit", "甲处"]
    assert run("ratings", "bar", *decision, "--person", "张某").stdout == "已登记：张某，2026年度\n"
    refused = run("ratings", "bar", *decision)
    assert (refused.exit_code, "第七条第（二）款" in refused.stderr) == (2, True)
    assert run("ratings", "bar", *decision, "--statement", "取消甲处评优资格").exit_code == 0
    assert [line.split("　")[0] for line in run("ratings", "list", "2026").stdout.splitlines()] == ["张某", "甲处"]
