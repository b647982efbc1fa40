"""Whatever is written between two statements of a reader, a matter and a case that are whole are never taken for damaged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from models.case import cases
from models.matter import matters
from models.records.damage import Damaged
from models.records.record import Record
from models.store.attachments import Attachment
from models.store.database import OneReading, one_reading, reading, snapshot, writing
from service.books import books
from service.usecases.cases.act_on_case import read_case
from service.usecases.matters.act_on_matter import read_matter, stored_matters
from tests.integration.case_office import proposed, take
from tests.integration.ledger_office import OFFICE, act, assigned
from tests.integration.page_case import browser
from tests.lawful_case import first

Read = Callable[[Session, str], tuple[Record, ...]]


@pytest.fixture(autouse=True)
def at_once(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer whom a reader of an embedded database keeps waiting would wait the whole time for nothing."""
    if database_url.startswith("sqlite"):
        monkeypatch.setattr("models.store.database._WAIT_SECONDS", 0)


def _of_list(session: Session, matter_id: str) -> tuple[Record, ...]:
    found = stored_matters(session, books(), matters.find_many(session, [matter_id]))[0][1]
    assert not isinstance(found, Damaged)
    return found.records


def _of_cases(session: Session, case_id: str) -> tuple[Record, ...]:
    row = cases.find(session, case_id)
    assert row is not None
    found = cases.load_many(session, [row], books().usual.proceedings.actions)[0][1]
    assert not isinstance(found, Damaged)
    return found.records


def _read_between(app: Flask, at: int, write: Callable[[], Any], read: Callable[[Session], Any]) -> int:
    """Read once, with something written before the reader's statement ``at``; how many statements the reader made."""
    made: list[str] = []
    engine = app.extensions["database"]

    def _before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        made.append(statement)
        if len(made) == at:
            # 503: a writer waits for whoever reads an embedded database, so that nothing comes between
            assert write().status_code in ((200, 503) if engine.dialect.name == "sqlite" else (200,))

    with reading(engine) as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", _before)
        read(session)
    return len(made)


@pytest.mark.parametrize("at", range(1, 6))
@pytest.mark.parametrize(
    "read", [lambda s, m: read_matter(s, books(), m).matter.records, _of_list], ids=["one", "list"]
)
def test_a_matter_is_whole_whenever_somebody_writes(app: Flask, office: FlaskClient, read: Read, at: int) -> None:
    matter = assigned(office)
    made = _read_between(
        app,
        at,
        lambda: act(office, matter, "supervise", "2026-02-02", OFFICE, note="督办"),
        lambda session: read(session, matter["id"]),
    )
    assert made >= 1


@pytest.mark.parametrize("at", range(1, 6))
@pytest.mark.parametrize("read", [lambda s, c: read_case(s, books(), c).case.records, _of_cases], ids=["one", "list"])
def test_a_case_is_whole_whenever_somebody_writes(app: Flask, office: FlaskClient, read: Read, at: int) -> None:
    case = proposed(office).json
    assert (
        take(office, case | {"version": 9}, first("approve")).status_code == 412
    )  # whoever enters it has an account now
    made = _read_between(
        app, at, lambda: take(office, case, first("approve")), lambda session: read(session, case["id"])
    )
    assert made >= 1


def _attached_meanwhile(app: Flask, case_id: str) -> Callable[..., None]:
    """What attaches a file to the case, once, just before somebody asks for its files."""
    done: list[str] = []
    row = Attachment(
        id="later", case_id=case_id, sha256="0" * 64, file_name="后来的附件.pdf", media_type="application/pdf", size=1,
        uploaded_at=datetime.now(UTC), uploaded_by="测试",
    )  # fmt: skip

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM attachments" in statement and not done:
            done.append(statement)
            with Session(app.extensions["database"]) as session, session.begin():
                session.add(row)

    return before


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite a writer waits for whoever reads
def test_a_page_shows_one_moment_though_something_is_written_while_it_reads(app: Flask, office: FlaskClient) -> None:
    case = proposed(office).json
    clerk, engine = browser(app, "clerk", "李四", "office_clerk"), app.extensions["database"]
    before = _attached_meanwhile(app, case["id"])
    event.listen(engine, "before_cursor_execute", before)
    during = clerk.get(f"/cases/{case['id']}")
    event.remove(engine, "before_cursor_execute", before)
    after = clerk.get(f"/cases/{case['id']}")
    assert (during.status_code, "后来的附件" in during.text, "后来的附件" in after.text) == (200, False, True)


def test_what_a_request_reads_ends_before_it_writes_and_the_writer_holds_no_snapshot(app: Flask) -> None:
    engine, shared = app.extensions["database"], OneReading()
    level = {"sqlite": ("SERIALIZABLE", "SERIALIZABLE"), "postgresql": ("REPEATABLE READ", "READ COMMITTED")}
    token = one_reading.set(shared)
    try:
        shared.lasting = True
        with reading(engine) as session:
            first = session
            read = session.connection().get_isolation_level()
        with reading(engine) as session:
            assert session is first  # the check and the page see one moment
        shared.lasting = False
        with snapshot(engine) as session, reading(engine) as again:
            assert session is again  # nobody waits for a reader of their own
        with writing(engine) as session:
            assert session is not first
            assert (read, session.connection().get_isolation_level()) == level[engine.dialect.name]
        with reading(engine) as session:
            assert session is not first
    finally:
        shared.end()
        one_reading.reset(token)
