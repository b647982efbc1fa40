"""From records that name people to the registry: every name is accounted for, what is ambiguous is told, and no name lets anybody in."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, text

from models.case import cases
from models.case.case import Case
from models.case.cases import CaseRow
from models.case.sight import Reader, relation_to
from models.people import accounts, persons
from models.people.names import bare, bares
from models.records.stored import HAND, persons_known, values_of
from models.store.database import connect, reading, upgrade
from rules.book.contract.people import PersonRef
from service.cli import main
from service.usecases.administration import match_names
from service.usecases.administration.match_names import unmatched
from tests.lawful_case import LAWFUL, lived, until

CASES = [lived(*until(stage)) if stage else lived(*LAWFUL) for stage in ("approve", "form_team", "submit", None)]
ACCOUNTS = ("张某", "张某（甲处）", "组长", "组 长", "组员甲", "组员乙", "组员乙\u200b", "委员一", "党委秘书", "旁人")
POSTS = {"1": "组长", "2": "组员乙", "3": "组员乙", "4": "张某", "5": "沈言"}
"""Two are called 组员乙, and an account with a name that is compared as theirs makes three."""


def before(case: Case, name: str) -> str:
    """How somebody of this name stood to a case when records had names alone."""
    if bare(name) in bares((*(str(one.name) for one in case.persons.values()), *map(str, case.recused))):
        return "recused"
    if any(member.active and str(member.name) == name for member in case.team):
        return "assigned"
    return {"decided": "decided", "closed": "decided", "submitted": "submitted"}.get(case.state, "none")


def put(engine: Engine) -> list[str]:
    """A school of the version before, with its accounts and cases."""
    ids = []
    with engine.begin() as connection:

        def insert(table: str, **row: Any) -> None:
            names = ", ".join(row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(row)})"), row)

        insert("units", name="甲处", from_on="2020-01-01")
        for number, name in POSTS.items():
            insert("posts", staff_number=number, name=name, unit="甲处", post="处长", rank="正职", managed_by="school_committee",
                   from_on="2020-01-01")  # fmt: skip
        for at, name in enumerate(ACCOUNTS):
            insert(
                "accounts", id=str(uuid.uuid4()), login=f"a{at}", name=name, must_change=False, created_at="2026-01-01"
            )
        for case in CASES:
            ids.append(str(uuid.uuid4()))
            insert("cases", id=ids[-1], title=case.title, state=case.state, version=case.version)
            for record in case.records:
                row = dict(values_of(record, request_key=None))
                details = orjson.loads(row["details"])  # type: ignore[arg-type]
                del details[HAND], row["request_key"], row["actor_unit"]
                days = {"done_on": str(record.on), "recorded_at": str(record.recorded_at)}
                insert("case_records", case_id=ids[-1], **row | days | {"details": orjson.dumps(details)})
    return ids


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def migrated_school(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, list[str]]]:
    """The school, its upgrade broken off after the names of two cases and then carried on."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql").database(migrated=False)
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('before') / 'test.sqlite3'}"
    upgrade(url, "0013")
    engine = connect(url)
    ids = put(engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        patch.setattr(match_names, "_BATCH", 2)
        patch.setattr(match_names, "match_next", breaking(match_names.match_next))
        assert CliRunner().invoke(main, ["db", "upgrade"]).exit_code != 0
        with reading(engine) as session:
            assert match_names.any_unmatched(session)
            for name in ACCOUNTS:  # nobody is let in meanwhile
                account = next(one for one in accounts.every(session) if one.name == name)
                assert relation_to(session, Reader(PersonRef(name, account.person_id)), ids[-1]) is None
        assert CliRunner().invoke(main, ["db", "upgrade"]).exit_code == 0
        yield engine, ids
    engine.dispose()


def breaking(step: Any) -> Any:
    """The same step, which fails once, at its second time."""
    times: list[int] = []

    def broken(*given: Any) -> Any:
        times.append(1)
        if len(times) == 2:
            raise ZeroDivisionError
        return step(*given)

    return broken


def test_every_name_is_matched_or_told(migrated_school: tuple[Engine, list[str]]) -> None:
    engine, ids = migrated_school
    with reading(engine) as session:
        told = {(one.id, one.name): one.bearing for one in unmatched(session) if one.kind == "case"}
        for case_id, case in zip(ids, CASES, strict=True):
            row = session.scalars(select(CaseRow).where(CaseRow.id == case_id)).one()
            known = persons_known(row.known).persons
            actors = {record.actor.name for record in case.records}
            assert actors <= known.keys()
            assert {str(one.name) for one in case.persons.values()} | {
                str(one.name) for one in case.team
            } <= known.keys()
            assert {name for name, id in known.items() if id is None} == {name for of, name in told if of == case_id}
            loaded = cases.load(session, case_id, actions())
            assert loaded is not None
            assert len(loaded.records) == case.version
        assert told[ids[2], "组员乙"][:2] == ("2", "3")
        assert told[ids[-1], "书记"] == ()
        assert {one.name for one in unmatched(session) if one.kind == "account"} == {"组员乙"}
        assert persons.bearing(session, {"组长"})["组长"]


def actions() -> Any:
    from tests.lawful_case import BOOK

    return BOOK.proceedings.actions


def test_nobody_is_let_in_by_a_name_and_everybody_else_stands_as_before(
    migrated_school: tuple[Engine, list[str]],
) -> None:
    engine, ids = migrated_school
    with reading(engine) as session:
        for account in accounts.every(session):
            if account.name not in ACCOUNTS:
                continue
            for case_id, case in zip(ids, CASES, strict=True):
                was = before(case, account.name)
                now = relation_to(session, Reader(PersonRef(account.name, account.person_id)), case_id)
                if (
                    account.name in ("组员乙", "组长") and was == "assigned"
                ):  # of two of that name, until somebody tells
                    was = {"decided": "decided", "closed": "decided", "submitted": "submitted"}.get(case.state, "none")
                assert now == was, (account.name, case.state)


def test_what_is_ambiguous_is_listed_and_resolved_by_the_command(migrated_school: tuple[Engine, list[str]]) -> None:
    engine, ids = migrated_school
    asked = CliRunner().invoke(main, ["people", "names"])
    assert asked.exit_code == 0, asked.output
    listed = asked.stdout
    assert f"案件　{ids[2]}　组员乙　登记中有3人：2、3、自编" in listed
    assert "账号　a5　组员乙　登记中有3人：2、3、自编" in listed
    assert "请以 wenze people resolve 写明是谁" in CliRunner().invoke(main, ["db", "review"]).stdout
    for words in (["案件", ids[2], "组员乙", "无此号"], ["案件", ids[2], "旁人", "2"], ["案件", ids[0], "组员乙", "2"]):
        assert CliRunner().invoke(main, ["people", "resolve", *words]).exit_code == 2, words
    for words in (["案件", ids[2], "组员乙", "2"], ["账号", "a5", "组员乙", "2"]):
        done = CliRunner().invoke(main, ["people", "resolve", *words])
        assert done.exit_code == 0, done.output
    with reading(engine) as session:
        account = accounts.by_login(session, "a5")
        assert account is not None
        reader = Reader(PersonRef(account.name, account.person_id))
        assert relation_to(session, reader, ids[2]) == "assigned"
        assert relation_to(session, reader, ids[3]) != "assigned"  # each place by itself
    assert f"案件　{ids[2]}　组员乙" not in CliRunner().invoke(main, ["people", "names"]).stdout
