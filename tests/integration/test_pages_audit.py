"""The audit trail's pages: newest first, a page at a time, for those who may read it; the verdict names the first broken link."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from models.audit import events
from models.store.database import reading
from service.exchange.anchor_file import Anchor, append_anchor
from tests.audit_trail import change, grown, tampered
from tests.integration.ledger_office import OFFICE, act, assigned
from tests.integration.pages import counted, signed_in


@pytest.fixture
def auditor(app: Flask) -> FlaskClient:
    return signed_in(app, "auditor")


def shown(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<tr id="event-(\d+)"', page)]


def last(app: Flask) -> int:
    with reading(app.extensions["database"]) as session:
        return events.head(session)[0]


def test_the_newest_events_come_first_and_every_event_is_on_some_page(
    app: Flask, office: FlaskClient, auditor: FlaskClient
) -> None:
    for at in range(40):
        assigned(office, title=f"事项{at}")
    number, found, path = last(app), [], "/audit"
    while path:
        page = auditor.get(path).text
        found += [at for at in shown(page) if at <= number]
        older = re.search(r'href="(/audit\?last=\d+)">较早的', page)
        path = older[1] if older else ""
    assert found == list(range(number, 0, -1))
    assert shown(auditor.get("/audit?last=7").text) == [7, 6, 5, 4, 3, 2, 1]
    assert len(shown(auditor.get("/audit?last=x").text)) == 50


def test_an_event_tells_who_did_what_to_what_and_which_record_it_wrote(
    app: Flask, office: FlaskClient, auditor: FlaskClient
) -> None:
    matter = assigned(office)
    act(office, matter, "urge", "2026-05-04", OFFICE)
    page = auditor.get("/audit").text
    row = page.partition(f'id="event-{last(app) - 1}"')[2].partition("</tr>")[0]
    for said in (f"{OFFICE['name']}（账号）", "催办", "事项", matter["id"], "已办理", "事项的第5号记录"):
        assert said in row
    assert "审核评估自评报告" not in page


def test_each_look_is_an_event_and_nobody_else_may_look(app: Flask, office: FlaskClient, auditor: FlaskClient) -> None:
    before = last(app)
    auditor.get("/audit")
    assert last(app) == before + 1
    assert "查阅审计记录" in auditor.get("/audit").text
    others = [signed_in(app, role) for role in ("office_director", "system_administrator")]
    assert [(one.get("/audit").status_code, one.post("/audit/verify").status_code) for one in others] == [
        (403, 403)
    ] * 2


def test_a_whole_trail_is_called_whole_and_without_an_anchor_that_is_said(
    app: Flask, auditor: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown(app.extensions["database"], 6)  # a client of the tests binds papers past the trail
    page = auditor.post("/audit/verify").text
    assert f"审计记录完整：共{last(app)}条" in page
    assert "没有锚点，不能发现整体重写；附件的文件内容" in page
    with reading(app.extensions["database"]) as session:
        number, found = events.head(session)
    anchors = tmp_path / "anchors"
    append_anchor(anchors, Anchor("2026-06-01T00:00:00+00:00", number, "sha256", found))
    monkeypatch.setenv("WENZE_AUDIT_ANCHOR", str(anchors))
    page = auditor.post("/audit/verify").text
    assert "与1个锚点相符" in page
    assert "没有锚点" not in page


def test_a_page_of_the_trail_asks_as_often_with_many_events_as_with_few(
    app: Flask, office: FlaskClient, auditor: FlaskClient
) -> None:
    assigned(office)
    with counted(app) as few:
        assert auditor.get("/audit").status_code == 200
    for _ in range(29):
        assigned(office)
    with counted(app) as many:
        assert auditor.get("/audit").status_code == 200
    assert len(many) == len(few) < 20


def test_a_trail_that_was_tampered_with_is_called_so_at_its_first_broken_link(
    app: Flask, office: FlaskClient, auditor: FlaskClient
) -> None:
    assigned(office)
    engine: Engine = app.extensions["database"]
    with tampered(engine) as session:
        change(session, 3, actor="别人")
        session.commit()
    page = auditor.post("/audit/verify").text
    assert "审计记录不完整：第3条：内容被改动" in page
    assert 'href="/audit?last=3"' in page
