"""Annex 1 prints who approved, what they said and when; of a refusal too; and of an older record what that named. Source: annex-1.f4 – f7."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.matter.matter import matter_fold
from models.records.record import Actor, Hand, Record, Vouched
from rules.book.contract.matter_effects import MatterEffect
from rules.book.loading import load_rulebook
from service.documents.parts.paper import Table
from service.documents.writing.forms import registration_form
from service.documents.writing.record_words import in_words
from tests.approved import DIRECTOR, LEADER
from tests.backdated import moment

BOOK = load_rulebook()
OFFICE, UNIT = Actor("李四", "office"), Actor("王五", "unit", "甲处")
OPINION = {"title": "事项", "category": "plan", "basis": "要点", "lead_unit": "甲处", "due_on": date(2026, 4, 30)}
Done = tuple[str, Actor, str, dict[str, Any]]
PROPOSED: Done = ("propose", OFFICE, "2026-01-05", OPINION)
COMPLETED: tuple[Done, ...] = (
    PROPOSED,
    ("register", OFFICE, "2026-01-06", {"route": "leader"}),
    ("assign", OFFICE, "2026-01-08", {"channel": "oa"}),
    ("report", UNIT, "2026-04-20", {"result": "已完成"}),
    ("accept", OFFICE, "2026-04-22", {}),
)


def printed(*steps: Done, vouched: Vouched = "self") -> dict[str, str]:
    """Label → what stands beside it."""
    records = [
        Record(at, action, date.fromisoformat(on), Hand(actor, vouched=vouched), said, moment(date.fromisoformat(on)))
        for at, (action, actor, on, said) in enumerate(steps, 1)
    ]
    made = registration_form(matter_fold(records, BOOK.ledger.actions), None, BOOK)
    (table,) = (block for block in made.blocks if isinstance(block, Table))
    told = [["\n".join(line.text for line in cell.lines) for cell in row] for row in table.rows]
    return {f"结项{row[-2]}" if len(row) == 3 or at == 7 else row[0]: row[-1] for at, row in enumerate(told)}


@pytest.mark.parametrize(
    ("said", "box", "told"),
    [
        (("endorse_registration", DIRECTOR, "2026-01-06", {"agrees": True}), "办公室意见", "同意　主任　2026年1月6日"),
        (("approve_registration", LEADER, "2026-01-06", {"agrees": True, "opinion": "抓紧"}), "校领导意见",
         "同意　抓紧　校领导　2026年1月6日"),
        (("approve_registration", LEADER, "2026-01-06", {"agrees": False, "opinion": "依据不足"}), "校领导意见",
         "不同意　依据不足　校领导　2026年1月6日"),
    ],
    ids=["director", "leader", "refusal"],
)  # fmt: skip
def test_an_opinion_stands_in_its_box_with_name_and_day(said: Done, box: str, told: str) -> None:
    found = printed(PROPOSED, said)
    boxes = {"办公室意见": "", "校领导意见": ""} | {box: told}
    assert {name: found[name] for name in boxes} == boxes
    assert printed(PROPOSED, said, vouched="paper")[box] == f"{told}（据纸面材料录入）"


@pytest.mark.parametrize(("agrees", "ticked"), [(True, "☑ 是　☐ 否"), (False, "☐ 是　☑ 否")])
def test_the_leaders_closing_box_is_ticked_by_the_leader(agrees: bool, ticked: str) -> None:
    signed: Done = ("sign_closing", LEADER, "2026-04-23", {"agrees": agrees, "opinion": "见报告"})
    assert printed(*COMPLETED)["结项校领导意见"] == "☐ 是　☐ 否"
    assert printed(*COMPLETED, signed)["结项校领导意见"] == f"{ticked}\n见报告　校领导　2026年4月23日"
    sent_back: Done = ("return", OFFICE, "2026-04-24", {"reason": "不实"})
    assert printed(*COMPLETED, signed, sent_back)["结项校领导意见"] == "☐ 是　☐ 否"


def test_what_leaders_decided_on_the_due_date_stands_in_the_remarks() -> None:
    asked: Done = ("request_extension", UNIT, "2026-04-20", {"reason": "等数据", "progress": "七成"})
    granted: Done = ("decide_extension", LEADER, "2026-04-25", {"granted": True, "new_due_on": date(2026, 5, 31)})
    moved: Done = ("approve_change", LEADER, "2026-06-02", {"agrees": True, "lead_unit": "乙处"})
    found = printed(*COMPLETED[:3], asked, granted, moved)["备注"].split("\n")
    assert found[1:] == [
        "准予延期至2026年5月31日　校领导　2026年4月25日",
        "办结时限、承办单位（2026年5月31日，乙处）：同意　校领导　2026年6月2日",
    ]


@pytest.mark.parametrize(
    ("route", "boxes"),
    [("direct", ("可行　程远　2026年1月6日", "")), ("leader", ("可行", "可行　程远　2026年1月6日"))],
)
def test_an_older_record_is_printed_as_it_was(route: str, boxes: tuple[str, str]) -> None:
    old = {"route": route, "approved_by": "程远", "approved_on": "2026-01-06", "opinion": "可行"}
    closed: Done = ("close", OFFICE, "2026-04-25", {"office_agrees": True, "leader_agrees": True})
    found = printed(PROPOSED, ("register", OFFICE, "2026-01-06", old), *COMPLETED[2:], closed, vouched="earlier")
    assert (found["办公室意见"], found["校领导意见"]) == boxes
    assert (found["结项党校办意见"], found["结项校领导意见"]) == ("☑ 是　☐ 否", "☑ 是　☐ 否")


def test_what_nobody_fills_in_any_more_keeps_its_name() -> None:
    old = {"route": "direct", "approved_by": "程远", "approved_on": date(2026, 1, 6)}
    record = Record(2, "register", date(2026, 1, 6), Hand(OFFICE), old, moment(date(2026, 1, 6)), effect=MatterEffect())
    assert in_words(record, {}, BOOK).splitlines() == [
        "立项方式：直接立项", "审定或者批准人：程远", "审定或者批准日期：2026年1月6日"
    ]  # fmt: skip
