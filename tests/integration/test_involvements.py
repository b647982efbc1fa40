"""How somebody stands to a case is asked of rows: these are those of the records, from whichever revision the records are."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from models.case import cases, involvements
from models.case import sight as case_sight
from models.case.case import Case, case_fold
from models.case.duties import duties_of
from models.case.involvement import involvements as told_by
from models.case.sight import Reader, Sight
from models.case.waiting import look
from models.matter.matters import MatterRow
from models.people.names import bare, bares
from models.records.stored import values_of
from models.store.database import connect, reading, upgrade, writing
from rules.book.contract.case_effects import OfMeeting
from rules.book.loading import load_rulebook
from rules.reasoning.calendar import work_calendar
from service.books import books
from service.cli import main
from service.usecases.administration import make_involvements
from service.usecases.administration.make_involvements import make_next
from tests.lawful_case import BOOK, LAWFUL, MEETING, Step, first, lived, stands_down, until, with_details
from tests.registered import matched, ref

_GONE = stands_down("组员乙", "2026-06-04")
_DECIDED = with_details(first("decide"), meeting={**MEETING, "recused": ("委员九",)})
_STEPS = (*until("submit"), _GONE, first("submit"), _DECIDED, *LAWFUL[len(until("decide")) + 1 :])
_STAGES = ("approve", "form_team", "submit", "decide", "issue_decision", None)
_MATCHED = tuple(
    replace(one, actor=replace(one.actor, id=ref(one.actor.name).id), details=matched(one.details)) for one in _STEPS
)


def _histories(steps: Sequence[Step]) -> list[Case]:
    approvers = frozenset({"书记"}) if steps is _STEPS else frozenset[str]()
    return [lived(*(steps if stage is None else until(stage, steps)), approvers=approvers) for stage in _STAGES]


HISTORIES = _histories(_STEPS)
"""Of names alone, as up to 0.1.0."""
OF_PERSONS = _histories(_MATCHED)
"""The same, where each record says which person it means."""
NAMES = ("张某", "张某（甲处）", "组长", "组 长", "组员乙", "组员乙\u200b", "委员九", "委员一", "旁人", "")


def _as_the_records_say(case: Case, name: str, bound: str | None) -> str:
    """The rule, told of the records themselves and not of the rows."""
    if bound in case.persons:
        return "subject"
    of_persons = case.persons["P1"].name.id is not None
    away = [
        one for record in case.records if isinstance(record.effect, OfMeeting) for one in record.effect.meeting.recused
    ]
    persons = [person.name for person in case.persons.values()]
    out = [one.name for one in (*persons, *case.recused, *away)]
    if name in out if of_persons else bare(name) in bares(out):
        return "recused"
    if of_persons and any(member.active and member.name.name == name for member in case.team):
        return "assigned"
    return {"decided": "decided", "closed": "decided", "submitted": "submitted"}.get(case.state, "none")


def _written(session: Session, case: Case) -> str:
    """The case, record by record, as the use cases write it."""
    case_id = str(uuid.uuid4())
    row = cases.add(
        session, case_id, Case(title=case.title, state="proposed", version=1, matters=case.matters), open_key=None
    )
    assert row is not None
    made = Case()
    for record in case.records:
        made = case_fold.applied(made, record, BOOK.proceedings.actions[record.action].to)
        cases.append(session, row, made, record, BOOK, request_key=None)
    return case_id


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "sqlite of names"])
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The histories in a database, written record by record: the engine, and the id of each."""
    server = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    url = server.database() if server else f"sqlite:///{tmp_path_factory.mktemp('stored') / 'test.sqlite3'}"
    if server is None:
        upgrade(url)
    engine, histories = connect(url), HISTORIES if request.param.endswith("names") else OF_PERSONS
    with writing(engine) as session:
        session.add(MatterRow(id=HISTORIES[0].matters[0], title="事项", category="plan", state="archived", version=1))
        session.flush()
        ids = [_written(session, case) for case in histories]
    yield engine, ids, histories
    engine.dispose()


