"""The check-up of procedure against a table that was written from the regulation, not from the code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from models.case.checkup import GradedDuty, checked
from models.records.record import Actor, Hand, Record
from rules.reasoning.calendar import work_calendar
from tests.conftest import ROOT
from tests.lawful_case import (
    BOOK,
    DECISION,
    HEAD,
    LAWFUL,
    MEETING,
    NOW,
    OFFICE,
    PERSONNEL,
    Step,
    by,
    first,
    stands_down,
    step,
    until,
    with_details,
)

TABLE: Mapping[str, Any] = yaml.safe_load((ROOT / "tests/data/checkup_table.yaml").read_text(encoding="utf-8"))
GRADES = {"K": "kept", "C": "curable", "X": "incurable", "N": "not_due", "R": "not_regulated"}
LAWFUL_GRADES = {duty: GRADES[grade] for grade, duties in TABLE["lawful"].items() for duty in duties}
END, STRANGER = date(2026, 12, 31), Actor("路人", "team")
MAIN = ("element", "to", "department")


def records(steps: tuple[Step, ...]) -> list[Record]:
    return [Record(at + 1, one.action, one.on, Hand(one.actor), dict(one.details), NOW) for at, one in enumerate(steps)]


def graded(steps: tuple[Step, ...], on: date = END) -> dict[str, str]:
    return {row.duty: row.grade for row in rows(steps, on)}


def rows(steps: tuple[Step, ...], on: date = END) -> tuple[GradedDuty, ...]:
    return checked(records(steps), on, BOOK, work_calendar())


def expected(section: str, one: Step) -> Any:
    """What the table lists for a step: under action:detail, else under its action."""
    detail = next((one.details[name] for name in MAIN if name in one.details), None)
    known = TABLE[section]
    return known.get(f"{one.action}:{detail}", known.get(one.action, {}))


def wanted(change: Mapping[str, str]) -> dict[str, str]:
    return LAWFUL_GRADES | {duty: GRADES[grade] for duty, grade in change.items()}


def delayed(one: Step, days: int) -> Step:
    """The whole event later: its day, its meeting's, its receipt's."""
    shift = timedelta(days=days)
    details = dict(one.details)
    if "meeting" in details:
        details["meeting"] = details["meeting"] | {"held_on": details["meeting"]["held_on"] + shift}
    if "received_on" in details:
        details["received_on"] += shift
    return replace(one, on=one.on + shift, details=details)


def at(position: int, *steps: Step, width: int = 1) -> tuple[Step, ...]:
    """The lawful history with other steps at a position."""
    return (*LAWFUL[:position], *steps, *LAWFUL[position + width :])


def mutations() -> Iterator[Any]:
    for position, one in enumerate(LAWFUL):
        name = f"{position}-{one.action}"
        yield pytest.param(at(position), expected("deleted", one), id=f"{name}-deleted")
        yield pytest.param(at(position, by(one, STRANGER)), expected("wrong_actor", one), id=f"{name}-stranger")
        for days in (1, 7, 31, 61):
            told = expected("late", one).get(days, {})
            yield pytest.param(at(position, delayed(one, days)), told, id=f"{name}-{days}-days-late")
    for position, (one, other) in enumerate(pairwise(LAWFUL)):
        told = {} if one.action == other.action else expected("swapped", one)
        yield pytest.param(at(position, other, one, width=2), told, id=f"{position}-{one.action}-swapped")


def test_a_lawful_history_has_no_fault_and_the_table_names_every_duty() -> None:
    assert graded(LAWFUL) == LAWFUL_GRADES
    assert set(LAWFUL_GRADES) == set(BOOK.checkup.duties)


@pytest.mark.parametrize(("history", "change"), list(mutations()))
def test_a_broken_history_is_graded_as_the_table_says(history: tuple[Step, ...], change: Mapping[str, str]) -> None:
    assert graded(history) == wanted(change)


@pytest.mark.parametrize(
    "row", TABLE["unfinished"], ids=lambda row: f"{row['before']}-without-{row['without']}-{row['day']}"
)
def test_nothing_is_due_before_its_stage(row: dict[str, str]) -> None:
    steps = tuple(one for one in until(row["before"]) if one.action != row["without"])
    found = graded(steps, date.fromisoformat(row["day"]))
    told = {name: GRADES[grade] for name, grade in row.items() if name not in ("before", "without", "day")}
    assert {name: found[name] for name in told} == told


def test_every_row_of_the_table_is_of_a_step_and_of_a_duty() -> None:
    actions = {one.action for one in LAWFUL}
    for section in ("deleted", "wrong_actor", "swapped", "late"):
        for name, change in TABLE[section].items():
            assert name.partition(":")[0] in actions
            listed = change.values() if section == "late" else (change,)
            assert all(set(duties) <= set(LAWFUL_GRADES) for duties in listed)


def changed(action: str, **details: Any) -> tuple[Step, ...]:
    """The lawful history with other details in the first of an action."""
    one = first(action)
    return at(LAWFUL.index(one), with_details(one, **details))


_DIFFERS = with_details(first("sign"), kind="differs", text="数据来源有误")
_EXPLAINED = step("sign", HEAD, "2026-05-29", person="P1", kind="differs", note="已作说明")
_SUSPENDED = step("suspend_execution", OFFICE, "2026-07-12", person="P1")
_ORGANISED = {**DECISION, "measures": ("organisational_measure",), "organisational_kind": "免职", "slots": (
    *DECISION["slots"], {"id": "organisational_kind", "choice": "免职", "reason": "不适宜"})}  # fmt: skip


@pytest.mark.parametrize(
    ("history", "change"),
    [
        (changed("find", evidence=()), {"evidence": "X"}),
        (changed("hear", text=" "), {"hearing": "X"}),
        (changed("answer_point", reason=""), {"points": "X"}),
        (changed("answer_point", reasonable=True), {"points": "X"}),
        (changed("sign", kind="refuses"), {"refusal_note": "C"}),
        (changed("sign", kind="differs", note="已作说明"), {"refusal_note": "C"}),
        (at(LAWFUL.index(first("sign")), _DIFFERS, _EXPLAINED), {"refusal_note": "K"}),
        (changed("discuss", participants=("组长",)), {"discussion": "X"}),
        (changed("report", groups={"facts": "有"}), {"report": "X"}),
        (changed("report", signatures=("组员甲", "组员乙")), {"report_signed": "C"}),
        (changed("form_team", members=first("form_team").details["members"][::2]), {"team": "X", "report_signed": "C"}),
        (changed("decide", meeting=MEETING | {"attendance": ("委员一", "组员甲", "委员三")}), {"deliberation": "X"}),
        (changed("decide", meeting=MEETING | {"recused": ("委员一",)}), {"deliberation": "X"}),
        (changed("decide", decisions=(DECISION | {"slots": ()},)), {"discretion": "X"}),
        (changed("review_appeal", meeting=MEETING | {"held_on": date(2026, 8, 10)}, same_body_reason=None), {"review": "C"}),
        (changed("review_appeal", meeting=MEETING | {"held_on": date(2026, 8, 10)}), {}),
        (changed("review_appeal", meeting=MEETING | {"attendance": ("委员一", "组长")}), {"review": "C"}),
        (at(LAWFUL.index(first("review_appeal")), _SUSPENDED, first("review_appeal")), {"no_suspension": "C"}),
    ],
    ids=["no evidence", "nothing recorded", "no reason", "reasonable not adopted", "refusal not noted", "difference explained by the person", "difference explained by the team",
         "discussed alone", "groups missing", "head did not sign", "office alone", "investigator voted", "recused member voted",
         "no reasons", "deciders reviewed without a reason", "deciders reviewed", "investigator reviewed", "suspended"],
)  # fmt: skip
def test_what_a_record_lacks_is_a_fault_of_its_duty(history: tuple[Step, ...], change: Mapping[str, str]) -> None:
    assert graded(history) == wanted(change)


@pytest.mark.parametrize(
    ("done", "grade"), [("2026-07-20", "kept"), ("2026-07-21", "incurable"), (None, "curable")],
    ids=["on the last day", "a day late", "never"],
)  # fmt: skip
def test_the_month_for_formalities_is_a_deadline(done: str | None, grade: str) -> None:
    more = (step("complete_formalities", PERSONNEL, done, person="P1"),) if done else ()
    history = (*changed("decide", decisions=(_ORGANISED,)), *more)
    assert graded(history)["formalities"] == grade


def test_a_fault_has_its_remedy_and_its_records() -> None:
    found = {row.duty: row for row in rows(changed("find", evidence=()))}
    assert found["evidence"].remedy == BOOK.checkup.duties["evidence"].beyond
    assert found["evidence"].records[0] == LAWFUL.index(first("find")) + 1
    assert found["hearing"].remedy is None
    assert all((row.remedy is None) is (row.grade not in ("curable", "incurable")) for row in found.values())


def test_every_duty_but_the_cases_own_is_checked_for_each_person() -> None:
    two = ({**LAWFUL[0].details["persons"][0]}, {**LAWFUL[0].details["persons"][0], "id": "P2", "name": "李某"})
    found = [row for row in rows(at(0, with_details(LAWFUL[0], persons=two))) if row.person == "P2"]
    assert {row.duty for row in found} == {name for name, duty in BOOK.checkup.duties.items() if duty.person}
    assert {row.duty: row.grade for row in found}["hearing"] == "incurable"


def test_a_withdrawn_case_owes_nothing_more() -> None:
    gone = step("withdraw", first("approve").actor, "2026-06-10", reason="事项撤销")
    assert not {"curable", "incurable"} & set(graded((*until("evaluate"), gone)).values())


@pytest.mark.parametrize(
    ("history", "duty", "grade"),
    [
        (changed("find", element={}), "hearing", "kept"),
        (changed("decide", decisions=({"person": {}},)), "deliberation", "incurable"),
        (changed("decide", decisions=(DECISION | {"measures": 1},)), "discretion", "incurable"),
        (changed("decide", decisions=(DECISION | {"slots": ({"id": {}, "choice": "甲", "reason": "乙"},)},)), "discretion", "incurable"),
        (changed("execute", kind={}), "execution", "curable"),
        (changed("decide", meeting=MEETING | {"held_on": date.max}), "deliberation", "kept"),
    ],
    ids=["element", "person", "measures", "slot", "kind", "the last day there is"],
)  # fmt: skip
def test_what_no_entry_could_hold_is_graded_all_the_same(history: tuple[Step, ...], duty: str, grade: str) -> None:
    assert graded(history)[duty] == grade


_JUNK = st.sampled_from([None, "", "P1", 1, (), ("x",), {}, {"person": "P1"}, ({"id": "P1"},), date(2026, 1, 1)])


def _torn(one: Step, junk: Mapping[str, Any], dropped: Callable[[str], bool]) -> Step:
    return replace(one, details={**{name: value for name, value in one.details.items() if not dropped(name)}, **junk})


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_records_at_all_are_graded(data: st.DataObject) -> None:
    steps = data.draw(st.lists(st.sampled_from(LAWFUL), max_size=25))
    keys = sorted({name for one in LAWFUL for name in one.details})
    torn = tuple(_torn(one, data.draw(st.dictionaries(st.sampled_from(keys), _JUNK, max_size=2)),
                       lambda name: len(name) % 3 == 0) for one in steps)  # fmt: skip
    assert {row.grade for row in rows(torn)} <= set(BOOK.checkup.grades)


def test_an_inquiry_that_went_on_after_its_approver_was_recused_was_not_approved() -> None:
    formed = len(until("find"))
    gone = stands_down("书记", "2026-05-15")
    again = step("approve_again", Actor("副书记", "leader"), "2026-05-16")
    assert graded(at(formed, gone, width=0))["approval"] == "incurable"
    assert graded(at(formed, gone, again, width=0)) == LAWFUL_GRADES
    assert graded((*until("find"), gone))["approval"] == "kept"
    last = len(until("appeal"))
    assert graded(at(last, replace(gone, on=LAWFUL[last].on), width=0)) == LAWFUL_GRADES
