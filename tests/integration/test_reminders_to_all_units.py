"""What is due of a matter of several units reaches each of them: to-do list, mail and calendar."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from models.store.database import connect, reading
from service.books import books
from service.usecases.exchange.calendar_feed import calendar_entries
from service.usecases.exchange.mail_todo import letters_of_day
from service.usecases.exchange.patrol import patrol
from tests.issued import act, assigned, opened, registered, with_units

UNITS = ("甲处", "乙处", "丙处")
STRANGER = "丁处"


def of_three_units(engine: Engine, title: str, due: str) -> None:
    matter = opened(engine, title, due, co_units=("乙处", "丙处"))
    matter = registered(engine, matter, "leader")
    leader = {"name": "赵六", "rank": "正职"}
    matter = act(engine, matter, "arrange", "2026-01-06", plan="方案", division="分工", project_leader=leader)
    act(engine, matter, "assign", "2026-01-07", channel="oa")


def test_each_handling_unit_has_the_matter_on_its_list_in_its_letter_and_in_its_calendar(database_url: str) -> None:
    engine = connect(database_url)
    with_units(engine, **{unit: f"{unit}@example.edu.cn" for unit in (*UNITS, STRANGER)})
    of_three_units(engine, "逾期的事项", "2026-04-30")
    of_three_units(engine, "将到期的事项", "2026-06-02")
    assigned(engine, "丁处的事项", lead_unit=STRANGER)
    today = date(2026, 6, 1)
    with reading(engine) as session:
        findings = list(patrol(session, books(), today=today))
        letters = {
            letter.recipient: letter.text
            for letter in letters_of_day(session, books(), findings, office=None, day=today).due
        }
        for unit in UNITS:
            own = [
                (one.kind, one.title)
                for one in patrol(session, books(), today=today, unit=unit)
                if one.kind in ("overdue", "due_red")
            ]
            assert own == [("overdue", "逾期的事项"), ("due_red", "将到期的事项")]
            said = letters[f"{unit}@example.edu.cn"]
            assert ("逾期的事项" in said, "将到期的事项" in said, "丁处的事项" in said) == (True, True, False)
            entries = [
                (entry.day, entry.summary) for entry in calendar_entries(session, books(), unit=unit, today=today)
            ]
            assert [(str(day), said.partition("（")[0]) for day, said in entries] == [
                ("2026-04-30", "办结时限：逾期的事项"), ("2026-06-02", "办结时限：将到期的事项"),
            ]  # fmt: skip
        assert "逾期的事项" not in letters[f"{STRANGER}@example.edu.cn"]
    engine.dispose()
