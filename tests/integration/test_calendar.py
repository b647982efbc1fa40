"""The calendar feed: read back with the library that calendar programs' authors use, on both databases."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from models.people.units import UnitAlias
from models.records.record import Actor
from models.store.database import reading, writing
from service.cli import main
from service.routes import OPEN
from service.usecases.people.api_tokens import create_calendar_token, list_tokens, revoke_token
from tests.issued import NOW, UNIT, act, assigned, opened, registered, with_units

HEAD = Actor("赵六", "office")


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A calendar program: it sends no headers."""
    with_units(app.extensions["database"], 甲处=None, 乙处=None)
    return app.test_client()


def feed_of(app: Flask, unit: str | None = None, ends: datetime | None = None) -> str:
    with writing(app.extensions["database"]) as session:
        secret = create_calendar_token(session, "日历", unit=unit, now=datetime.now(UTC), expires_at=ends)
    return f"/calendar/{secret}.ics"


def events(client: FlaskClient, address: str) -> dict[str, Any]:
    """The feed's events by their summaries, without the inspections of the year."""
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    found = {str(event["SUMMARY"]): event for event in Calendar.from_ical(answer.data).events}
    return {summary: event for summary, event in found.items() if not summary.startswith("督查：")}


def planned(app: Flask, title: str = "共同事项") -> Any:
    """A matter of two units with a step for each."""
    stones = (
        {"title": "初稿", "due_on": date(2026, 3, 1), "unit": "乙处"},
        {"title": "定稿", "due_on": date(2026, 4, 1)},
    )
    plan = {"plan": "方案", "division": "分工", "milestones": stones,
            "project_leader": {"name": "赵六", "rank": "正职"}}  # fmt: skip
    engine = app.extensions["database"]
    matter = opened(engine, title, co_units=["乙处"])
    matter = registered(engine, matter)
    matter = act(engine, matter, "arrange", "2026-01-06", **plan)
    return act(engine, matter, "assign", "2026-01-07", channel="oa")


def test_due_dates_and_steps_are_all_day_events(app: Flask, stranger: FlaskClient) -> None:
    planned(app)
    found = events(stranger, feed_of(app))
    assert {summary: event["DTSTART"].dt for summary, event in found.items()} == {
        "办结时限：共同事项（督〔2026〕1号）": date(2026, 4, 30),
        "阶段目标：初稿——共同事项（督〔2026〕1号）": date(2026, 3, 1),
        "阶段目标：定稿——共同事项（督〔2026〕1号）": date(2026, 4, 1),
    }
    for event in found.values():
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1)
        assert event["DTSTART"].params["VALUE"] == "DATE"
    assert "乙处" in found["阶段目标：初稿——共同事项（督〔2026〕1号）"]["DESCRIPTION"]


def test_the_feed_names_no_person(app: Flask, stranger: FlaskClient) -> None:
    planned(app)
    text = stranger.get(feed_of(app)).data.replace(b"\r\n ", b"").decode()
    assert "共同事项" in text
    assert not any(person in text for person in ("李四", "王五", "赵六", "主任"))


def test_the_office_sees_its_inspections_and_a_unit_does_not(app: Flask, stranger: FlaskClient) -> None:
    summaries = [str(event["SUMMARY"]) for event in Calendar.from_ical(stranger.get(feed_of(app)).data).events]
    assert [summary for summary in summaries if summary.startswith("督查：")]
    assert Calendar.from_ical(stranger.get(feed_of(app, "甲处")).data).events == []


def test_a_units_feed_holds_what_that_unit_has_in_hand(app: Flask, stranger: FlaskClient) -> None:
    planned(app)
    assigned(app.extensions["database"], "甲处的事项")
    number = "督〔2026〕1号"
    assert set(events(stranger, feed_of(app, "乙处"))) == {
        f"办结时限：共同事项（{number}）", f"阶段目标：初稿——共同事项（{number}）"
    }  # fmt: skip
    assert set(events(stranger, feed_of(app, "甲处"))) == {
        f"办结时限：共同事项（{number}）", f"阶段目标：定稿——共同事项（{number}）", "办结时限：甲处的事项（督〔2026〕2号）"
    }  # fmt: skip


def test_what_is_done_leaves_the_feed_and_what_is_moved_keeps_its_uid(app: Flask, stranger: FlaskClient) -> None:
    engine, address = app.extensions["database"], feed_of(app)
    matter = planned(app)
    before = events(stranger, address)
    due = "办结时限：共同事项（督〔2026〕1号）"
    assert stranger.get(address).data == stranger.get(address).data
    matter = act(engine, matter, "progress", "2026-02-01", UNIT, note="初稿已成", milestones_reached=["初稿"])
    matter = act(engine, matter, "request_extension", "2026-02-02", UNIT, reason="数据未到", progress="七成")
    matter = act(engine, matter, "decide_extension", "2026-02-03", Actor("校领导", "leader"), granted=True,
                 new_due_on=date(2026, 5, 20))  # fmt: skip
    after = events(stranger, address)
    assert len(after) == 2
    assert after[due]["DTSTART"].dt == date(2026, 5, 20)
    assert after[due]["UID"] == before[due]["UID"]
    act(engine, matter, "report", "2026-05-19", UNIT, result="完成")
    assert events(stranger, address) == {}


