"""The picture of a matter: every record once, on its day and lane, none over another."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from models.matter.matter import Extension, Matter
from models.records.record import Actor, Hand, Record
from rules.book.loading import load_rulebook
from service.web.timeline import LEFT, STEP, WIDTH, timeline

ACTORS = [Actor("甲", "office"), Actor("乙", "unit", "教务处"), Actor("丙", "unit", "审计处"), Actor("丁", "leader")]


def record(number: int, day: date, actor: Actor, action: str = "progress") -> Record:
    return Record(number, action, day, Hand(actor), {}, datetime(2026, 1, 1, tzinfo=UTC))


@given(
    st.lists(
        st.tuples(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.sampled_from(ACTORS)), min_size=1, max_size=60
    )
)
def test_every_record_stands_once_on_its_lane_and_covers_no_other(drawn: list[tuple[date, Actor]]) -> None:
    drawn.sort(key=lambda row: row[0])
    records = tuple(record(at + 1, day, actor) for at, (day, actor) in enumerate(drawn))
    found = timeline(Matter(records=records, set_due_on=date(2026, 6, 1)), load_rulebook().ledger, date(2026, 11, 1))
    assert sorted(mark.number for mark in found.marks) == [one.number for one in records]
    places = [(mark.x, mark.y) for mark in found.marks]
    assert all(
        abs(x - u) >= STEP - 0.2 or abs(y - v) >= STEP for at, (x, y) in enumerate(places) for u, v in places[:at]
    )
    assert all(LEFT <= x <= LEFT + WIDTH and y <= found.height for x, y in places)
    assert {lane.label for lane in found.lanes} == {
        actor.unit or {"office": "督查督办工作办公室"}.get(actor.kind, "校领导") for _, actor in drawn
    }
    by_number = {mark.number: mark for mark in found.marks}
    days = [by_number[one.number].x for one in records]
    assert days == sorted(days)


def test_the_due_dates_and_today_have_lines_of_their_own() -> None:
    longer = Extension(
        date(2026, 4, 20), "数据迟到", granted=True, decided_on=date(2026, 4, 25), new_due_on=date(2026, 6, 30)
    )
    records = (record(1, date(2026, 1, 5), ACTORS[0], "urge"),)
    matter = Matter(records=records, set_due_on=date(2026, 4, 30), extensions=(longer,))
    found = timeline(matter, load_rulebook().ledger, date(2026, 5, 1))
    assert [(line.label, line.kind) for line in found.lines] == [
        ("时限 2026-04-30", "due"), ("时限 2026-06-30", "due"), ("今天 2026-05-01", "today"),
    ]  # fmt: skip
    assert found.lines[0].x < found.lines[2].x < found.lines[1].x
    assert (found.marks[0].kind, found.marks[0].title) == ("pressed", "2026-01-05 催办")
