"""A year in the life of the ledger: 300 matters of 40 units pass through the interface by all routes and to all endings.

The suite has a year of 100 matters, in which every state, route and column of figures occurs as well.
The figures equal a count over the raw rows that shares no code with the figures.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from models.people.units import Unit
from models.store.database import reading, writing
from rules.book.loading import load_rulebook
from service.books import books
from service.usecases.matters.bulletin import bulletin
from service.usecases.matters.forms import status_table_of
from tests.approved import AGREED, as_json, rests_on
from tests.entering import Entering

UNITS = [f"第{number}学院" for number in range(1, 31)] + [f"第{number}处" for number in range(1, 11)]
OFFICE, LEADER = {"name": "李四", "kind": "office"}, {"name": "分管校领导", "kind": "leader"}
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
ARCHIVE = list(load_rulebook().ledger.archive)


class Clerk:
    """Enters one matter after another, by the ways and with the endings that occur."""

    def __init__(self, client: FlaskClient, seed: int) -> None:
        self.client, self.chance = client, random.Random(seed)
        self.refused = 0

    def matter(self, number: int) -> None:
        chance = self.chance
        lead, *co = chance.sample(UNITS, chance.choices((1, 2, 4), (6, 3, 1))[0])
        self.day = FIRST + timedelta(days=chance.randint(4, 300))
        self.due = self.day + timedelta(days=chance.randint(15, 90))
        self.unit = {"name": "经办人", "kind": "unit", "unit": lead}
        self.others = [{"name": "经办人", "kind": "unit", "unit": name} for name in co]
        undated = chance.random() < 0.05
        details = {"title": f"事项{number}", "category": chance.choice(("superior", "plan", "meeting", "leader", "public_concern")),
                   "basis": "文件", "consulted_with": lead, "lead_unit": lead, "co_units": co,
                   "major": chance.random() < 0.1, "due_on": None if undated else str(self.due)}  # fmt: skip
        self.found = self.client.post(
            "/api/v1/matters", json={"on": str(self.day), "actor": OFFICE, "details": details}
        ).json
        if chance.random() < 0.03:
            return
        needs_leader = undated or details["major"] or len(co) >= 2
        self.act("register", 1, OFFICE, route="leader" if needs_leader else "direct")
        if chance.random() < 0.05:
            return
        self.stones = ["初稿"] if co or undated else []
        if self.stones:
            leader = {"name": "赵六", "rank": "正职"}
            self.act("arrange", 0, OFFICE, plan="方案", division="分工", project_leader=leader, due_on=str(self.due), reason="会议所定",
                     milestones=[{"title": "初稿", "due_on": str(self.due), "unit": lead}])  # fmt: skip
        self.act("assign", 2, OFFICE, channel="oa")
        self.work()

    def work(self) -> None:
        chance = self.chance
        for unit in (self.unit, *self.others):
            if chance.random() < 0.8:
                self.act("acknowledge", 0, unit, signed_by="签收人")
        if chance.random() < 0.5:
            self.act("progress", 3, self.unit, note="进行中", milestones_reached=self.stones)
        if chance.random() < 0.3:
            self.act("check", 2, OFFICE, method="site_visit", problems="进度慢", coordination="协调两个单位")
        if chance.random() < 0.4:
            self.act("supervise", 4, OFFICE, note="督办")
        if chance.random() < 0.2:
            self.extension()
        if chance.random() < 0.4:
            self.urgings()
        if chance.random() < 0.75:
            self.finish()

    def extension(self) -> None:
        self.act("request_extension", 1, self.unit, reason="等数据", progress="七成")
        fate = self.chance.random()
        if fate < 0.5:
            self.due += timedelta(days=20)
            self.act("decide_extension", 2, LEADER, granted=True, new_due_on=str(self.due))
        elif fate < 0.8:
            self.act("decide_extension", 2, LEADER, granted=False, measures="加派人手")
            self.act("special_report", 1, self.unit, meeting="president_meeting", note="汇报")

    def urgings(self) -> None:
        self.client_is_refused_before_the_due_date()
        for _ in range(self.chance.choices((1, 3), (3, 1))[0]):
            self.day = max(self.day, self.due) + timedelta(days=1)
            self.act("urge", 0, OFFICE)
            if self.chance.random() < 0.7:
                self.act("record_urging", 0, OFFICE, signed_by="签收人")

    def client_is_refused_before_the_due_date(self) -> None:
        if self.day <= self.due:
            answer = self.post("urge", self.due, OFFICE)
            assert answer.status_code == 409
            self.refused += 1

    def finish(self) -> None:
        chance = self.chance
        self.day = max(self.day, self.due + timedelta(days=chance.randint(-12, 6)))
        self.act("report", 0, self.unit, result="完成")
        if chance.random() < 0.25:
            new = self.day + timedelta(days=15) if chance.random() < 0.5 else None
            self.act("return", 2, OFFICE, kind="redo", reason="缺数据", new_due_on=str(new) if new else None)
            if chance.random() < 0.3:
                return
            self.act("report", 6, self.unit, result="补齐")
        endings = (("accept", 3, {}), ("close", 1, {"office_agrees": True}),
                   ("feed_back", 1, {"to": "分管校领导", "circulated_to": "中层干部"}),
                   ("archive", 5, {"contents": ARCHIVE}))  # fmt: skip
        for action, days, details in endings:
            if chance.random() < 0.1:
                return
            self.act(action, days, OFFICE, **details)

    def act(self, action: str, days: int, actor: Any, **details: Any) -> None:
        self.day += timedelta(days=days)
        rests = rests_on(action, details)
        if rests is not None:
            self.act(rests[0], 0, as_json(rests[1]), **AGREED)
        answer = self.post(action, self.day, actor, **details)
        assert answer.status_code == 200, (action, answer.json)
        self.found = answer.json

    def post(self, action: str, on: date, actor: Any, **details: Any) -> Any:
        path = f"/api/v1/matters/{self.found['id']}/actions/{action}"
        body = {"on": str(on), "actor": actor, "details": details}
        return self.client.post(path, json=body, headers={"If-Match": str(self.found["version"])})


@dataclass
class Count:
    """What a clerk would tally by hand, for one unit."""

    registered: int = 0
    assigned: int = 0
    completed_in_time: int = 0
    completed_late: int = 0
    returned: int = 0
    extensions_granted: int = 0
    formal_supervisions: int = 0
    urgings: int = 0
    running: int = 0
    overdue: int = 0


@dataclass
class Tally:
    """One matter followed through its raw rows, up to a day."""

    lead: str = ""
    due: str = ""
    dues: list[tuple[str, str]] = field(default_factory=list)
    assigned: str = ""
    reported: str = ""
    done: str = ""
    accepted: str = ""

    def take(self, action: str, on: str, details: dict[str, Any]) -> None:
        self.lead = details.get("lead_unit") or self.lead
        if action in ("propose", "arrange"):
            self.due = details.get("due_on") or self.due
        if details.get("new_due_on"):
            self.dues.append((on, details["new_due_on"]))
        if action == "assign":
            self.assigned = on
        if action == "report":
            self.reported = on
        if action == "accept":
            self.done, self.accepted, self.reported = self.reported, on, ""
        if action == "return":
            self.reported = ""

    @property
    def last_due(self) -> str:
        return max(self.dues)[1] if self.dues else self.due


@pytest.fixture(scope="module", params=[100, pytest.param(300, marks=pytest.mark.soak)])
def year(request: pytest.FixtureRequest, embedded: Flask, token: str) -> Flask:
    client = Entering.at(embedded, token)
    with writing(embedded.extensions["database"]) as session:
        session.add_all([Unit(name=name, from_on=date(2020, 1, 1)) for name in UNITS])
    clerk = Clerk(client, seed=59)
    for number in range(request.param):
        clerk.matter(number)
    assert clerk.refused > request.param / 15
    return embedded


def raw(app: Flask, statement: str) -> list[Any]:
    with app.extensions["database"].connect() as connection:
        return list(connection.execute(text(statement)))


def rows(app: Flask) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for row in raw(app, "SELECT matter_id, action, done_on, details FROM records ORDER BY matter_id, number"):
        yield row[0], row[1], str(row[2]), json.loads(row[3])


def by_hand(app: Flask, first: date, last: date) -> dict[str, Count]:
    """The tally of every lead unit from ``first`` to ``last``."""
    simple = {"register": "registered", "assign": "assigned", "return": "returned", "supervise": "formal_supervisions",
              "urge": "urgings"}  # fmt: skip
    tallies: dict[str, Tally] = defaultdict(Tally)
    events: dict[str, Counter[str]] = defaultdict(Counter)
    for matter, action, on, details in rows(app):
        if on > str(last):
            continue
        tallies[matter].take(action, on, details)
        if on >= str(first):
            events[matter][simple.get(action, "")] += 1
            events[matter]["extensions_granted"] += action == "decide_extension" and details["granted"]
    counts: dict[str, Count] = defaultdict(Count)
    for matter, tally in tallies.items():
        count = counts[tally.lead]
        for name in (*simple.values(), "extensions_granted"):
            setattr(count, name, getattr(count, name) + events[matter][name])
        if tally.done and tally.accepted >= str(first):
            late = tally.done > tally.last_due
            count.completed_late += late
            count.completed_in_time += not late
        running = bool(tally.assigned) and not tally.done
        count.running += running
        reviewed_still = bool(tally.reported) and tally.reported <= tally.last_due
        count.overdue += running and tally.last_due < str(last) and not reviewed_still
    return counts


@pytest.mark.parametrize(
    ("first", "last"), [(FIRST, LAST), (date(2025, 4, 1), date(2025, 6, 30)), (FIRST, date(2025, 9, 15))],
    ids=["the year", "a quarter", "until September"],
)  # fmt: skip
def test_the_figures_of_every_unit_equal_a_count_by_hand(year: Flask, first: date, last: date) -> None:
    with reading(year.extensions["database"]) as session:
        found = bulletin(session, books(), first=first, last=last)
    hand = by_hand(year, first, last)
    assert {unit: asdict(figures) for unit, figures in found.units} == {
        unit: asdict(count) for unit, count in hand.items()
    }
    total: Counter[str] = Counter()
    for count in hand.values():
        total.update(asdict(count))
    assert asdict(found.whole) == dict(total)
    if (first, last) == (FIRST, LAST):
        assert all(total.values())


def test_every_state_and_every_route_occurs(year: Flask) -> None:
    states = {row[0] for row in raw(year, "SELECT DISTINCT state FROM matters")}
    assert states == set(load_rulebook().ledger.states)
    routes = {details["route"] for _, action, _, details in rows(year) if action == "register"}
    assert routes == {"direct", "leader"}
    assert {action for _, action, _, _ in rows(year)} >= {
        "arrange", "acknowledge", "check", "special_report", "record_urging", "return", "feed_back"
    }  # fmt: skip


def test_annex_3_lists_exactly_what_runs(year: Flask) -> None:
    cutoff = date(2026, 6, 25)
    with reading(year.extensions["database"]) as session:
        table = status_table_of(session, books(), month=cutoff, cutoff=cutoff, submit_by=date(2026, 6, 28))
    running = raw(year, "SELECT title FROM matters WHERE state IN ('assigned', 'reported', 'returned', 'completed')")
    assert sorted(row[3] for row in table.rows) == sorted(row[0] for row in running)
    done = [row[3] for row in table.rows if row[4] == "是"]
    accepted = raw(year, "SELECT title FROM matters WHERE state = 'completed'")
    assert sorted(done) == sorted(row[0] for row in accepted)


def test_numbers_of_a_year_have_no_gap(year: Flask) -> None:
    for number_year in (2025, 2026):
        numbers = [
            row[0] for row in raw(year, f"SELECT number FROM matters WHERE number_year = {number_year} ORDER BY number")
        ]
        assert numbers == list(range(1, len(numbers) + 1))


def test_the_outbox_holds_every_form_that_was_issued_through_oa(year: Flask) -> None:
    issued = [action for _, action, _, details in rows(year) if details.get("channel") == "oa"]
    assert len(raw(year, "SELECT id FROM outbox")) == len(issued) > 60
