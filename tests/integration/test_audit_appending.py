"""Many append to the trail at once: no number is missing, none comes twice, and every hash fits; on both databases."""

from __future__ import annotations

import hashlib
import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.audit import events
from models.audit.events import AuditEvent
from models.people.units import Unit
from models.store.audit_notes import note, tell
from models.store.database import closing, connect, reading, writing
from service import config
from service.audit import adopt, record
from service.usecases.administration.verify_trail import Verdict, verify_trail
from tests.approved import AGREED, DIRECTOR
from tests.audit_trail import BY, NOW, event
from tests.bench.auditing import long_trail
from tests.issued import act, opened, with_units

PROCESSES, THREADS, EACH = 3, 4, 10
MANY = 8_000


def verdict(engine: Engine) -> Verdict:
    with reading(engine) as session:
        return verify_trail(session)


def _append(engine: Engine) -> None:
    """Every other event behind one that was the last a moment ago, as the event of a read is; others append meanwhile."""
    for at in range(EACH):
        with reading(engine) as session:
            seen = events.head(session) if at % 2 else None
        with writing(engine) as session:
            record(session, "office.inspect", BY, now=NOW, facts={"at": at}, seen=seen)


def _append_in_threads(url: str) -> None:
    made = connect(url)
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(_append, made) for _ in range(THREADS)]:
            done.result()
    made.dispose()


def test_processes_with_threads_leave_no_gap(database_url: str, engine: Engine) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_append_in_threads, args=(database_url,)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    assert verdict(engine) == Verdict(PROCESSES * THREADS * EACH, 0, None)


def test_a_long_trail_is_verified_as_fast_as_a_hundred_thousand_events_in_ten_seconds(engine: Engine) -> None:
    long_trail(engine, MANY)
    start = time.process_time()
    assert verdict(engine) == Verdict(MANY, 0, None)
    assert time.process_time() - start < 10 * MANY / 100_000


def test_an_event_goes_with_its_transaction(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as session:
            event(session)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert verdict(engine) == Verdict(0, 0, None)
    _append(engine)
    assert verdict(engine) == Verdict(EACH, 0, None)


def test_what_a_savepoint_took_back_is_not_vouched_for(engine: Engine) -> None:
    with_units(engine, 甲处=None)
    matter = opened(engine)
    with writing(engine) as session:
        adopt(session, BY, now=NOW)
    with writing(engine) as session:
        inner = session.begin_nested()
        note(session, "matter", matter.id, 2)  # as a dry run of an import does
        inner.rollback()
        event(session)
    assert verdict(engine) == Verdict(2, 0, None)


def test_records_from_before_the_trail_are_taken_in_once(engine: Engine) -> None:
    with_units(engine, 甲处=None)
    matter = opened(engine)
    broken = verdict(engine).broken
    assert broken is not None
    assert "没有审计记录" in broken.what
    with writing(engine) as session:
        adopt(session, BY, now=NOW)
    assert verdict(engine) == Verdict(1, 0, None)
    act(engine, matter, "endorse_registration", "2026-01-06", DIRECTOR, **AGREED)
    with writing(engine) as session:
        adopt(session, BY, now=NOW)
    assert verdict(engine).broken is not None


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="OpenSSL has no SM3")
def test_the_algorithm_may_change_in_the_middle(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sha256", "sm3", "sha256"):
        monkeypatch.setenv("WENZE_AUDIT_HASH", name)
        _append(engine)
    assert verdict(engine) == Verdict(3 * EACH, 0, None)
    with reading(engine) as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
    assert [row.algorithm for row in rows] == ["sha256"] * EACH + ["sm3"] * EACH + ["sha256"] * EACH


@pytest.mark.parametrize("given", ["md5", "SM3", "sha256 "])
def test_another_algorithm_is_refused_by_its_setting(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_AUDIT_HASH", given)
    with pytest.raises(config.ConfigError, match="WENZE_AUDIT_HASH 只能取 sha256 或者 sm3"):
        config.audit_hash()


def test_without_sm3_the_setting_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(name: str) -> object:
        raise ValueError(name)

    monkeypatch.setenv("WENZE_AUDIT_HASH", "sm3")
    monkeypatch.setattr(hashlib, "new", without)
    with pytest.raises(config.ConfigError, match="OpenSSL 没有 SM3"):
        config.audit_hash()


def test_an_event_stands_behind_the_last_one_wherever_that_was_seen(engine: Engine) -> None:
    for seen in (None, (1, "0" * 64), (0, events.NOTHING)):
        with writing(engine) as session:
            record(session, "office.inspect", BY, now=NOW, seen=seen)
    with reading(engine) as session:
        seen = events.head(session)
    with writing(engine) as session:
        record(session, "office.inspect", BY, now=NOW, seen=seen)
    assert verdict(engine) == Verdict(4, 0, None)


def test_the_edge_closes_its_own_transactions_only(engine: Engine) -> None:
    def close(session: Session) -> None:
        event(session, "office.inspect", "done")

    closing.set(close)
    try:
        with writing(engine) as session:
            session.add(Unit(name="甲处", from_on=NOW.date()))
            tell(session, subject=("unit", "u"))
    finally:
        closing.set(None)
    with writing(engine) as session:
        session.add(Unit(name="乙处", from_on=NOW.date()))
    with reading(engine) as session:
        assert events.head(session)[0] == 1
        assert datetime.fromisoformat(session.get_one(AuditEvent, 1).at).astimezone(UTC) == NOW
