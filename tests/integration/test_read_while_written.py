"""Whatever is written between two statements of a reader, a matter and a case that are whole are never taken for damaged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from models.domain.matter import Record
from models.records.damage import Damaged
from models.store import cases, matters
from models.store.database import reading
from service.usecases.act_on_case import read_case, transitions
from service.usecases.act_on_matter import read_matter, stored_matters
from tests.integration.case_office import proposed, take
from tests.integration.ledger_office import OFFICE, act, assigned
from tests.lawful_case import first

Read = Callable[[Session, str], tuple[Record, ...]]


def _of_list(session: Session, matter_id: str) -> tuple[Record, ...]:
    found = stored_matters(session, matters.find_many(session, [matter_id]))[0][1]
    assert not isinstance(found, Damaged)
    return found.records


def _of_cases(session: Session, case_id: str) -> tuple[Record, ...]:
    row = cases.find(session, case_id)
    assert row is not None
    found = cases.load_many(session, [row], transitions())[0][1]
    assert found is not None
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
@pytest.mark.parametrize("read", [lambda s, m: read_matter(s, m).matter.records, _of_list], ids=["one", "list"])
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
@pytest.mark.parametrize("read", [lambda s, c: read_case(s, c).case.records, _of_cases], ids=["one", "list"])
def test_a_case_is_whole_whenever_somebody_writes(app: Flask, office: FlaskClient, read: Read, at: int) -> None:
    case = proposed(office).json
    assert (
        take(office, case | {"version": 9}, first("approve")).status_code == 412
    )  # whoever enters it has an account now
    made = _read_between(
        app, at, lambda: take(office, case, first("approve")), lambda session: read(session, case["id"])
    )
    assert made >= 1
