"""Inspections recorded and asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from models.office.inspection import Done, DueInspection, InspectionIncomplete
from models.store.database import Base
from rules.book.loading import load_rulebook
from service.books import books
from service.usecases.matters.inspect import inspection_duties, record_inspection

RULES = load_rulebook().inspections
STATES = {"已完成": "done", "尚未书面报告": "unreported", "本期应进行": "due", "已逾期": "overdue"}
NAMED = {"特别重要的年度工作任务": "important_annual_tasks", "年度工作要点": "annual_work_points"}


@pytest.fixture
def room() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def record(room: Session, done: Done) -> None:
    record_inspection(room, books(), done, note=None, now=datetime(2026, 12, 31, tzinfo=UTC), entered_by="测试")


@given(parsers.re("2026年3月的会议决议督查(?P<text>已进行并书面报告|已进行，尚未报告|尚未进行)"))
def monthly(room: Session, text: str) -> None:
    if text != "尚未进行":
        told = "校领导" if "书面报告" in text else None
        record(room, Done("regular", "meeting_resolutions", date(2026, 3, 20), reported_to=told))


@given(parsers.re(r"(?P<what>特别重要的年度工作任务|年度工作要点)已于(?P<day>[\d-]+)督查"))
def carried_out(room: Session, what: str, day: str) -> None:
    record(room, Done("regular", NAMED[what], date.fromisoformat(day)))


@when(parsers.re(r"办公室于(?P<day>[\d-]+)查看当年的定期督查"), target_fixture="listed")
def look(room: Session, day: str) -> tuple[DueInspection, ...]:
    return inspection_duties(room, books(), 2026, today=date.fromisoformat(day))


@when(parsers.re("办公室登记(?P<form>专项督查|联合督查)，(?P<text>.+)"), target_fixture="refusal")
def register_inspection(room: Session, form: str, text: str) -> str | None:
    name = next(found.id for found in RULES.forms.values() if found.label == form)
    task = None if "没有" in text else "专项任务"
    members = ("督查督办工作办公室", "审计处") if "成员" in text else ()
    try:
        record(room, Done(name, None, date(2026, 3, 1), task=task, members=members))
    except InspectionIncomplete as error:
        return error.provision
    return None


def state_of(listed: tuple[DueInspection, ...], kind: str, last: date) -> str:
    return next(duty.state for duty in listed if (duty.kind, duty.last) == (kind, last))


@then(parsers.re("2026年3月的会议决议督查(?P<state>已完成|尚未书面报告|本期应进行|已逾期)"))
def monthly_state(listed: tuple[DueInspection, ...], state: str) -> None:
    assert state_of(listed, "meeting_resolutions", date(2026, 3, 31)) == STATES[state]


@then(parsers.re("第一季度的年度任务督查(?P<state>已完成|已逾期)"))
def quarterly_state(listed: tuple[DueInspection, ...], state: str) -> None:
    assert state_of(listed, "important_annual_tasks", date(2026, 3, 31)) == STATES[state]


@then(parsers.re("上半年的工作要点督查(?P<state>已完成|已逾期)"))
def half_yearly_state(listed: tuple[DueInspection, ...], state: str) -> None:
    assert state_of(listed, "annual_work_points", date(2026, 6, 30)) == STATES[state]


@then(parsers.parse("全年应有每月{months:d}次、每季度{quarters:d}次、每半年{halves:d}次"))
def counts_of_year(listed: tuple[DueInspection, ...], months: int, quarters: int, halves: int) -> None:
    kinds: dict[str, Any] = {
        "meeting_resolutions": months,
        "important_annual_tasks": quarters,
        "annual_work_points": halves,
    }
    assert {kind: sum(duty.kind == kind for duty in listed) for kind in kinds} == kinds


@then(parsers.re(r"(?P<result>准予登记|不予登记，依据(?P<provision>\S+))"))
def registered_or_not(refusal: str | None, result: str, provision: str | None) -> None:
    assert refusal == provision
