"""What is entered later than its day is told as such; an act that counts, entered after the next working day, counts only where
something shows that it was done then. The days are those of the State Council's notice for 2026. Source: reading A-75."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.matter.support import counted_actions, entered_in_time, supported
from models.records.fold import with_effect
from models.records.reading import read
from models.records.record import Actor, BoundPaper, Hand, Record
from models.schemas.errors import CaseFileError
from models.schemas.reading import read_yaml
from rules.book.contract.matter_effects import Supervised
from rules.book.loading import load_rulebook
from rules.reasoning.calendar import LOCAL, work_calendar
from service.books import books
from service.documents.recommending.proof_file import packed, written
from service.proof_check import Refused, verify
from service.usecases.recommending.recommend import recommend
from tests.conftest import EXAMPLES, example
from tests.proofs import SEED, package_of, parts_of

BOOK, CALENDAR = load_rulebook(), work_calendar()
WHY = "录入过迟，没有材料证明当时已经办理，不计（本系统采用的做法，规章没有规定录入期限）"
DAYS = [
    # on, entered on, whether by the next working day
    ("2026-06-01", "2026-06-01", True), ("2026-06-01", "2026-06-02", True), ("2026-06-01", "2026-06-03", False),
    # over a weekend
    ("2026-06-05", "2026-06-06", True), ("2026-06-05", "2026-06-08", True), ("2026-06-05", "2026-06-09", False),
    ("2026-06-06", "2026-06-08", True), ("2026-06-06", "2026-06-09", False),
    # over the holiday from 1 to 5 May, and a Saturday that is worked
    ("2026-04-30", "2026-05-06", True), ("2026-04-30", "2026-05-07", False), ("2026-05-02", "2026-05-06", True),
    ("2026-05-08", "2026-05-09", True), ("2026-05-08", "2026-05-10", False), ("2026-05-08", "2026-05-11", False),
    # into a year whose holidays are not known: the day after is in time, of any other it is not known
    ("2026-12-31", "2027-01-01", True), ("2026-12-31", "2027-01-02", False), ("2031-03-03", "2031-03-04", True),
    ("2031-03-03", "2031-03-05", False),
]  # fmt: skip
CALL = {"kind": "call", "of_office": {"id": "1", "name": "李四"}, "of_unit": {"id": "2", "name": "王五"}}
PROOFS: list[tuple[dict[str, Any], bool, bool]] = [
    # what is told of the proof, whether something is attached, whether that shows it
    ({}, False, False), ({}, True, False),
    ({"proof": {"kind": "oa"}}, True, False), ({"proof": {"kind": "oa", "reference": "OA-1"}}, False, True),
    ({"proof": {"kind": "mail"}}, False, False), ({"proof": {"kind": "mail"}}, True, True),
    ({"proof": {"kind": "receipt"}}, False, False), ({"proof": {"kind": "receipt"}}, True, True),
    ({"proof": CALL}, False, False), ({"proof": CALL}, True, True),
    ({"proof": {**CALL, "of_unit": None}}, True, False), ({"proof": {**CALL, "of_office": None}}, True, False),
]  # fmt: skip


def record(action: str, on: str, entered: datetime, why: str | None = "出差", **details: Any) -> Record:
    hand = Hand(Actor("李四", "office"), "周清", late_reason=why)
    made = Record(5, action, date.fromisoformat(on), hand, details, entered)
    return with_effect(made, BOOK.ledger.actions[action]) if details else made


def test_what_counts_is_what_the_book_counts_under_one_reading_or_another() -> None:
    assert {BOOK.ledger.actions[name].label for name in counted_actions(BOOK)} == {"督办", "催办"}


@pytest.mark.parametrize(("on", "entered", "in_time"), DAYS)
@pytest.mark.parametrize("hour", [0, 23])
def test_late_is_after_the_day_and_in_time_until_the_next_working_day_at_the_school(
    on: str, entered: str, in_time: bool, hour: int
) -> None:
    at = datetime.fromisoformat(entered).replace(hour=hour, tzinfo=LOCAL).astimezone(UTC)
    made = record("urge", on, at)
    assert (made.late, entered_in_time(made, CALENDAR)) == (entered > on, in_time)
    assert supported(made, CALENDAR) is in_time


def test_what_was_confirmed_since_is_judged_by_the_day_on_which_it_was_asked() -> None:
    made = record("urge", "2026-06-01", datetime(2026, 6, 30, tzinfo=LOCAL), channel="oral")
    asked = replace(made, hand=replace(made.hand, vouched="confirmed", asked=4, asked_on=date(2026, 6, 2)))
    assert [(one.entered_on, supported(one, CALENDAR)) for one in (made, asked)] == [
        (date(2026, 6, 30), False),
        (date(2026, 6, 2), True),
    ]


@pytest.mark.parametrize("action", sorted(counted_actions(BOOK)))
@pytest.mark.parametrize(("said", "attached", "shown"), PROOFS)
def test_what_shows_that_an_act_was_done_then(action: str, said: dict[str, Any], attached: bool, shown: bool) -> None:
    at = datetime(2026, 11, 27, tzinfo=LOCAL)
    told = {"note": "督办"} | said if action == "supervise" else {"channel": "telephone"} | said
    made = record(action, "2026-11-20", at, **told, **({"attachments": ("a1",)} if attached else {}))
    assert supported(made, CALENDAR) is shown
    bound = replace(made, hand=replace(made.hand, papers=(BoundPaper("a1", "0" * 64),)))
    assert supported(bound, CALENDAR) is (shown or (said, True, True) in PROOFS)


def test_an_act_of_a_message_that_was_sent_by_hand_is_shown_by_it() -> None:
    at = datetime(2026, 11, 27, tzinfo=LOCAL)
    assert supported(record("urge", "2026-11-20", at, channel="oa", message_id="OA-1"), CALENDAR)
    assert not supported(record("urge", "2026-11-20", at, channel="oa"), CALENDAR), "our parcel leaves with the entry"


@pytest.mark.parametrize("reason", [None, "经办人出差"])
def test_an_older_record_counts_as_it_did_and_its_reason_goes_on_being_read(reason: str | None) -> None:
    told = {"note": "督办"} | ({"late_reason": reason} if reason else {})
    made = record("supervise", "2026-06-01", datetime(2026, 6, 9, tzinfo=LOCAL), None, **told)
    assert (made.late, made.late_reason, supported(made, CALENDAR)) == (True, reason, True)
    assert read(Supervised, told).late_reason == reason


# --- the case file: entered_on and supported (contract v2, section 1) -----------------------------------------------------


def changed(**more: Any) -> dict[str, Any]:
    """A case of four acts that count, the last of which says more."""
    case = example("urged-and-supervised-four-times")
    case["matter"]["acts"][-1] |= more
    return case


def told(case: dict[str, Any]) -> Any:
    return recommend(case, "测试", books()).persons["P1"].supervision_count


def test_the_day_of_entry_is_shown_and_never_counted() -> None:
    usual = told(changed())
    found = told(changed(entered_on="2026-06-30", supported=True))
    assert (found.office_acts, found.formal_only) == (usual.office_acts, usual.formal_only) == (4, 2)
    assert [(str(row.date), str(row.entered_on)) for row in found.records if row.entered_on] == [
        ("2026-06-17", "2026-06-30")
    ]


def test_what_nothing_shows_is_kept_never_counted_and_says_why() -> None:
    found = told(changed(entered_on="2026-06-30", supported=False))
    assert (found.office_acts, found.formal_only) == (3, 1)
    assert [(str(row.date), row.why) for row in found.records if not row.counted][1:] == [("2026-06-17", WHY)]
    case = changed(entered_on="2026-06-30", supported=False)
    for act in case["matter"]["acts"][1:]:
        act |= {"entered_on": "2026-07-01", "supported": False}
    answer = recommend(case, "测试", books()).persons["P1"]
    assert (answer.supervision_count.office_acts, answer.aggravation) == (0, ())


@pytest.mark.parametrize("entered_on", ["2026-06-17", None])
def test_an_act_entered_on_its_day_needs_no_support(entered_on: str | None) -> None:
    assert told(changed(entered_on=entered_on, supported=None)).office_acts == 4


def test_an_act_entered_after_its_day_says_whether_something_shows_it() -> None:
    for given in ({}, {"supported": None}):
        with pytest.raises(CaseFileError) as caught:
            recommend(changed(entered_on="2026-06-18", **given), "测试", books())
        assert [error.path for error in caught.value.errors] == ["matter.acts[4].supported"]
        assert "supported" in str(caught.value)


def test_a_case_file_that_tells_neither_is_answered_as_it_was() -> None:
    for path in EXAMPLES:
        for person in recommend(read_yaml(path.read_bytes()), "测试", books()).persons.values():
            assert not any(row.entered_on for row in person.supervision_count.records)


def test_the_script_counts_what_is_shown_and_old_packages_stand() -> None:
    case = changed(entered_on="2026-06-30", supported=False)
    verify(written(package_of(case)))
    parts = copy.deepcopy(parts_of(case))
    assert [act.get("supported") for act in parts["facts/matter"]["acts"]] == [None] * 4 + [False]
    del parts["facts/matter"]["acts"][-1]["supported"]
    with pytest.raises(Refused, match="supervision_count"):
        verify(written(packed(parts, SEED)))
    assert not any("supported" in act for act in parts_of(changed())["facts/matter"]["acts"])
