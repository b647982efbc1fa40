"""A year in the life of the ledger: 300 matters of 40 units pass through the interface; the figures equal a count by hand."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from models.store.database import reading, writing
from models.store.units import Unit
from service.usecases.bulletin import LABELS, bulletin
from service.usecases.forms import status_table_of

UNITS = [f"第{number}学院" for number in range(1, 31)] + [f"第{number}处" for number in range(1, 11)]
OFFICE, LEADER = {"name": "李四", "kind": "office"}, {"name": "分管校领导", "kind": "leader"}
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


class Clerk:
    """Enters one matter after another, by the ways and with the endings that occur."""

    def __init__(self, client: FlaskClient, seed: int) -> None:
        self.client, self.chance = client, random.Random(seed)

    def matter(self, number: int) -> None:
        chance = self.chance
        lead, *co = chance.sample(UNITS, chance.choices((1, 2, 4), (6, 3, 1))[0])
        start = FIRST + timedelta(days=chance.randint(4, 250))
        self.due = start + timedelta(days=chance.randint(15, 90))
        self.unit = {"name": "经办人", "kind": "unit", "unit": lead}
        details = {"title": f"事项{number}", "category": chance.choice(("plan", "meeting", "leader")), "basis": "文件",
                   "consulted_with": lead, "lead_unit": lead, "co_units": co, "due_on": self.due.isoformat()}  # fmt: skip
        self.found = self.client.post(
            "/api/v1/matters", json={"on": str(start), "actor": OFFICE, "details": details}
        ).json
        route = "leader" if len(co) >= 2 else "direct"
        self.act("register", start, OFFICE, route=route, approved_by="签批人")
        if chance.random() < 0.05:
            return
        if co:
            self.act(
                "arrange", start, OFFICE, plan="方案", division="分工", project_leader={"name": "赵六", "rank": "正职"}
            )
        self.act("assign", start + timedelta(days=2), OFFICE, channel="oa")
        self.run(start)

    def run(self, start: date) -> None:
        chance = self.chance
        if chance.random() < 0.5:
            self.act("progress", start + timedelta(days=5), self.unit, note="进行中")
        if chance.random() < 0.4:
            self.act("supervise", start + timedelta(days=9), OFFICE, note="督办")
        if chance.random() < 0.2:
            self.act("request_extension", self.due - timedelta(days=3), self.unit, reason="等数据", progress="七成")
            if chance.random() < 0.6:
                self.due += timedelta(days=20)
                self.act(
                    "decide_extension", self.due - timedelta(days=22), LEADER, granted=True, new_due_on=str(self.due)
                )
        for _ in range(chance.choices((0, 1, 3), (6, 3, 1))[0]):
            self.due += timedelta(days=1)
            self.act("urge", self.due, OFFICE)
        if chance.random() < 0.75:
            self.finish(self.due + timedelta(days=chance.randint(-2, 2)))

    def finish(self, day: date) -> None:
        self.act("report", day, self.unit, result="完成")
        if self.chance.random() < 0.25:
            self.act("return", day + timedelta(days=2), OFFICE, reason="缺数据")
            self.act("report", day + timedelta(days=6), self.unit, result="补齐")
        if self.chance.random() < 0.9:
            self.act("accept", day + timedelta(days=8), OFFICE)
            self.act("close", day + timedelta(days=9), OFFICE, office_agrees=True, leader_agrees=True)

    def act(self, action: str, on: date, actor: Any, **details: Any) -> None:
        path = f"/api/v1/matters/{self.found['id']}/actions/{action}"
        body = {"on": on.isoformat(), "actor": actor, "details": details}
        answer = self.client.post(path, json=body, headers={"If-Match": str(self.found["version"])})
        assert answer.status_code == 200, (action, answer.json)
        self.found = answer.json


@pytest.fixture(scope="module")
def year(embedded: Flask, token: str) -> Flask:
    client = embedded.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    with writing(embedded.extensions["database"]) as session:
        session.add_all([Unit(name=name, from_on=date(2020, 1, 1)) for name in UNITS])
    clerk = Clerk(client, seed=59)
    for number in range(300):
        clerk.matter(number)
    return embedded


def raw(app: Flask, statement: str) -> list[Any]:
    with app.extensions["database"].connect() as connection:
        return list(connection.execute(text(statement)))


_SIMPLE = {
    "registered": "register",
    "assigned": "assign",
    "returned": "return",
    "formal_supervisions": "supervise",
    "urgings": "urge",
}


def test_the_figures_equal_a_count_over_the_raw_records(year: Flask) -> None:
    with reading(year.extensions["database"]) as session:
        found = bulletin(session, first=FIRST, last=LAST)
    actions = Counter(
        row[0] for row in raw(year, "SELECT action FROM records WHERE done_on BETWEEN '2025-01-01' AND '2025-12-31'")
    )
    for name, action in _SIMPLE.items():
        assert getattr(found.whole, name) == actions[action] > 0, LABELS[name]
    accepted = raw(year, "SELECT count(*) FROM records WHERE action = 'accept'")[0][0]
    last_reports = raw(
        year,
        "SELECT max(r.done_on), m.due_on FROM matters m JOIN records r ON r.matter_id = m.id AND r.action = 'report' "
        "WHERE m.state IN ('completed', 'closed') GROUP BY m.id, m.due_on",
    )
    late = sum(done > due for done, due in last_reports)
    assert len(last_reports) == accepted
    assert (found.whole.completed_late, found.whole.completed_in_time) == (late, accepted - late)
    open_ones = raw(
        year,
        "SELECT count(*) FROM matters WHERE state IN ('assigned', 'reported', 'returned') AND due_on < '2025-12-31'",
    )
    assert found.whole.overdue == open_ones[0][0] > 0


def test_the_units_add_up_to_the_whole(year: Flask) -> None:
    with reading(year.extensions["database"]) as session:
        heading, *lines, whole = bulletin(session, first=FIRST, last=LAST).lines()
    assert len(lines) == len(UNITS)
    for column in range(1, len(heading)):
        assert sum(int(line[column]) for line in lines) == int(whole[column])


def test_annex_3_lists_exactly_what_runs(year: Flask) -> None:
    cutoff = date(2025, 12, 25)
    with reading(year.extensions["database"]) as session:
        table = status_table_of(session, month=cutoff, cutoff=cutoff, submit_by=date(2025, 12, 28))
    running = raw(year, "SELECT title FROM matters WHERE state IN ('assigned', 'reported', 'returned', 'completed')")
    assert sorted(row[3] for row in table.rows) == sorted(row[0] for row in running)


def test_numbers_of_a_year_have_no_gap(year: Flask) -> None:
    assert [row[0] for row in raw(year, "SELECT number FROM matters ORDER BY number")] == list(range(1, 301))
