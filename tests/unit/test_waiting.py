"""What waits on a matter, and the day from which the daily round has to look at it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.matter.act import ActRefused, WrongDay, WrongState
from models.matter.matter import Matter, as_of
from models.matter.waiting import Thresholds, Waiting, look_on, waiting
from tests.approved import AGREED, DIRECTOR, LEADER
from tests.unit.test_ledger import LEDGER, OFFICE, OPINION, UNIT, done

LIMITS = Thresholds(yellow=7, red=3, urge_again=7)
START = date(2026, 1, 5)
ACTIONS = LEDGER.actions
STONES = ({"title": "初稿", "due_on": date(2026, 2, 1), "unit": None},)
STEPS: dict[str, tuple[Any, dict[str, Any]]] = {
    "endorse_registration": (DIRECTOR, AGREED),
    "approve_registration": (LEADER, AGREED),
    "register": (OFFICE, {"route": "leader", "reason": "会议所定"}),
    "arrange": (OFFICE, {"milestones": STONES}),
    "approve_change": (LEADER, {**AGREED, "due_on": date(2026, 2, 10)}),
    "assign": (OFFICE, {"channel": "oa", "reason": "会议所定"}),
    "acknowledge": (UNIT, {"signed_by": "王五"}),
    "progress": (UNIT, {"note": "初稿已成", "milestones_reached": ["初稿"]}),
    "supervise": (OFFICE, {"note": "督办"}),
    "urge": (OFFICE, {}),
    "record_urging": (OFFICE, {"signed_by": "王五"}),
    "request_extension": (UNIT, {"reason": "等数据", "progress": "七成"}),
    "decide_extension": (LEADER, {"granted": False}),
    "report": (UNIT, {"result": "完成"}),
    "return": (OFFICE, {"reason": "缺数据", "new_due_on": date(2026, 3, 1)}),
    "accept": (OFFICE, {}),
    "sign_closing": (LEADER, AGREED),
    "close": (OFFICE, {"office_agrees": True}),
    "feed_back": (OFFICE, {"to": "校领导"}),
    "archive": (OFFICE, {"contents": list(LEDGER.archive)}),
}


def lived(steps: list[tuple[str, int]], due: date | None) -> Matter:
    """A matter that lived through those of the steps that are allowed, so many days apart."""
    matter, day = done(Matter(), "propose", **(OPINION | {"due_on": due})), START
    for action, days in steps:
        day += timedelta(days=days)
        actor, details = STEPS[action]
        try:
            matter = done(matter, action, day.isoformat(), actor, **details)
        except (ActRefused, WrongDay, WrongState):
            continue
    return matter


def histories() -> st.SearchStrategy[list[tuple[str, int]]]:
    """Steps in any order, more often in an order that leads somewhere."""
    usual = st.permutations(list(STEPS)).map(lambda names: ["approve_registration", "register", "assign", *names])
    names = st.one_of(usual, st.lists(st.sampled_from(list(STEPS)), max_size=30))
    return names.flatmap(
        lambda found: st.tuples(*(st.tuples(st.just(name), st.integers(0, 20)) for name in found)).map(list)
    )


@settings(max_examples=300, deadline=None)
@given(histories(), st.sampled_from([None, date(2026, 2, 10), date(2026, 6, 1)]), st.integers(0, 300))
def test_the_round_never_passes_over_something_that_waits(
    steps: list[tuple[str, int]], due: date | None, after: int
) -> None:
    matter = lived(steps, due)
    today = matter.records[-1].on + timedelta(days=after)
    if matter.state != "archived" and any(waiting(matter, today, LIMITS, LEDGER)):
        first = look_on(matter)
        assert first is None or first <= today + timedelta(days=LIMITS.yellow)


@settings(max_examples=200, deadline=None)
@given(histories(), st.integers(0, 200))
def test_a_matter_as_of_a_day_is_what_its_records_had_made_of_it_by_then(
    steps: list[tuple[str, int]], after: int
) -> None:
    matter = lived(steps, date(2026, 2, 10))
    day = START + timedelta(days=after)
    before = [step for step in matter.records if step.on <= day]
    found = as_of(matter, day, ACTIONS)
    assert list(found.records) == before
    assert as_of(matter, matter.records[-1].on, ACTIONS) == matter


@pytest.mark.parametrize(
    ("today", "kinds"),
    [
        ("2026-04-22", []),
        ("2026-04-23", ["due_yellow"]),
        ("2026-04-26", ["due_yellow"]),
        ("2026-04-27", ["due_red"]),
        ("2026-04-30", ["due_red"]),
        ("2026-05-01", ["overdue", "urging_suggested"]),
    ],
)
def test_the_lights_change_on_their_days(today: str, kinds: list[str]) -> None:
    matter = lived([("approve_registration", 1), ("register", 0), ("assign", 1), ("acknowledge", 1)], date(2026, 4, 30))
    assert [found.kind for found in waiting(matter, date.fromisoformat(today), LIMITS, LEDGER)] == kinds


def test_an_extension_moves_the_lights() -> None:
    matter = lived(
        [("approve_registration", 1), ("register", 0), ("assign", 1), ("acknowledge", 1), ("request_extension", 90)],
        date(2026, 4, 30),
    )
    assert list(waiting(matter, date(2026, 4, 10), LIMITS, LEDGER)) == [
        Waiting("extension_unanswered", None, date(2026, 4, 30))
    ]
    granted = done(matter, "decide_extension", "2026-04-25", LEADER, granted=True, new_due_on=date(2026, 5, 31))
    assert list(waiting(granted, date(2026, 5, 6), LIMITS, LEDGER)) == []
    assert look_on(granted) == date(2026, 5, 31)


def test_every_reminder_of_the_domain_is_one_of_the_book() -> None:
    begun = ["approve_registration", "register"]
    kinds = {
        found.kind
        for steps in (["endorse_registration"], ["approve_registration"], [*begun], [*begun, "arrange", "assign"], [*begun, "assign", "urge"],
                      [*begun, "assign", "request_extension", "report"],
                      [*begun, "assign", "report", "accept"],
                      [*begun, "assign", "report", "accept", "sign_closing"],
                      [*begun, "assign", "report", "accept", "feed_back", "sign_closing", "close"], [])
        for due in (None, date(2026, 2, 10), date(2026, 4, 12), date(2026, 4, 16))
        for found in waiting(lived([(name, 0 if name in ("register", "assign") else 20) for name in steps], due), date(2026, 4, 10), LIMITS, LEDGER)
    }  # fmt: skip
    reminders = LEDGER.reminders
    assert kinds <= set(reminders)
    told_elsewhere = {name for name in reminders if name.startswith(("inspection_", "oa_", "case_"))}
    assert set(reminders) - kinds == told_elsewhere
