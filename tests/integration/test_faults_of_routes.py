"""Every route that writes × what the machine below refuses: 507 or 503, and not half of anything is written."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import EnvironBuilder, FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from models.people.units import Unit
from models.store.database import reading, writing
from tests.entering import Entering
from tests.integration.conftest import new_token
from tests.integration.ledger_office import LEADER
from tests.integration.test_audit_events import API, changes
from tests.integration.test_hands import DECISION, answered, asking, bearer, entered
from tests.lawful_case import LAWFUL

CANARY = "金丝雀案情"
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def refused(code: int) -> OperationalError:
    """What SQLite says, as the driver hands it on."""
    said = sqlite3.OperationalError(CANARY)
    said.sqlite_errorcode = code
    return OperationalError(f"INSERT INTO x VALUES ('{CANARY}')", {}, said)


FAULTS: dict[str, tuple[Callable[[], Exception], int]] = {
    "locked": (lambda: refused(sqlite3.SQLITE_BUSY), 503),
    "full database": (lambda: refused(sqlite3.SQLITE_FULL), 507),
    "broken database": (lambda: refused(sqlite3.SQLITE_IOERR), 503),
    "full disk": (lambda: OSError(errno.ENOSPC, "full", f"/data/{CANARY}"), 507),
    "no permission": (lambda: OSError(errno.EACCES, "denied", f"/data/{CANARY}"), 503),
}


@contextmanager
def whenever(engine: Engine, happens: str, meet: Callable[..., None]) -> Iterator[None]:
    event.listen(engine, happens, meet)
    try:
        yield
    finally:
        event.remove(engine, happens, meet)


def at_a_statement(engine: Engine, begins: tuple[str, ...], fault: Callable[[], Exception]) -> Any:
    """Every statement that begins so meets a fault."""

    def meet(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith(begins):
            raise fault()

    return whenever(engine, "before_cursor_execute", meet)


def at_the_commit(engine: Engine, fault: Callable[[], Exception]) -> Any:
    def meet(_: Any) -> None:
        raise fault()

    return whenever(engine, "commit", meet)


@contextmanager
def at_the_queue(_: Engine, fault: Callable[[], Exception]) -> Iterator[None]:
    """The file beside the database, at which writers wait for one another, cannot be used."""

    def meet(*_: Any) -> None:
        raise fault()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fcntl, "flock", meet)
        yield


PLACES: tuple[tuple[Callable[[Engine, Callable[[], Exception]], Any], str], ...] = (
    (at_the_queue, "full disk"),
    (lambda engine, fault: at_a_statement(engine, ("INSERT", "UPDATE", "DELETE"), fault), "locked"),
    (lambda engine, fault: at_a_statement(engine, ("UPDATE audit_head",), fault), "broken database"),
    (at_the_commit, "full database"),
)
"""Before anything, at the first thing written, at the last one, at the end of all: each with one of the faults."""


class Unlucky(FlaskClient):
    """Sends the first request to each route that writes under every fault first, and then as it is."""

    met: set[str]

    def open(self, *words: Any, **named: Any) -> Any:
        builder = EnvironBuilder(self.application, *words, environ_base=self._copy_environ({}), **named)
        environ = builder.get_environ()
        body = environ["wsgi.input"].read()
        builder.close()
        engine = self.application.extensions["database"]
        found, _ = self.application.url_map.bind("localhost").match(environ["PATH_INFO"], environ["REQUEST_METHOD"])
        asked = f"{found}?{environ['QUERY_STRING']}"
        if environ["REQUEST_METHOD"] in WRITING and asked not in self.met:
            self.met |= {found, asked}
            for place, name in PLACES:
                make, status = FAULTS[name]
                before = all_there(engine)
                with place(engine, make):
                    answer = super().open({**environ, "wsgi.input": io.BytesIO(body)})
                assert answer.status_code == status, (found, name, answer.text)
                assert CANARY not in answer.text
                assert all_there(engine) == before, (found, name)
        return super().open({**environ, "wsgi.input": io.BytesIO(body)})


class UnluckyPeople(Entering, Unlucky):
    """The same by the account of whoever the entry says did it."""


def all_there(engine: Engine) -> str:
    """The hash of every row of an embedded database."""
    with sqlite3.connect(str(engine.url.database)) as connection:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()


def test_no_route_that_writes_leaves_half_of_it_where_the_machine_fails(
    embedded: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "var"))
    with writing(embedded.extensions["database"]) as session:
        session.add(Unit(name="甲处", from_on=LAWFUL[0].on.replace(year=2020)))
    client = UnluckyPeople.at(embedded, new_token(embedded))
    client.met = set()
    changes(client)
    clerk, leader = bearer(client, "周清", "office_clerk"), bearer(client, "校领导", "school_leader")
    asked = entered(client, asking(client), "decide_extension", LEADER, DECISION, clerk).json
    assert answered(client, asked, "confirm", leader) == 204
    rules = [rule for rule in embedded.url_map.iter_rules() if rule.rule.startswith(API) and (rule.methods or set()) & WRITING]  # fmt: skip
    shared = ("ledger.act_", "cases.act_")  # one way through the code, gone by all steps of a lawful case
    assert {rule.endpoint for rule in rules if not rule.endpoint.startswith(shared)} <= client.met
    assert len([name for name in client.met if name.startswith(shared) and "?" not in name]) > 20


def test_every_route_answers_a_fault_while_it_writes_and_keeps_nothing(embedded: Flask, user: FlaskClient) -> None:
    """Of pages and of the interface: what is written when the fault comes is taken back, and no value is told."""
    engine = embedded.extensions["database"]
    make: Callable[[], Exception] = RuntimeError

    def half() -> None:
        with writing(engine) as session:
            session.add(Unit(name=CANARY, from_on=date(2026, 1, 1)))
            session.flush()
            raise make()

    embedded.before_request_funcs.setdefault(None, []).insert(0, half)
    asked = 0
    try:
        for rule in embedded.url_map.iter_rules():
            for method in sorted((rule.methods or set()) & WRITING):
                path = rule.build(dict.fromkeys(rule.arguments, "x"))
                assert path is not None
                for name, (make, status) in FAULTS.items():  # noqa: B007 (read by half)
                    answer = user.open(path[1], method=method, headers={"Accept": "text/html, application/json"})
                    assert (answer.status_code, CANARY in answer.text) == (status, False), (rule.rule, name)
                    asked += 1
    finally:
        embedded.before_request_funcs[None].remove(half)
    with reading(engine) as session:
        assert session.get(Unit, CANARY) is None
    assert asked > 400
