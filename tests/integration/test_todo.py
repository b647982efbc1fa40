"""To-do lists: what the command shows and the interface answers, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from models.people.units import UnitAlias
from models.records.record import Actor
from models.store.database import writing
from rules.book.loading import load_rulebook
from service.cli import main
from service.usecases.exchange.todo_lists import OFFICE
from tests.issued import act, assigned, with_units


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with_units(engine, 甲处=None, 乙处=None)
    return engine


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    return lambda *words: CliRunner().invoke(main, ["patrol", "--today", "2026-05-10", *words])


def running(engine: Engine, unit: str, title: str, due: str) -> None:
    """A matter that its unit has signed for."""
    matter = assigned(engine, title, due, lead_unit=unit)
    act(engine, matter, "acknowledge", "2026-01-08", Actor("王五", "unit", unit), signed_by="王五")


def test_the_round_is_shown_by_who_acts_the_office_first(run: Callable[..., Any], engine: Engine) -> None:
    running(engine, "甲处", "自评报告", "2026-04-30")
    running(engine, "乙处", "年鉴", "2026-05-12")
    shown = run().stdout
    assert shown == run().stdout
    heads = [line for line in shown.splitlines() if line and not line.startswith(" ")]
    assert heads[0].startswith("督查督办工作办公室（")
    assert heads[1:] == ["乙处（1 项）", "甲处（1 项）"]
    assert "  【已超过办结时限】督〔2026〕1号 自评报告，时限 2026-04-30，已超 10 天" in shown.splitlines()


def test_the_thresholds_are_those_of_the_configuration(
    run: Callable[..., Any], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    running(engine, "甲处", "年鉴", "2026-05-25")
    assert run("--unit", "甲处").stdout == "没有待办事项\n"
    monkeypatch.setenv("WENZE_DUE_YELLOW_DAYS", "15")
    assert "即将到期（黄）" in run("--unit", "甲处").stdout
    monkeypatch.setenv("WENZE_DUE_YELLOW_DAYS", "soon")
    refused = run()
    assert (refused.exit_code, refused.stderr) == (1, "WENZE_DUE_YELLOW_DAYS 应为0至365的整数\n")


def test_the_round_as_json_has_a_finding_a_line(run: Callable[..., Any], engine: Engine) -> None:
    running(engine, "甲处", "自评报告", "2026-04-30")
    (found,) = [orjson.loads(line) for line in run("--unit", "甲处", "--format", "json").stdout.splitlines()]
    assert (found["kind"], found["label"], found["due_on"], found["days"]) == (
        "overdue", "已超过办结时限", "2026-04-30", -10
    )  # fmt: skip


def test_the_interface_answers_what_waits(app: Flask, client: FlaskClient) -> None:
    engine = app.extensions["database"]
    with_units(engine, 甲处=None, 乙处=None)
    for unit in ("甲处", "乙处", "甲处"):
        running(engine, unit, f"{unit}的事项", "2026-01-31")  # before any day on which this runs
    with writing(engine) as session:
        session.add(UnitAlias(alias="甲", unit="甲处"))
    for name in ("甲处", "甲"):
        answer = client.get("/api/v1/todo", query_string={"unit": name}).json
        assert [(row["kind"], row["title"]) for row in answer["findings"]] == [("overdue", "甲处的事项")] * 2
        assert answer["more"] is False
    whole = client.get("/api/v1/todo").json["findings"]
    parts, skip = [], 0
    while True:
        answer = client.get(f"/api/v1/todo?limit=2&skip={skip}").json
        parts += answer["findings"]
        skip += 2
        if not answer["more"]:
            break
    assert parts == whole
    assert {row["unit"] for row in whole} == {None, "甲处", "乙处"}
    assert date.fromisoformat(answer["today"]) >= date(2026, 1, 1)


@pytest.mark.parametrize(
    "query", ["unit=", "limit=0", "limit=1001", "skip=-1", "limit=1&limit=2", "colour=红", "unit=%00", "limit=١"]
)
def test_a_query_that_is_not_foreseen_is_refused(user: FlaskClient, query: str) -> None:
    assert user.get(f"/api/v1/todo?{query}").status_code == 400


def test_the_office_is_called_as_the_rulebook_calls_it() -> None:
    assert OFFICE in load_rulebook().office_names
