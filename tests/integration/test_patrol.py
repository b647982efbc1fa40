"""The daily round, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from models.people import units
from models.records.record import Actor
from models.schemas.tables import TableRead, read_table
from models.store.database import reading, writing
from service.books import books
from service.usecases.entry import Entry
from service.usecases.exchange.import_units import COLUMNS, import_units
from service.usecases.exchange.patrol import patrol
from tests.approved import AGREED, DIRECTOR
from tests.backdated import moment
from tests.registered import act_on_matter, open_matter

NOW = datetime(2026, 12, 31, tzinfo=UTC)
OFFICE, UNIT = Actor("李四", "office"), Actor("王五", "unit", "甲处")
TABLE = "单位,起,止\n甲处,2020-01-01,\n乙处,2020-01-01,2025-12-31\n"


def units_table(text: str) -> TableRead:
    return read_table(text.encode(), "单位.csv", COLUMNS)


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with writing(engine) as session:
        import_units(session, units_table(TABLE), apply=True)
    return engine


def matter(
    engine: Engine,
    title: str,
    due: str,
    *more: tuple[str, str, Actor, dict[str, Any]],
    co_units: Any = None,
    plan: Any = None,
) -> None:
    details = {"co_units": co_units, "title": title, "category": "plan", "basis": "要点", "consulted_with": "甲处", "lead_unit": "甲处",
               "due_on": date.fromisoformat(due)}  # fmt: skip
    steps = [
        ("endorse_registration", "2026-01-06", DIRECTOR, dict(AGREED)),
        ("register", "2026-01-06", OFFICE, {"route": "direct"}),
        *([("arrange", "2026-01-06", OFFICE, plan)] if plan else []),
        ("assign", "2026-01-07", OFFICE, {"channel": "oa"}),
        ("acknowledge", "2026-01-08", UNIT, {"signed_by": "王五"}),
        *more,
    ]
    with writing(engine) as session:
        found = open_matter(
            session, books(), Entry("propose", details, OFFICE, date(2026, 1, 5), "测试"), now=moment(date(2026, 1, 5))
        )
        for action, on, actor, what in steps:
            entry = Entry(action, what, actor, date.fromisoformat(on), "测试")
            found = act_on_matter(
                session, books(), found.id, entry, expected=found.matter.version, now=moment(entry.on)
            )


def test_the_round_finds_what_waits_and_says_the_same_twice(engine: Engine) -> None:
    asked = ("request_extension", "2026-04-20", UNIT, {"reason": "数据未到", "progress": "七成"})
    matter(engine, "逾期", "2026-04-30", ("urge", "2026-05-04", OFFICE, {}))
    matter(engine, "红", "2026-05-12")
    matter(engine, "黄", "2026-05-16", asked)
    matter(engine, "还早", "2026-05-18")
    matter(engine, "有的是时间", "2026-08-31", asked)
    matter(engine, "已报结", "2026-05-01", ("report", "2026-05-01", UNIT, {"result": "完成"}))
    for _ in range(2):
        with reading(engine) as session:
            found = [row for row in patrol(session, books(), today=date(2026, 5, 10)) if row.matter_id]
            ours = list(patrol(session, books(), today=date(2026, 5, 10), unit="甲处"))
        assert [(row.kind, row.title) for row in found if row.unit is None] == [
            ("receipt_missing", "逾期"), ("review_due", "已报结"),
        ]  # fmt: skip
        assert [(row.kind, row.title) for row in found if row.unit == "校领导"] == [
            ("extension_unanswered", "黄"), ("extension_unanswered", "有的是时间")
        ]  # fmt: skip
        assert ours == [row for row in found if row.unit == "甲处"]
        assert [(row.kind, row.title) for row in ours] == [
            ("overdue", "逾期"), ("due_red", "红"), ("due_yellow", "黄")
        ]  # fmt: skip


def test_urging_is_suggested_where_none_was_lately_issued(engine: Engine) -> None:
    matter(engine, "逾期", "2026-04-30", ("urge", "2026-05-04", OFFICE, {}))
    for day, suggested in (("2026-05-10", False), ("2026-05-11", True)):
        with reading(engine) as session:
            kinds = [row.kind for row in patrol(session, books(), today=date.fromisoformat(day))]
        assert ("urging_suggested" in kinds) is suggested


def test_a_co_unit_is_told_what_it_has_to_do(engine: Engine) -> None:
    stone = {"title": "初稿", "due_on": date(2026, 3, 1), "unit": "丙处"}
    plan = {"plan": "方案", "division": "分工", "milestones": (stone,),
            "project_leader": {"name": "赵六", "rank": "正职"}}  # fmt: skip
    with writing(engine) as session:
        import_units(session, units_table("单位,起,止\n丙处,2020-01-01,\n"), apply=True)
    matter(engine, "共同", "2026-06-30", co_units=["丙处"], plan=plan)
    with reading(engine) as session:
        found = list(patrol(session, books(), today=date(2026, 2, 25), unit="丙处"))
    assert [(row.kind, row.what) for row in found] == [("acknowledgement_missing", ""), ("milestone_due", "初稿")]


def test_the_office_sees_its_inspections(engine: Engine) -> None:
    with reading(engine) as session:
        found = [(row.kind, row.due_on) for row in patrol(session, books(), today=date(2026, 2, 2))]
    assert ("inspection_overdue", date(2026, 1, 30)) in found  # the last working day of January 2026
    assert len([kind for kind, _ in found if kind == "inspection_due"]) == 3


def test_units_are_those_of_the_day(engine: Engine) -> None:
    with reading(engine) as session:
        assert list(units.on_day(session, date(2025, 12, 31))) == ["乙处", "甲处"]
        assert list(units.on_day(session, date(2026, 1, 1))) == ["甲处"]