def test_uids_tell_everything_apart(app: Flask, stranger: FlaskClient) -> None:
    planned(app)
    planned(app, "又一事项")
    uids = [str(event["UID"]) for event in Calendar.from_ical(stranger.get(feed_of(app)).data).events]
    assert len(uids) == len(set(uids)) > 6


def test_a_title_cannot_break_out_of_its_line(app: Flask, stranger: FlaskClient) -> None:
    title = "a;b,c\\nEND:VCALENDAR" + "长" * 300
    assigned(app.extensions["database"], title)
    answer = stranger.get(feed_of(app))
    assert f"办结时限：{title}（督〔2026〕1号）" in events(stranger, feed_of(app))
    assert answer.data.count(b"END:VCALENDAR\r\n") == 1
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))


@pytest.mark.parametrize("form", ["{}", "{}x.ics", "x{}.ics", "{}.ics/", ".ics", "%00.ics", "%ff.ics", "{}.ics%00"])
def test_any_other_address_is_not_found(app: Flask, stranger: FlaskClient, form: str) -> None:
    secret = feed_of(app).removeprefix("/calendar/").removesuffix(".ics")
    assert stranger.get("/calendar/" + form.format(secret)).status_code in (404, 401)
    assert stranger.get(f"/calendar/{secret}.ics").status_code == 200


def test_a_revoked_or_expired_address_is_not_found(app: Flask, stranger: FlaskClient) -> None:
    address, expired = feed_of(app), feed_of(app, ends=datetime.now(UTC) - timedelta(seconds=1))
    assert stranger.get(expired).status_code == 404
    assert stranger.get(address).status_code == 200
    with writing(app.extensions["database"]) as session:
        for row in list_tokens(session, now=NOW):
            revoke_token(session, row.id, now=datetime.now(UTC))
    assert stranger.get(address).status_code == 404


def test_an_api_token_opens_no_feed_and_a_calendar_token_nothing_else(
    app: Flask, client: FlaskClient, stranger: FlaskClient
) -> None:
    bearer = client.environ_base["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    assert stranger.get(f"/calendar/{bearer}.ics").status_code == 404
    secret = feed_of(app).removeprefix("/calendar/").removesuffix(".ics")
    for rule in app.url_map.iter_rules():
        route = app.extensions["routes"].get(rule.endpoint)
        if route is None or route.permission is not OPEN:
            path = re.sub("<[^>]*>", "1", rule.rule)
            for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
                answer = stranger.open(path, method=method, headers={"Authorization": f"Bearer {secret}"})
                assert answer.status_code == 403, rule.endpoint
    stranger.set_cookie("wenze_docs", secret, path="/api")
    assert stranger.get("/api/docs").status_code == 403


def test_the_log_has_the_route_and_not_the_address(
    app: Flask, stranger: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    address = feed_of(app)
    capsys.readouterr()
    stranger.get(address)
    stranger.get("/calendar/guess.ics")
    rows = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(row["route"], row["status"]) for row in rows] == [
        ("/calendar/<secret>.ics", 200), ("/calendar/<secret>.ics", 404)
    ]  # fmt: skip
    assert rows[0]["token"]
    assert address[10:-4] not in json.dumps(rows)


def test_the_feed_is_not_kept_by_anybody_on_the_way(app: Flask, stranger: FlaskClient) -> None:
    headers = stranger.get(feed_of(app)).headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")


@pytest.fixture
def run(app: Flask, stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    url = app.extensions["database"].url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    return lambda *words: CliRunner().invoke(main, ["token", *words])


def test_the_command_prints_the_feeds_address(run: Callable[..., Any], app: Flask, stranger: FlaskClient) -> None:
    with writing(app.extensions["database"]) as session:
        session.add(UnitAlias(alias="甲", unit="甲处"))
    planned(app)
    address = run("create", "--calendar", "--unit", "甲", "--name", "甲处的日历").stdout.strip()
    assert len(events(stranger, address)) == 2
    assert "甲处的日历  日历订阅（甲处）" in run("list").stdout
    assert run("create", "--calendar").stdout.startswith("/calendar/wenze_")
    refused = run("create", "--calendar", "--unit", "校外公司")
    assert (refused.exit_code, refused.stderr.splitlines()[1:]) == (2, ["单位表中没有这个单位"])
    assert run("create", "--unit", "甲处").exit_code == 2
    with reading(app.extensions["database"]) as session:
        assert [row.calendar for row in list_tokens(session, now=NOW)] == [True, True]