@pytest.mark.parametrize("name", NAMES)
def test_everybody_stands_to_a_case_as_its_records_say(stored: Any, name: str) -> None:
    engine, ids, histories = stored
    with reading(engine) as session:
        for case_id, case in zip(ids, histories, strict=True):
            for bound in (None, "P1", "P9"):
                reader = Reader(ref(name), frozenset({(case_id, bound)} if bound else ()))
                said = _as_the_records_say(case, name, bound)
                assert case_sight.relation_to(session, reader, case_id) == said, (case.state, bound)
            elsewhere = Reader(ref(name), frozenset({(ids[0] if case_id != ids[0] else ids[1], "P1")}))
            assert case_sight.relation_to(session, elsewhere, case_id) == _as_the_records_say(case, name, None)
        assert case_sight.relation_to(session, Reader(ref(name)), "absent") is None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "relations", [{"assigned"}, {"decided"}, {"submitted", "decided"}, {"none"}, {"assigned", "none", "submitted", "decided"},
                  {"subject", "recused"}, set()], ids=lambda found: "-".join(sorted(found)) or "nothing",
)  # fmt: skip
def test_a_list_has_the_cases_that_one_by_one_may_be_seen_in_either_direction(
    stored: Any, name: str, relations: set[str]
) -> None:
    engine, ids, histories = stored
    sight = Sight(Reader(ref(name), frozenset({(ids[1], "P1")})), frozenset(relations))
    with reading(engine) as session:
        seen = [one for one in ids if case_sight.relation_to(session, sight.reader, one) in relations]
        for newest_first, wanted in ((True, seen[::-1]), (False, seen)):
            found: list[str] = []
            behind: int | None = None
            while some := case_sight.page(
                session,
                sight,
                every=load_rulebook().proceedings.states,
                behind=behind,
                limit=2,
                newest_first=newest_first,
            ):
                found += [row.id for row, relation in some if relation in relations]
                behind = some[-1][0].position
            assert found == wanted
        decided = case_sight.page(
            session, sight, every=load_rulebook().proceedings.states, behind=None, limit=9, states=("decided",)
        )
        assert {row.id for row, _ in decided} == {one for one in seen if histories[ids.index(one)].state == "decided"}


def test_the_rows_of_a_history_are_those_that_its_records_tell_and_a_difference_is_told_and_mended(stored: Any) -> None:
    engine, ids, _ = stored
    with reading(engine) as session:
        assert list(make_involvements.rows(session, books())) == []
    change = "UPDATE involvements SET who = '别人' WHERE relation = 'recused' AND case_position = "
    with writing(engine) as session:
        row = cases.find(session, ids[-1])
        assert row is not None
        session.execute(text(f"{change}{row.position} AND who IN ('组员乙', '#组员乙')"))
        session.execute(text("UPDATE cases SET look_on = NULL WHERE state = 'decided'"))
    with reading(engine) as session:
        told = list(make_involvements.rows(session, books()))
    assert [line for line in told if "别人" in line and "记录中没有" in line and ids[-1] in line]
    assert [line for line in told if "组员乙" in line and "没有登记" in line]
    assert [line for line in told if "待办日期" in line and ids[4] in line]
    assert len(told) == 3
    with writing(engine) as session:
        assert make_next(session, books(), 0, every=True) is not None
    with reading(engine) as session:
        assert list(make_involvements.rows(session, books())) == []


def _put_earlier(engine: Engine, case: Case, *, torn: bool = False) -> str:
    """A case as the revision before left it."""
    case_id = str(uuid.uuid4())
    with engine.begin() as connection:
        row: Mapping[str, Any] = {"id": case_id, "title": case.title, "state": case.state, "version": case.version}
        connection.execute(
            text("INSERT INTO cases (id, title, state, version) VALUES (:id, :title, :state, :version)"), row
        )
        names = ("number", "action", "done_on", "actor_name", "actor_kind", "details", "recorded_at", "entered_by")
        for record in case.records:
            values = values_of(record, request_key=None)
            values |= {"done_on": str(record.on), "recorded_at": str(record.recorded_at)}
            if torn and record.action == "approve":
                values["details"] = '{"note": "由周某批准"}'.encode()
            if torn and record.action == "form_team":
                values["details"] = '{"lost": ["周 某"]}'.encode()
            asked = f"INSERT INTO case_records (case_id, {', '.join(names)}) VALUES (:case, :{', :'.join(names)})"
            connection.execute(text(asked), {name: values[name] for name in names} | {"case": case_id})
    return case_id


