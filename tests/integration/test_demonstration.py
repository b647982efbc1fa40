"""The demonstration year: every state, every role, no day ahead, the same on each day; only where nothing real can be."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from models.people.accounts import Account
from models.people.units import Unit
from models.store.database import connect, reading, upgrade, writing
from rules.book.loading import load_rulebook
from service.access import access
from service.app import create_app
from service.books import books
from service.cli import main
from service.usecases.administration.demonstration import BY, LogIn, NotEmpty, is_demonstration, new_passwords, seed
from service.usecases.administration.verify_trail import verify_trail

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
RECORDS = ("records", "case_records")


def seeded(folder: Path, now: datetime = NOW) -> tuple[str, list[LogIn]]:
    url = f"sqlite:///{folder / 'demonstration.sqlite3'}"
    upgrade(url)
    engine = connect(url)
    with writing(engine) as session:
        made = seed(session, books(), now=now)
    engine.dispose()
    return url, made


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[LogIn]]:
    return seeded(tmp_path_factory.mktemp("demonstration"))


def rows(url: str, statement: str) -> list[Any]:
    engine = connect(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(statement))]
    engine.dispose()
    return found


def history(url: str) -> list[Any]:
    matters = rows(
        url, "SELECT m.title, r.number, r.action, r.done_on FROM records r JOIN matters m ON m.id = r.matter_id"
    )
    cases = rows(
        url, "SELECT c.title, r.number, r.action, r.done_on FROM case_records r JOIN cases c ON c.id = r.case_id"
    )
    return sorted([*matters, *cases])


def test_every_state_of_the_ledger_and_both_routes_occur(year: tuple[str, list[LogIn]]) -> None:
    url, _ = year
    assert {row[0] for row in rows(url, "SELECT DISTINCT state FROM matters")} == set(load_rulebook().ledger.states)
    taken = {row[0] for row in rows(url, "SELECT DISTINCT action FROM records")}
    assert taken >= {
        "arrange",
        "check",
        "supervise",
        "urge",
        "record_urging",
        "decide_extension",
        "special_report",
        "return",
    }
    routes = rows(url, "SELECT DISTINCT json_extract(details, '$.route') FROM records WHERE action = 'register'")
    assert sorted(routes) == [("direct",), ("leader",)]
    assert len(rows(url, "SELECT id FROM inspections")) >= 5


def test_three_cases_stand_in_inquiry_before_the_committee_and_under_appeal(year: tuple[str, list[LogIn]]) -> None:
    url, _ = year
    assert sorted(row[0] for row in rows(url, "SELECT state FROM cases")) == ["decided", "investigating", "submitted"]
    last = "SELECT action FROM case_records WHERE case_id = (SELECT id FROM cases WHERE state = 'decided') ORDER BY number DESC"
    assert rows(url, last)[0] == ("appeal",)


def test_there_is_one_log_in_for_each_role_with_a_password_of_its_own(year: tuple[str, list[LogIn]]) -> None:
    url, made = year
    given = {row[0] for row in rows(url, f"SELECT role FROM role_grants WHERE granted_by = '{BY}'")}
    assert given == {role.id for role in access().roles.values() if not role.of_token}
    assert len({one.password for one in made}) == len(made) == len({one.name for one in made})
    assert rows(url, "SELECT count(*) FROM accounts WHERE must_change") == [(0,)]
    client = create_app(url).test_client()
    for one in (made[0], made[-1]):
        answer = client.post("/login", data={"login": one.login, "password": one.password})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@pytest.mark.parametrize(
    "day", ["2026-01-01", "2024-02-29", "2030-06-30"],
    ids=["new year", "leap day", "a year whose calendar is not known"],
)  # fmt: skip
def test_on_whatever_day_it_is_written_no_record_lies_ahead(day: str, tmp_path: Path) -> None:
    url, _ = seeded(tmp_path, datetime.fromisoformat(f"{day}T09:00:00+08:00"))
    assert max(str(row[3]) for row in history(url)) <= min(day, "2026-12-31")
    assert len(rows(url, "SELECT id FROM cases")) == 3


def test_two_years_written_on_one_day_tell_the_same(year: tuple[str, list[LogIn]], tmp_path: Path) -> None:
    begun = time.monotonic()
    again, _ = seeded(tmp_path)
    assert history(again) == history(year[0])
    assert len(history(again)) > 250
    assert time.monotonic() - begun < 60  # a busy machine; some three seconds else


def test_other_passwords_are_made_and_nothing_is_written_twice(year: tuple[str, list[LogIn]], tmp_path: Path) -> None:
    place, made = tmp_path / "again.sqlite3", year[1]
    with closing(sqlite3.connect(year[0].removeprefix("sqlite:///"))) as whole, closing(sqlite3.connect(place)) as copy:
        whole.backup(copy)
    url = f"sqlite:///{place}"
    before, engine = history(url), connect(url)
    with writing(engine) as session, pytest.raises(NotEmpty):
        seed(session, books(), now=NOW)
    with writing(engine) as session:
        other = new_passwords(session, books(), now=NOW)
    with reading(engine) as session:
        assert is_demonstration(session)
        assert not session.query(Account).filter(Account.must_change).count()
    engine.dispose()
    assert history(url) == before
    assert [(one.login, one.role) for one in other] == [(one.login, one.role) for one in made]
    assert not {one.password for one in other} & {one.password for one in made}


def test_a_database_with_anything_of_its_own_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'real.sqlite3'}"
    upgrade(url)
    engine = connect(url)
    with writing(engine) as session:
        session.add(Unit(name="真实单位", from_on=date(2020, 1, 1)))
    with pytest.raises(NotEmpty), writing(engine) as session:
        seed(session, books(), now=NOW)
    engine.dispose()
    assert rows(url, "SELECT name FROM units") == [("真实单位",)]
    assert rows(url, "SELECT count(*) FROM matters") == [(0,)]


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str, **settings: str) -> Result:
    monkeypatch.chdir(folder)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return CliRunner().invoke(main, arguments, env={"WENZE_DATA_DIR": str(folder), **settings})


def test_the_command_shows_the_accounts_and_leaves_a_whole_trail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(tmp_path, monkeypatch, "demo")
    assert (done.exit_code, done.stderr) == (0, f"数据库：{tmp_path / 'wenze.sqlite3'}\n")
    assert "admin" in done.stdout.splitlines()[0]
    shown = dict(line.split()[:2] for line in done.stdout.splitlines() if line.startswith("　　"))
    again = run(tmp_path, monkeypatch, "demo")
    assert again.exit_code == 0
    assert "admin" not in again.stdout
    for login, password in shown.items():
        assert login in again.stdout
        assert password not in again.stdout
    engine = connect(f"sqlite:///{tmp_path / 'wenze.sqlite3'}")
    with reading(engine) as session:
        assert verify_trail(session).broken is None
    engine.dispose()
    served = run(tmp_path, monkeypatch, "serve", "--host", "0.0.0.0", WENZE_ALLOW_EMBEDDED="true", WENZE_BEHIND_TLS="true",
                 WENZE_PUBLIC_URL="https://wenze.example.edu.cn")  # fmt: skip
    assert (served.exit_code, "示范数据" in served.stderr) == (2, True)


@pytest.mark.parametrize(
    "settings",
    [{"WENZE_BEHIND_TLS": "true", "WENZE_PUBLIC_URL": "https://wenze.example.edu.cn"}, {"WENZE_HOST": "0.0.0.0"},
     {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}],
    ids=["behind a proxy", "on a network", "PostgreSQL"],
)  # fmt: skip
def test_where_others_could_come_nothing_is_written(
    settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(tmp_path, monkeypatch, "demo", **settings)
    assert (done.exit_code, done.stdout, "示范数据" in done.stderr) == (2, "", True)
    assert not list(tmp_path.iterdir())


def test_every_page_says_that_the_data_are_invented(year: tuple[str, list[LogIn]]) -> None:
    url, made = year
    for marked in (True, False):
        client = create_app(url, demonstration=marked).test_client()
        client.post("/login", data={"login": made[0].login, "password": made[0].password})
        assert ("示范数据</strong>" in client.get("/").text) is marked
