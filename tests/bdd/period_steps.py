"""The influence-period table as it is confirmed, and what a case records on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from pytest_bdd import given, parsers, then, when

from service.books import books
from service.usecases.adopting.influence_periods import confirm_period, withdraw_period
from service.usecases.cases.act_on_case import read_case
from tests.bdd.case_steps import Proceeding
from tests.bdd.ledger_steps import NOW
from tests.lawful_case import ORGANISATION, Step, step

_DOCUMENT = "党委会纪要〔2026〕3号"


def confirm(proceeding: Proceeding, **change: Any) -> None:
    asked = {"row": "admonition", "by": "学校党委", "on": "2026-03-01", "document": _DOCUMENT} | change
    confirm_period(proceeding.office.session, books(), asked, now=NOW, entered_by="测试")


def end_on(day: str) -> Step:
    return step("end_period", ORGANISATION, day, person="P1")


@given(parsers.parse("学校党委依据文件确认诫勉的影响期为{months:d}个月"))
def confirmed(proceeding: Proceeding, months: int) -> None:
    confirm(proceeding, months=months)


@given("学校党委依据文件确认诫勉的影响期，自批准之日起算")
def confirmed_from_approval(proceeding: Proceeding) -> None:
    confirm(proceeding, start="approval")


@given("确认因文件废止撤回")
@when("确认因文件废止撤回")
def withdrawn(proceeding: Proceeding) -> None:
    asked = {"row": "admonition", "reason": "文件已经废止"}
    withdraw_period(proceeding.office.session, books(), asked, now=NOW, entered_by="测试")


@when(parsers.re(r"党委组织部于(?P<day>[\d-]+)记录影响期满"))
def end(proceeding: Proceeding, day: str) -> None:
    proceeding.take(end_on(day))


@given(parsers.re(r"党委组织部已于(?P<day>[\d-]+)记录影响期满"))
def ended(proceeding: Proceeding, day: str) -> None:
    proceeding.must(end_on(day))


@then(parsers.parse("案件的记录仍载明诫勉、{months:d}个月、期满{day}和所依据的文件"))
def rested_on(proceeding: Proceeding, months: int, day: str) -> None:
    assert proceeding.outcome is not None
    proceeding.outcome = read_case(proceeding.office.session, books(), proceeding.outcome.id)
    said = proceeding.case.records[-1].details["period"]
    assert (said["label"], said["months"], said["ends_on"]) == ("诫勉", months, date.fromisoformat(day))
    assert said["document"] == _DOCUMENT
