"""The figures of a period."""

from __future__ import annotations

from datetime import date

from pytest_bdd import given, parsers, then, when
from sqlalchemy import func, select

from models.matter.matters import RecordRow
from models.receipts.receipts import Receipt
from service.books import books
from service.usecases.matters.bulletin import Bulletin, assessment, bulletin
from tests.bdd.ledger_steps import OPINION, Office


def count(office: Office) -> int:
    return sum(office.session.scalar(select(func.count()).select_from(table)) or 0 for table in (RecordRow, Receipt))


@given(
    "甲处有一件于2026-04-29按时办结的事项，乙处有一件曾被退回、催办两次、至今逾期的事项",
    target_fixture="records_before",
)
def two_matters(office: Office) -> int:
    for unit in ("甲处", "乙处"):
        office.must("办公室", "propose", **(OPINION | {"lead_unit": unit}))
        office.register()
        office.must("办公室", "assign", "2026-01-08", channel="oa")
        office.must(unit, "report", "2026-04-29", result="已完成")
        if unit == "甲处":
            office.must("办公室", "accept", "2026-05-03")
    office.must("办公室", "return", "2026-05-03", reason="缺数据")
    for day in ("2026-05-08", "2026-05-20"):
        office.must("办公室", "urge", day)
    return count(office)


@when(parsers.re(r"办公室统计(?P<first>[\d-]+)至(?P<last>[\d-]+)的督查通报"), target_fixture="figures")
def make_bulletin(office: Office, first: str, last: str) -> Bulletin:
    return bulletin(office.session, books(), first=date.fromisoformat(first), last=date.fromisoformat(last))


@when(parsers.parse("办公室统计{year:d}年度的考核数据"), target_fixture="figures")
def make_assessment(office: Office, year: int) -> Bulletin:
    return assessment(office.session, books(), year=year, today=date(2026, 12, 31)).figures


@then(parsers.re(r"(?P<unit>甲处|乙处|合计)的“(?P<label>.+)”为(?P<number>\d+)"))
def figure_is(figures: Bulletin, unit: str, label: str, number: str) -> None:
    heading, *lines = figures.lines()
    line = next(line for line in lines if line[0] == unit)
    assert line[heading.index(label)] == number


@then("台账没有增加任何记录")
def nothing_written(office: Office, records_before: int) -> None:
    assert count(office) == records_before
