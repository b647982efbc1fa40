"""What is to be done after a decision: days nominal and actual, and no day that is guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from models.case.case import Case
from models.case.duties import CaseDuty, duties_of, filed_appeals, received_on
from rules.book.rulebook import Rulebook
from rules.reasoning.calendar import work_calendar
from rules.strict_yaml import parse
from tests.conftest import ROOT
from tests.lawful_case import (
    APPEAL,
    BOOK,
    DECISION,
    DELIBERATION,
    EVALUATION,
    FOLLOWING,
    INQUIRY,
    MEETING,
    OFFICE,
    ORGANISATION,
    OTHER_BODY,
    PERSON,
    PERSONNEL,
    SLOTS,
    first,
    later,
    lived,
    step,
    taken,
    with_details,
)  # fmt: skip

CALENDAR = work_calendar()
VECTORS = parse((ROOT / "tests/data/dates.yaml").read_text(encoding="utf-8"))["vectors"]
APPEALS = [row for row in VECTORS if row["rule"] == "appeal_1_month"]
REMOVAL = {"measures": ("organisational_measure",), "organisational_kind": "免职", "slots": (
    *SLOTS, {"id": "organisational_kind", "choice": "免职", "reason": "不适宜担任现职"})}  # fmt: skip
ORGANISED = msgspec.structs.replace(
    EVALUATION, base=("organisational_measure",) * 2, range_mandatory=("organisational_measure",) * 2
)


def decided(on: str, decision: dict[str, Any] | None = None) -> Case:
    """A case whose decision was taken and issued on this day."""
    day = date.fromisoformat(on)
    shift = day - first("decide").on
    moved = [replace(one, on=one.on + shift) for one in (*INQUIRY, *DELIBERATION[:2])]
    meeting = MEETING | {"held_on": day}
    moved[-1] = with_details(moved[-1], meeting=meeting, decisions=(DECISION | (decision or {}),))
    case = lived(*moved[:-1])
    case = taken(case, moved[-1], ORGANISED if decision else EVALUATION)
    return lived(replace(first("issue_decision"), on=day), case=case)


def served(on: str, to: str = "person") -> Any:
    return step("serve_decision", OFFICE, on, person="P1", to=to, received_on=date.fromisoformat(on), signed_by="张某")


def on_day(case: Case, today: str, book: Rulebook = BOOK) -> dict[str, CaseDuty]:
    return {duty.id: duty for duty in duties_of(case, "P1", date.fromisoformat(today), book, CALENDAR)}


def confirmed(*names: str) -> Rulebook:
    """The book with these rows of the influence-period table confirmed."""
    by = {"by": "学校党委", "on": "2026-01-05", "document": "党委会纪要"}
    rows = (replace(row, confirmed=by, mark="V") if row.id in names else row for row in BOOK.periods)
    return replace(BOOK, periods=tuple(rows))


def test_every_tracked_duty_of_the_book_is_told_of_by_some_case() -> None:
    revoked = step("review_appeal", first("decide").actor, "2026-08-12", person="P1", meeting=OTHER_BODY,
                   result="revoked", reason="事实不清")  # fmt: skip
    cases = [lived(*INQUIRY, *DELIBERATION, *FOLLOWING, APPEAL[0]), decided("2026-06-22", REMOVAL)]
    cases.append(lived(revoked, case=cases[0]))
    told = {name.partition(".")[0] for case in cases for name in on_day(case, "2026-09-01")}
    assert told == set(BOOK.tracked)


@pytest.mark.parametrize("row", APPEALS, ids=lambda row: row["from"])
def test_the_window_of_the_appeal_ends_as_in_the_table_of_dates(row: dict[str, Any]) -> None:
    case = lived(served(row["from"]), case=decided(row["from"]))
    window = on_day(case, row["from"])["appeal"]
    assert (window.nominal, window.actual) == (date.fromisoformat(row["nominal"]), date.fromisoformat(row["actual"]))


@pytest.mark.parametrize(
    ("received", "nominal", "actual"),
    [
        ("2024-01-31", "2024-02-29", "2024-02-29"), ("2024-02-29", "2024-03-29", "2024-03-29"),
        ("2025-01-04", "2025-02-04", "2025-02-05"), ("2025-01-08", "2025-02-08", "2025-02-08"),
        ("2025-01-31", "2025-02-28", "2025-02-28"), ("2025-03-31", "2025-04-30", "2025-04-30"),
        ("2025-08-28", "2025-09-28", "2025-09-28"), ("2025-09-01", "2025-10-01", "2025-10-09"),
        ("2025-09-11", "2025-10-11", "2025-10-11"), ("2025-12-31", "2026-01-31", "2026-02-02"),
        ("2026-01-31", "2026-02-28", "2026-02-28"), ("2026-01-15", "2026-02-15", "2026-02-24"),
        ("2026-01-14", "2026-02-14", "2026-02-14"), ("2026-04-09", "2026-05-09", "2026-05-09"),
        ("2026-08-20", "2026-09-20", "2026-09-20"), ("2026-09-10", "2026-10-10", "2026-10-10"),
        ("2026-05-19", "2026-06-19", "2026-06-22"), ("2026-05-31", "2026-06-30", "2026-06-30"),
    ],
    ids=["leap month end", "from the leap day", "spring festival", "worked Saturday in 2025", "common month end", "short month",
         "worked Sunday", "national day 2025", "worked Saturday after it", "across the year", "worked Saturday in 2026",
         "spring festival 2026", "worked Saturday before it", "worked after May", "worked Sunday 2026",
         "worked Saturday October", "dragon boat", "month of thirty"],
)  # fmt: skip
@pytest.mark.parametrize("duty", ["appeal", "formalities"])
def test_a_month_ends_on_its_day_and_rolls_only_over_rest_days(
    duty: str, received: str, nominal: str, actual: str
) -> None:
    case = lived(served(received), case=decided(received, REMOVAL))
    found = on_day(case, received)[duty]
    assert (found.nominal, found.actual) == (date.fromisoformat(nominal), date.fromisoformat(actual))


def test_a_reminder_counts_working_days_and_says_that_it_is_policy() -> None:
    service = on_day(decided("2026-02-12"), "2026-02-26")["service_unit"]
    assert (service.actual, service.source, service.state) == (date(2026, 2, 26), "policy", "open")
    assert on_day(decided("2026-02-12"), "2026-02-27")["service_unit"].state == "overdue"


def test_without_receipt_the_window_is_unknown() -> None:
    case = decided("2026-06-22")
    window = on_day(case, "2026-12-01")["appeal"]
    assert (window.state, window.nominal, window.actual) == ("unknown", None, None)
    assert on_day(lived(served("2026-06-25", "unit"), case=case), "2026-06-26")["appeal"].state == "unknown"
    assert received_on(case, "P1") is None


def test_a_year_without_a_calendar_gives_no_actual_day_but_a_warning() -> None:
    case = lived(served("2026-12-05"), case=decided("2026-12-05", REMOVAL))
    window = on_day(case, "2026-12-31")["appeal"]
    assert (window.nominal, window.actual, window.state) == (date(2027, 1, 5), None, "open")
    assert window.warning is not None
    assert "2027年" in window.warning
    assert on_day(case, "2027-01-06")["formalities"].state == "unknown"


def test_a_year_not_checked_against_the_notice_is_said_so() -> None:
    case = lived(served("2025-09-01"), case=decided("2025-09-01"))
    assert "核对" in str(on_day(case, "2025-09-02")["appeal"].warning)


@pytest.mark.parametrize(
    ("filed", "late"), [("2026-02-28", False), ("2026-03-01", True), ("2026-03-31", True)],
    ids=["last day, a worked Saturday", "the day after", "a month after"],
)  # fmt: skip
def test_a_late_appeal_is_taken_and_flagged(filed: str, late: bool) -> None:
    case = lived(
        served("2026-01-31"), step("appeal", PERSON, filed, person="P1", text="不服"), case=decided("2026-01-31")
    )
    (appeal,) = filed_appeals(case, "P1", BOOK, CALENDAR)
    window = on_day(case, filed)["appeal"]
    assert (appeal.late, window.late, window.state) == (late, late, "done")


def test_an_appeal_before_receipt_is_neither_late_nor_timely() -> None:
    case = lived(step("appeal", PERSON, "2026-02-01", person="P1", text="不服"), case=decided("2026-01-31"))
    (appeal,) = filed_appeals(case, "P1", BOOK, CALENDAR)
    assert (appeal.received_on, appeal.window, appeal.late) == (None, None, None)


def test_a_second_receipt_does_not_open_the_window_again() -> None:
    case = lived(served("2026-01-31"), served("2026-02-20"), case=decided("2026-01-31"))
    assert on_day(case, "2026-02-21")["appeal"].actual == date(2026, 2, 28)


def test_a_window_that_ran_out_unused_is_a_lapsed_right_and_no_overdue_duty() -> None:
    case = lived(served("2026-01-31"), case=decided("2026-01-31"))
    assert (on_day(case, "2026-02-28")["appeal"].state, on_day(case, "2026-02-28")["appeal"].lapsed) == ("open", False)
    assert (on_day(case, "2026-03-01")["appeal"].state, on_day(case, "2026-03-01")["appeal"].lapsed) == ("done", True)


def test_an_appeal_leaves_every_duty_open_and_its_review_has_a_soft_month() -> None:
    case = lived(*INQUIRY, *DELIBERATION, served("2026-06-25"))
    before = on_day(case, "2026-07-11")
    after = on_day(lived(first("appeal"), case=case), "2026-07-11")
    same = {name for name in before if before[name] == after[name]}
    assert same == set(before) - {"appeal"}
    review = after["review"]
    assert (review.actual, review.source, review.soft, review.state) == (date(2026, 8, 10), "superior", True, "open")
    assert after["tell_appellant"].state == "not_due"


def test_a_review_brings_the_telling_and_the_telling_its_day() -> None:
    case = lived(*INQUIRY, *DELIBERATION, *FOLLOWING, *APPEAL[:3])
    found = on_day(case, "2026-08-20")
    assert (found["review"].done_on, found["review"].late) == (date(2026, 8, 12), True)
    assert (found["tell_appellant"].done_on, found["tell_unit"].state) == (date(2026, 8, 14), "open")


def test_formalities_are_owed_only_where_an_organisational_measure_was_taken() -> None:
    assert "formalities" not in on_day(decided("2026-06-22"), "2026-06-23")
    done = step("complete_formalities", PERSONNEL, "2026-07-23", person="P1")
    late = on_day(lived(done, case=decided("2026-06-22", REMOVAL)), "2026-07-24")["formalities"]
    assert (late.actual, late.state, late.late) == (date(2026, 7, 22), "done", True)


def test_an_influence_period_ends_only_from_a_confirmed_row() -> None:
    case = decided("2026-08-31")
    unknown = on_day(case, "2027-12-31")["influence_period"]
    assert (unknown.state, unknown.nominal, unknown.source) == ("unknown", None, "unconfirmed")
    book = confirmed("admonition")
    running = on_day(case, "2027-02-27", book)["influence_period"]
    assert (running.state, running.actual, running.source) == ("not_due", date(2027, 2, 28), "superior")
    assert on_day(case, "2027-02-28", book)["influence_period"].state == "open"
    ended = lived(step("end_period", ORGANISATION, "2027-02-28", person="P1"), case=case, book=book)
    assert on_day(ended, "2027-03-01", book)["influence_period"].done_on == date(2027, 2, 28)


def test_an_influence_period_is_that_of_the_measure_taken_and_of_a_known_start() -> None:
    book = confirmed("adjustment", "removal", "suspension")
    ends = on_day(decided("2026-01-31", REMOVAL), "2026-02-01", book)["influence_period"].actual
    assert ends == date(2028, 1, 31)
    other = decided("2026-01-31", REMOVAL | {"organisational_kind": "其他措施"})
    unnamed = decided("2026-01-31", REMOVAL | {"organisational_kind": None})
    assert on_day(other, "2026-02-01", book)["influence_period"].state == "unknown"
    assert on_day(unnamed, "2026-02-01", book)["influence_period"].state == "unknown"
    elsewhere = replace(book, periods=tuple(replace(row, start="approval") for row in book.periods))
    assert on_day(decided("2026-01-31", REMOVAL), "2026-02-01", elsewhere)["influence_period"].state == "unknown"


def test_a_fallen_decision_owes_its_unwinding_and_nothing_else() -> None:
    revoked = with_details(APPEAL[1], result="revoked", reason="事实不清")
    case = lived(*INQUIRY, *DELIBERATION, *FOLLOWING, APPEAL[0], revoked)
    found = on_day(case, "2026-08-15")
    owed = {f"unwinding.{name}" for name in ("decision_copies", "departments", "personal_file", "ratings")}
    assert {name for name, duty in found.items() if duty.state == "open"} == owed | {"tell_appellant", "tell_unit"}
    assert found["unwinding.personal_file"].who == "党委组织部"
    back = step("unwind", ORGANISATION, "2026-08-20", person="P1", consequence="personal_file")
    assert on_day(lived(back, case=case), "2026-08-21")["unwinding.personal_file"].done_on == date(2026, 8, 20)


def test_a_changed_decision_is_served_anew_and_opens_a_window_of_its_own() -> None:
    milder = {"outcome": "held", "measures": ("notice_of_criticism",), "slots": (
        *SLOTS, {"id": "circulation_scope", "choice": "校内", "reason": "足够"})}  # fmt: skip
    changed = with_details(APPEAL[1], result="changed", reason="过重", decision=milder)
    case = lived(*INQUIRY, *DELIBERATION, *FOLLOWING, APPEAL[0], changed)
    assert on_day(case, "2026-08-15")["appeal"].state == "unknown"
    assert on_day(case, "2026-08-15")["service_person"].state == "open"
    again = replace(first("issue_decision"), on=date(2026, 8, 13))
    case = lived(again, served("2026-08-31"), case=case)
    assert on_day(case, "2026-09-02")["appeal"].actual == date(2026, 9, 30)
    assert [one.received_on for one in filed_appeals(case, "P1", BOOK, CALENDAR)] == [date(2026, 6, 25)]


def test_two_appeals_reviewed_before_anybody_was_told_are_both_told() -> None:
    second = replace(APPEAL[0], on=APPEAL[0].on + timedelta(days=1))
    reviewed = (APPEAL[1], later(APPEAL[1], 1))
    telling = (*APPEAL[2:4], *(later(one, 1) for one in APPEAL[2:4]))
    case = lived(*INQUIRY, *DELIBERATION, *FOLLOWING, APPEAL[0], second, *reviewed, *telling)
    assert [sorted(appeal.informed) for appeal in case.persons["P1"].appeals] == [["appellant", "unit"]] * 2
    assert lived(first("close"), case=case).state == "closed"


def test_nothing_is_owed_before_a_decision() -> None:
    assert duties_of(lived(*INQUIRY), "P1", date(2026, 6, 10), BOOK, CALENDAR) == ()