def test_rows_are_made_of_the_records_of_the_revision_before_some_at_a_time_and_nobody_is_let_in_meanwhile(
    bare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(bare_url, "0012")
    engine = connect(bare_url)
    whole = [_put_earlier(engine, case) for case in HISTORIES]
    torn = _put_earlier(engine, HISTORIES[2], torn=True)
    upgrade(bare_url)
    monkeypatch.setattr(make_involvements, "_BATCH", 2)
    clerk = Sight(Reader(ref("旁人")), frozenset({"assigned", "none", "submitted", "decided"}))
    with writing(engine) as session:
        after = make_next(session, books(), 0, every=False)
    with reading(engine) as session:  # broken off here
        assert [
            row.id
            for row, _ in case_sight.page(
                session, clerk, every=load_rulebook().proceedings.states, behind=None, limit=9
            )
        ] == whole[1::-1]
        assert case_sight.relation_to(session, Reader(ref("旁人")), whole[2]) is None
        assert [row.id for row, _ in case_sight.page(session, Sight(Reader(None), frozenset({"none"})), every=load_rulebook().proceedings.states, behind=None, limit=9)] \
            == [torn, *whole[::-1]]  # fmt: skip
        assert len([line for line in make_involvements.rows(session, books()) if "db upgrade" in line]) == 5
    at: int | None = 0
    rounds = 0
    while at is not None:
        with writing(engine) as session:
            at = make_next(session, books(), at, every=False)
            rounds += 1
    assert (after, rounds) == (2, 4)  # it goes on where it was broken off
    with reading(engine) as session:
        assert list(make_involvements.rows(session, books())) == []
        for case_id, case in zip(whole, HISTORIES, strict=True):
            row = cases.find(session, case_id)
            assert row is not None
            assert involvements.kept(session, [row.position])[row.position] == told_by(case)
        for name, relation in (
            ("周某", "recused"),
            ("旁人", "none"),
        ):  # whom a damaged case names may be investigated or recused
            assert case_sight.relation_to(session, Reader(ref(name)), torn) == relation
    engine.dispose()


def test_a_command_first_finishes_what_an_upgrade_that_was_broken_off_left(
    bare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(bare_url)
    engine = connect(bare_url)
    case_id = _put_earlier(engine, HISTORIES[0])
    monkeypatch.setenv("DATABASE_URL", bare_url)
    listed = CliRunner().invoke(main, ["case", "list"])
    if engine.dialect.name == "postgresql":  # a server is upgraded when its operator says so
        assert (listed.exit_code, "请先执行 wenze db upgrade" in listed.stderr) == (1, True)
        assert CliRunner().invoke(main, ["db", "upgrade"]).exit_code == 0
        listed = CliRunner().invoke(main, ["case", "list"])
    assert (listed.exit_code, case_id in listed.output) == (0, True)
    with reading(engine) as session:
        assert case_sight.relation_to(session, Reader(ref("旁人")), case_id) == "none"
    reviewed = CliRunner().invoke(main, ["db", "review"])
    assert (reviewed.exit_code, "相关人员" in reviewed.output) == (0, False)
    engine.dispose()


def test_a_case_that_was_written_past_the_rows_is_made_whole_by_its_next_record(stored: Any) -> None:
    engine, ids, histories = stored
    case, steps = histories[1], _STEPS if histories is HISTORIES else _MATCHED
    with writing(engine) as session:
        row = cases.lock(session, ids[1])
        assert row is not None
        row.involved = None
        session.execute(text(f"DELETE FROM involvements WHERE case_position = {row.position}"))
        session.flush()
        assert case_sight.relation_to(session, Reader(ref("旁人")), ids[1]) is None
        after = lived(*steps[: len(until("form_team", _STEPS)) + 1], approvers=frozenset())
        cases.append(session, row, after, after.records[-1], BOOK, request_key=None)
        assert involvements.kept(session, [row.position])[row.position] == told_by(after)
        session.rollback()
    assert case.version + 1 == after.version


def test_no_day_is_passed_over_on_which_a_duty_is_open_or_overdue() -> None:
    days = [date(2026, 6, 1) + timedelta(days=at) for at in range(0, 500, 9)]
    for length in range(len(until("decide", _STEPS)), len(_STEPS) + 1):
        case = lived(*_STEPS[:length])
        until_, since = look(case, BOOK)
        for day in days if case.state == "decided" else ():
            waits = any(duty.state in ("open", "overdue") for duty in duties_of(case, "P1", day, BOOK, work_calendar()))
            looked = (until_ is not None and day <= until_) or (since is not None and since <= day)
            assert looked or not waits, (length, day)
    assert look(lived(*_STEPS), BOOK) == (None, None)
