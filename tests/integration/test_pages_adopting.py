"""The administrator's pages of what was adopted on a document: influence periods confirmed and withdrawn, years brought in."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models.audit.events import AuditEvent
from models.store.database import reading
from rules.book.loading import load_rulebook
from service import config
from service.books import books
from service.usecases.adopting.calendar_years import calendar_in_use
from service.usecases.adopting.influence_periods import book_in_use
from tests.integration.pages import signed_in

ROW = load_rulebook().periods[0]
CONFIRM, WITHDRAW, YEAR = (
    f"/admin/calendar/periods/{ROW.id}/confirm", f"/admin/calendar/periods/{ROW.id}/withdraw", "/admin/calendar/years/new",
)  # fmt: skip
SAID = {"by": "学校党委", "on": "2026-03-01", "document": "党委会纪要〔2026〕3号"}
NOTICE = {"year": "2031", "source": "国务院办公厅关于2031年部分节假日安排的通知", "holidays": "2031-01-01\n2031-01-23\r\n2031-01-24",
          "workdays": "2031-01-26"}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return signed_in(app, "system_administrator")


@pytest.fixture(scope="module")
def faulty(embedded: Flask) -> FlaskClient:
    """The administrator, where nothing is written."""
    return signed_in(embedded, "system_administrator")


@pytest.fixture(scope="module")
def director(embedded: Flask) -> FlaskClient:
    return signed_in(embedded, "office_director")


def events(app: Flask) -> list[tuple[str, str, str | None, str]]:
    with reading(app.extensions["database"]) as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
    return [(row.action, row.actor, row.subject_id, row.outcome) for row in rows if row.action.startswith("adoption")]


def confirmed(app: Flask) -> object:
    with reading(app.extensions["database"]) as session:
        return next(row.confirmed for row in book_in_use(session, books()).periods if row.id == ROW.id)


def test_a_row_is_confirmed_withdrawn_with_its_reason_and_every_act_stays(app: Flask, admin: FlaskClient) -> None:
    assert f'href="{CONFIRM}"' in admin.get("/admin/calendar").text
    assert admin.post(CONFIRM, data=SAID).location == "/admin/calendar"
    assert confirmed(app) == SAID
    page = admin.get("/admin/calendar").text
    assert "学校党委 2026-03-01 依据党委会纪要〔2026〕3号确认" in page
    assert (f'href="{CONFIRM}"' in page, f'href="{WITHDRAW}"' in page) == (False, True)
    assert "学校党委 2026-03-01" in admin.get("/regulation/periods").text
    assert admin.post(WITHDRAW, data={"reason": "文件已经废止"}).status_code == 303
    assert confirmed(app) is None
    page = admin.get("/admin/calendar").text
    assert page.count("管理员 20") == 2
    assert '理由：<span class="said">文件已经废止</span>' in page
    assert events(app) == [
        ("adoption-pages.confirm", "管理员", ROW.id, "done"),
        ("adoption-pages.withdraw", "管理员", ROW.id, "done"),
    ]


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [(CONFIRM, {}, ["缺少必填字段“确认机构”", "缺少必填字段“确认日期”", "缺少必填字段“文件”"]), (CONFIRM, {**SAID, "on": "2150-01-01"}, ["不得晚于今天"]),
     (CONFIRM, {**SAID, "months": "0"}, ["应为1以上的整数"]), (CONFIRM, {**SAID, "start": "x"}, ["可以选择：问责决定之日、处分批准之日"]),
     (WITHDRAW, {"reason": "x"}, ["这一行没有可以撤回的确认"]), (WITHDRAW, {}, ["缺少必填字段“撤回的理由”"])],
)  # fmt: skip
def test_what_cannot_be_confirmed_is_told_at_its_field(
    embedded: Flask, faulty: FlaskClient, path: str, form: dict[str, str], said: list[str]
) -> None:
    page = faulty.post(path, data=form)
    assert page.status_code == 422
    assert all(one in page.text for one in said)
    assert (confirmed(embedded), events(embedded)) == (None, [])


def test_a_row_that_stands_is_not_confirmed_over_and_a_double_click_is_one_act(app: Flask, admin: FlaskClient) -> None:
    assert [admin.post(CONFIRM, data={**SAID, "key": "a"}).status_code for _ in range(2)] == [303, 303]
    assert [outcome for *_, outcome in events(app)] == ["done", "repeated"]
    over = admin.post(CONFIRM, data={**SAID, "document": "另一份"})
    assert (over.status_code, "先撤回" in over.text) == (422, True)
    assert admin.get("/admin/calendar/periods/none/confirm").status_code == 404


def test_a_year_is_brought_in_and_used_at_once_by_every_process(app: Flask, admin: FlaskClient) -> None:
    assert 2031 not in calendar_in_use().years
    assert admin.post(YEAR, data=NOTICE).location == "/admin/calendar"
    assert calendar_in_use().roll(date(2031, 1, 23)) == date(2031, 1, 26)  # a Sunday that is worked
    row = re.search(r'<th scope="row">2031</th>(.*?)</tr>', admin.get("/admin/calendar").text)
    assert row is not None
    assert re.findall("<td>([^<]*)</td>", row[1]) == ["已按通知", NOTICE["source"], "3天", "1天"]
    assert [one[:2] for one in events(app)] == [("adoption-pages.year", "管理员")]
    place = config.calendar_folder() / "2031.yaml"  # as another process of the service would write it
    place.write_bytes(orjson.dumps({**orjson.loads(place.read_bytes()), "holidays": ["2031-01-01"]}))
    os.utime(place, ns=(1, 1))
    assert calendar_in_use().roll(date(2031, 1, 23)) == date(2031, 1, 23)


def test_a_year_is_replaced_only_where_that_is_said(app: Flask, admin: FlaskClient) -> None:
    admin.post(YEAR, data=NOTICE)
    other = {**NOTICE, "holidays": "2031-01-01"}
    again = admin.post(YEAR, data=other)
    assert (again.status_code, "2031年已经导入；确要替换的，请选“是”" in again.text) == (422, True)
    assert admin.post(YEAR, data={**other, "replace": "true"}).status_code == 303
    assert calendar_in_use().roll(date(2031, 1, 23)) == date(2031, 1, 23)


@pytest.mark.parametrize(
    ("change", "said"),
    [({"holidays": ""}, ["缺少必填字段“放假的日期（含连休中的周末）”"]), ({"holidays": "2031-01-01\n1月2日"}, ["“放假的日期”应为日期"]),
     ({"holidays": "2030-01-01"}, ["中的 2030-01-01 不在2031年"]), ({"workdays": "2032-01-25"}, ["“调休上班的日期” 中的 2032-01-25 不在2031年"]), ({"workdays": "2031-01-27"}, ["2031-01-27 不是周末"]),
     ({"year": "1999"}, ["2000至2200"]), ({"source": ""}, ["缺少必填字段“通知的名称和文号”"])],
)  # fmt: skip
def test_a_year_that_cannot_be_is_refused_in_words_and_nothing_is_kept(
    embedded: Flask, faulty: FlaskClient, change: dict[str, str], said: list[str]
) -> None:
    page = faulty.post(YEAR, data={**NOTICE, **change})
    assert page.status_code == 422
    told = "".join(re.findall(r'role="alert">.*?</div>|-error">[^<]*<', page.text))
    assert all(one in told for one in said)
    assert not re.search("holidays|workdays|source|year", told)
    assert (2031 in calendar_in_use().years, events(embedded)) == (False, [])


@pytest.mark.parametrize("path", ["/admin/calendar", CONFIRM, WITHDRAW, YEAR])
def test_nobody_but_the_administrator_adopts(director: FlaskClient, path: str) -> None:
    assert (director.get(path).status_code, director.post(path, data=SAID).status_code) in ((403, 403), (403, 405))
