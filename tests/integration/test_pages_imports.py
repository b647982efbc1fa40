"""Tables sent in by a page: tried first, applied as a whole, and only the file that was tried."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.audit import events as audit
from models.matter import matters
from models.people import posts, units
from models.store.database import reading
from tests.integration.ledger_office import assigned
from tests.integration.pages import signed_in
from tests.integration.test_org import PEOPLE, UNITS

LEDGER = "任务,事项来源,立项依据,交办日期,牵头单位\n迎评准备,规划计划,要点,2026-01-08,甲处\n"


@pytest.fixture
def clerk(app: Flask) -> FlaskClient:
    return signed_in(app, "office_clerk")


def sent(client: FlaskClient, table: str, content: str | bytes, name: str = "表.csv", **form: str) -> TestResponse:
    raw = content.encode() if isinstance(content, str) else content
    return client.post(f"/imports/{table}", data={"file": (io.BytesIO(raw), name), **form})


def applied(client: FlaskClient, table: str, trial: TestResponse, content: str, **form: str) -> TestResponse:
    """The same, with what the page of the trial holds."""
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', trial.text))
    assert hidden["apply"] == "true"
    return sent(client, table, content, **{name: said for name, said in hidden.items() if name != "csrf"} | form)


def names(app: Flask) -> list[str]:
    with reading(app.extensions["database"]) as session:
        return [row.name for row in units.every(session)]


def test_a_table_is_tried_then_applied(app: Flask, clerk: FlaskClient) -> None:
    trial = sent(clerk, "units", UNITS)
    assert trial.status_code == 200
    assert "共 2 行：新增 2；没有写入" in trial.text
    assert "系统不留存试读的文件" in trial.text
    assert names(app) == []
    done = applied(clerk, "units", trial, UNITS)
    assert "共 2 行：新增 2；已写入" in done.text
    assert names(app) == ["教务处", "科技处"]
    with reading(app.extensions["database"]) as session:
        events = [row for row in audit.page(session, after=0, limit=100) if row.action == "import-pages.send"]
    assert [(row.actor, row.outcome) for row in events] == [("李四", "tried"), ("李四", "done")]


def test_another_file_than_the_one_that_was_tried_is_not_applied(app: Flask, clerk: FlaskClient) -> None:
    trial = sent(clerk, "units", UNITS)
    other = applied(clerk, "units", trial, UNITS.replace("科技处", "科研处"))
    assert other.status_code == 422
    assert "与试读的不是同一个文件" in other.text
    assert sent(clerk, "units", UNITS, apply="true").status_code == 422
    assert names(app) == []


def test_every_row_with_a_fault_is_told_and_nothing_is_offered_for_writing(app: Flask, clerk: FlaskClient) -> None:
    faulty = "单位,起,止\n教务处,去年,\n,2020-01-01,\n科技处,2020-01-01,2019-01-01\n人事处,2020-01-01,\n"
    trial = sent(clerk, "units", faulty)
    told = trial.text.partition("有误的行")[2].partition("没有问题的行")[0]
    assert [f"<td>{line}</td>" in told for line in (2, 3, 4, 5)] == [True, True, True, False]
    assert 'name="apply"' not in trial.text
    assert names(app) == []


@pytest.mark.parametrize(
    ("table", "content", "name", "said"),
    [("units", "甲,乙\n1,2\n", "表.csv", "缺少列"), ("units", b"PK\x03\x04broken", "表.xlsx", "alert"), ("people", "", "表.csv", "文件是空的"),
     ("units", UNITS, "", "请选择一个文件")],
    ids=["columns", "broken", "empty", "none"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_at_its_field(
    clerk: FlaskClient, table: str, content: Any, name: str, said: str
) -> None:
    page = sent(clerk, table, content, name)
    assert page.status_code == 422
    assert said in page.text
    assert 'id="file-error"' in page.text


def test_what_is_asked_beside_the_file_is_told_with_it(clerk: FlaskClient) -> None:
    page = clerk.post("/imports/status-table", data={})
    assert page.status_code == 422
    assert all(f'id="{field}-error"' in page.text for field in ("file", "unit", "actor", "on"))
    wrong = sent(clerk, "ledger", LEDGER, mapping="任务")
    assert "每行应为 列=字段" in wrong.text


def test_people_and_an_older_ledger_come_in(app: Flask, office: FlaskClient) -> None:
    clerk = signed_in(app, "office_clerk")
    applied(clerk, "units", sent(clerk, "units", UNITS), UNITS)
    applied(clerk, "people", sent(clerk, "people", PEOPLE), PEOPLE)
    trial = sent(clerk, "ledger", LEDGER, mapping="任务=工作任务", actor="李四")
    assert "已写入" in applied(clerk, "ledger", trial, LEDGER).text
    with reading(app.extensions["database"]) as session:
        assert len(posts.every(session)) == 2
        rows = matters.page(session, state=None, unit=None, due_before=None, after=0, limit=10)
    assert [row.title for row in rows] == ["迎评准备"]


def test_a_row_that_is_there_already_is_told_and_written_only_where_that_is_asked(
    app: Flask, office: FlaskClient
) -> None:
    clerk = signed_in(app, "office_clerk")
    applied(clerk, "units", sent(clerk, "units", UNITS), UNITS)
    content = LEDGER.replace("甲处", "教务处").replace("任务,", "工作任务,")
    content += content.splitlines()[1] + "\n"
    trial = sent(clerk, "ledger", content)
    assert trial.status_code == 200
    told = trial.text.partition("已有的行")[2].partition("没有问题的行")[0]
    assert "<td>3</td>" in told
    assert "表中已有（第2行，工作任务、牵头单位、交办日期相同），没有写入" in told
    assert "新增 1、已有 1；已写入" in applied(clerk, "ledger", trial, content).text
    asked = sent(clerk, "ledger", content, again="true")
    assert "已有的行" not in asked.text
    assert "新增 1、无变化 1；已写入" in applied(clerk, "ledger", asked, content).text
    with reading(app.extensions["database"]) as session:
        assert len(matters.page(session, state=None, unit=None, due_before=None, after=0, limit=10)) == 2


def test_a_filled_in_status_table_is_read_back(app: Flask, office: FlaskClient) -> None:
    import openpyxl

    clerk, matter = signed_in(app, "office_clerk"), assigned(office)
    drawn = office.get("/api/v1/status-table?format=xlsx&cutoff=2026-03-01&submit_by=2026-03-05").data
    book = openpyxl.load_workbook(io.BytesIO(drawn))
    sheet = book.worksheets[0]
    row = next(
        row
        for row in sheet.iter_rows()
        if any(cell.value == matter["title"] or matter["title"] in str(cell.value) for cell in row)
    )
    row[5].value = "已完成初稿"
    out = io.BytesIO()
    book.save(out)
    said = {"unit": "甲处", "actor": "王五", "on": "2026-03-05"}
    late = sent(clerk, "status-table", out.getvalue(), "表.xlsx", **said)
    assert "补录" in late.text
    assert "新增 1" not in late.text
    trial = sent(clerk, "status-table", out.getvalue(), "表.xlsx", **said, late_reason="月底统一录入")
    assert "新增 1" in trial.text
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', trial.text))
    done = sent(clerk, "status-table", out.getvalue(), "表.xlsx", **{k: v for k, v in hidden.items() if k != "csrf"})
    assert "已写入" in done.text
    record = office.get(f"/api/v1/matters/{matter['id']}").json["records"][-1]
    assert (record["details"]["note"], record["late_reason"]) == ("已完成初稿", "月底统一录入")


def test_only_the_office_brings_tables_in(app: Flask) -> None:
    leader = signed_in(app, "school_leader")
    assert [leader.get(path).status_code for path in ("/imports", "/imports/units")] == [403, 403]
    assert sent(leader, "units", UNITS).status_code == 403
    clerk = signed_in(app, "office_clerk")
    assert [clerk.get(path).status_code for path in ("/imports", "/imports/units", "/imports/none")] == [200, 200, 404]
    del clerk.environ_base["HTTP_X_CSRF_TOKEN"]
    assert sent(clerk, "units", UNITS).status_code == 403
