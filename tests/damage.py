"""Stored records as somebody with all power over the database may leave them: every kind of damage, of every record of a history.

What must be said of each is reckoned here from what the history is, not asked of the product.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Engine, insert, select

from models.case.case import Case
from models.case.cases import CaseRecordRow, CaseRow
from models.matter.act import MatterRequest, act
from models.matter.matter import Matter
from models.matter.matters import MatterRow, RecordRow
from models.records.damage import Damaged
from models.records.record import Actor, Hand
from models.records.stored import values_of
from models.store.database import reading
from rules.book.contract.effect import Effect
from service.books import books
from service.usecases.cases.act_on_case import stored_cases
from service.usecases.matters.act_on_matter import stored_matters
from tests.approved import DIRECTOR, LEADER
from tests.lawful_case import BOOK, LAWFUL, NOW, Step, lived, step

Row = Mapping[str, Any]
"""A record as column values."""
OFFICE, UNIT = Actor("李四", "office"), Actor("王五", "unit", "甲处")
MATTER: tuple[Step, ...] = (
    step("propose", OFFICE, "2026-01-05", title="审核评估自评报告", category="plan", basis="2026年工作要点第7项", consulted_with="甲处",
         lead_unit="甲处", co_units=("乙处", "丙处"), due_on=date(2026, 4, 30), major=True, items="1"),
    step("endorse_registration", DIRECTOR, "2026-01-06", agrees=True),
    step("approve_registration", LEADER, "2026-01-06", agrees=True, opinion="同意立项"),
    step("register", OFFICE, "2026-01-06", route="leader"),
    step("arrange", OFFICE, "2026-01-07", plan="方案", division="分工", project_leader={"name": "赵六", "rank": "正职"},
         milestones=({"title": "初稿", "due_on": date(2026, 3, 1), "unit": None},)),
    step("assign", OFFICE, "2026-01-08", channel="oa", message_id="OA-1"),
    step("approve_change", LEADER, "2026-01-09", agrees=False, opinion="不变更", lead_unit="乙处"),
    step("supplement_assignment", OFFICE, "2026-01-09", channel="telephone", person="王五"),
    step("acknowledge", UNIT, "2026-01-10", signed_by="王五"),
    step("progress", UNIT, "2026-02-01", note="进行中", milestones_reached=("初稿",)),
    step("check", OFFICE, "2026-03-01", method="check"),
    step("supervise", OFFICE, "2026-04-01", note="须加快", method="meeting"),
    step("urge", OFFICE, "2026-05-04", channel="oa", message_id="OA-2"),
    step("record_urging", OFFICE, "2026-05-05", signed_by="王五"),
    step("request_extension", UNIT, "2026-05-06", reason="资料未齐", progress="过半"),
    step("decide_extension", LEADER, "2026-05-07", granted=True, new_due_on=date(2026, 6, 30), measures="加紧"),
    step("special_report", UNIT, "2026-05-08", meeting="president_meeting"),
    step("report", UNIT, "2026-06-10", result="已完成"),
    step("return", OFFICE, "2026-06-12", kind="supplement", reason="材料不全", new_due_on=date(2026, 7, 10)),
    step("report", UNIT, "2026-06-20", result="已补齐"),
    step("accept", OFFICE, "2026-06-22", opinion="符合要求"),
    step("sign_closing", LEADER, "2026-06-24", agrees=True),
    step("close", OFFICE, "2026-06-25", office_agrees=True),
    step("feed_back", OFFICE, "2026-06-26", to="校领导"),
    step("archive", OFFICE, "2026-06-28", contents=tuple(BOOK.ledger.archive)),
)  # fmt: skip
"""A matter through every state to the archive."""
BROUGHT_IN: tuple[Step, ...] = (
    step("carry_over", OFFICE, "2026-01-05", title="既有事项", category="plan", basis="旧台账", lead_unit="甲处",
         assigned_on=date(2025, 12, 1), source="台账.xlsx 第3行"),
    step("progress", UNIT, "2026-02-01", note="进行中"),
)  # fmt: skip


def matter_of(*steps: Step) -> Matter:
    made = Matter()
    for one in steps:
        request = MatterRequest(
            made, dict(one.details), one.actor, one.on, frozenset({"甲处", "乙处", "丙处"}), BOOK.ledger
        )
        made = act(one.action, request, hand=Hand(request.actor, "测试"), recorded_at=NOW)[0]
    return made


@dataclass(frozen=True)
class History:
    """What lies in the store of one thing. about: matter or case; written: how many records its row says there are."""

    about: str
    rows: Sequence[Row]
    written: Any

    @classmethod
    def of(cls, about: str, made: Matter | Case) -> History:
        return cls(about, [values_of(one, request_key=None) for one in made.records], made.version)


MATTERS = History.of("matter", matter_of(*MATTER))
OLD_MATTERS = History.of("matter", matter_of(*BROUGHT_IN))
CASES = History.of("case", lived(*LAWFUL))
HISTORIES = {"matter": MATTERS, "matter brought in": OLD_MATTERS, "case": CASES}


@dataclass(frozen=True)
class Damage:
    """kind: of which damage; at: the number of the record that was damaged; named: the one that is refused by, 0 for the row.

    typed: whether every column still holds a value of its type, as PostgreSQL sees to.
    """

    kind: str
    at: int
    named: int
    left: History
    typed: bool = True


ROW = 0
TORN_COLUMNS: Mapping[str, tuple[Any, ...]] = {
    "action": (b"\xff",),
    "done_on": ("yesterday", "2026-13-45", b"\xff", 7, ""),
    "actor_name": (b"\xff",),
    "actor_kind": (b"\xff", "nobody", ""),
    "actor_unit": (b"\xff",),
    "details": ("文字", 7),
    "recorded_at": ("yesterday", b"\xff", 7),
    "entered_by": (b"\xff",),
}
"""Column → what is none of its values. An embedded database keeps any value in any column."""
FOLLOWS: Mapping[str, frozenset[str]] = {
    "decide_extension": frozenset({"request_extension"}), "accept": frozenset({"report"}), "return": frozenset({"report"}),
    "answer_point": frozenset({"raise_point"}), "review_appeal": frozenset({"appeal"}),
    "inform_of_review": frozenset({"review_appeal"}),
}  # fmt: skip
"""Action → what must have been done before: without it its record tells of nothing that there is."""


def damages(history: History) -> Iterator[Damage]:
    """Every kind of damage of every record, and of the number of them."""
    rows, last = list(history.rows), len(history.rows)

    def left(kind: str, at: int, named: int, changed: Sequence[Row], written: Any = last, typed: bool = True) -> Damage:
        return Damage(kind, at, named, History(history.about, changed, written), typed)

    yield left("all deleted", last, 1, [])
    yield left("version one less", last, last, rows, last - 1)
    yield left("version one more", last, last + 1, rows, last + 1)
    yield left("version torn", last, ROW, rows, "garbage", typed=False)
    for at, row in enumerate(rows, 1):
        before, after = rows[: at - 1], rows[at:]

        def put(changed: Row, before: list[Row] = before, after: list[Row] = after) -> list[Row]:
            return [*before, changed, *after]

        yield left("missing", at, at, [*before, *after])
        yield left("surplus", at, last + 1, [*rows, {**row, "number": last + 1}])
        yield left("a number before the first", at, 1, [{**row, "number": 0}, *rows])
        yield left("a number far behind", at, at, [*before, *after, {**row, "number": 77}])
        if at < last and _stands_before(row, after[0], before):
            exchanged = [{**after[0], "number": at}, {**row, "number": at + 1}]
            yield left("numbers exchanged", at, at, [*before, *exchanged, *after[1:]])
        yield left("an unknown action", at, at, put({**row, "action": "flog"}))
        yield left("actor of no kind", at, at, put({**row, "actor_kind": "nobody"}))
        for column, values in TORN_COLUMNS.items():
            for value in values:
                yield left(f"{column} torn", at, at, put({**row, column: value}), typed=False)
        for kind, details in _torn_details(history.about, row):
            yield left(kind, at, at, put({**row, "details": details}))


def _stands_before(row: Row, other: Row, before: Sequence[Row]) -> bool:
    """Whether the other record cannot stand before this one: it is the first, or what the other one tells of is in it."""
    needed = FOLLOWS.get(other["action"], frozenset())
    return row["number"] == 1 or (row["action"] in needed and not {one["action"] for one in before} & needed)


def _torn_details(about: str, row: Row) -> Iterator[tuple[str, bytes]]:
    """Kind → details that are no JSON, no object, lack what the effect needs, or hold something of another type."""
    yield "no JSON", b"torn"
    yield "JSON cut off", row["details"][:-1]
    yield "no object", b"[1]"
    yield "null", b"null"
    said = orjson.loads(row["details"])
    effect = (BOOK.ledger if about == "matter" else BOOK.proceedings).actions[row["action"]].effect
    for name, needed in fields_of(effect):
        if needed:
            yield "a detail gone", orjson.dumps({key: value for key, value in said.items() if key != name})
            yield "a detail lost", orjson.dumps({**said, name: None})
        if said.get(name) is not None or needed:
            yield "a detail of another type", orjson.dumps({**said, name: 7.5})
            if name.endswith("_on"):
                yield "a day that is none", orjson.dumps({**said, name: "yesterday"})
    if "person" in said and about == "case":
        yield "a person who is not of the case", orjson.dumps({**said, "person": "P9"})


def fields_of(effect: type[Effect]) -> Iterator[tuple[str, bool]]:
    """The fields of what a record says, and whether it needs each."""
    return ((one.name, one.default is MISSING) for one in fields(effect))


def one_of_each(history: History) -> Mapping[str, Damage]:
    """Kind → its damage of one record: of another one for each kind, so that together they go through the history."""
    found: dict[str, list[Damage]] = {}
    for one in damages(history):
        found.setdefault(one.kind, []).append(one)
    return {kind: some[at * 7 % len(some)] for at, (kind, some) in enumerate(found.items())}


def every_kind_of_each(history: History) -> list[Damage]:
    """One damage of every kind of every record: where a kind has several values, another one from record to record."""
    found: dict[tuple[str, int], list[Damage]] = {}
    for one in damages(history):
        found.setdefault((one.kind, one.at), []).append(one)
    return [some[at % len(some)] for (_, at), some in found.items()]


def said_of_each(engine: Engine, some: Sequence[Damage]) -> list[int | None]:
    """What the store says of each, put into it past the use cases: the number that it is refused by; None where it is believed."""
    ids = [str(uuid.uuid4()) for _ in some]
    with engine.execution_options(write=True).begin() as connection:
        for id, one in zip(ids, some, strict=True):
            about = one.left.about
            row, record = (MatterRow, RecordRow) if about == "matter" else (CaseRow, CaseRecordRow)
            told = {"id": id, "title": one.kind, "state": "proposed", "version": one.left.written}
            connection.execute(insert(row), told | ({"category": "plan"} if about == "matter" else {}))
            if one.left.rows:
                connection.execute(insert(record), [{**kept, f"{about}_id": id} for kept in one.left.rows])
    found: dict[str, int | None] = {}
    with reading(engine) as session:
        matters = session.scalars(select(MatterRow).where(MatterRow.id.in_(ids))).all()
        cases = session.scalars(select(CaseRow).where(CaseRow.id.in_(ids))).all()
        for row_, made in (*stored_matters(session, books(), matters), *stored_cases(session, books(), cases)):
            found[row_.id] = made.number if isinstance(made, Damaged) else None
    return [found[id] for id in ids]
