"""What is stored stays as it was, on both databases."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from multiprocessing.context import ForkServerContext
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from models.people import tokens
from models.receipts import receipts
from models.store.database import SCHEMA, connect, is_current, reading, upgrade, wal_is_safe, writing
from models.whole.tables import METADATA
from rules.reasoning.answer import Recommendation
from service.books import books
from service.usecases.people.api_tokens import TokenUnknown, create_token, holder, list_tokens, revoke_token
from service.usecases.recommending.kept_receipts import to_be_kept
from service.usecases.recommending.recommend import recommend
from service.usecases.recommending.store_receipt import store_receipt
from tests.conftest import ROOT, example
from tests.integration.other_books import put

NOW = datetime(2026, 5, 18, 3, 4, 5, tzinfo=UTC)
FACTS = example("plan-task-missed") | {"title": "喆堃𠮷", "narrative": "喆堃𠮷" * 1_000}


@cache
def _told() -> tuple[Recommendation, dict[str, Any]]:
    return recommend(FACTS, "测试", books()), to_be_kept(FACTS, books())


def store(engine: Engine) -> tuple[str, bytes]:
    with writing(engine) as session:
        return store_receipt(session, books(), FACTS, *_told(), actor="测试", now=NOW)


def count(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(receipts.Receipt)) or 0


def test_a_receipt_is_read_back_byte_for_byte_with_its_hash(engine: Engine) -> None:
    receipt_id, body = store(engine)
    with reading(engine) as session:
        assert receipts.answer(session, receipt_id) == body
        row = session.scalars(select(receipts.Receipt)).one()
        assert row.sha256 == hashlib.sha256(body).hexdigest()
        assert row.created_at == NOW
        assert row.created_at.tzinfo is UTC


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE receipts SET actor = 'x'",
        "DELETE FROM receipts",
        "TRUNCATE receipts",
        "UPDATE rulebooks SET files = 'x'",
        "DELETE FROM rulebooks",
        "TRUNCATE rulebooks",
        "UPDATE proofs SET parts = 'x'",
        "DELETE FROM proofs",
        "TRUNCATE proofs",
    ],
)
def test_the_database_refuses_every_change_of_a_receipt(engine: Engine, statement: str) -> None:
    store(engine)
    # SQLite knows no TRUNCATE; PostgreSQL refuses it for a table that others refer to before any trigger is asked
    said = "immutable|syntax error|referenced in a foreign key"
    with pytest.raises(DBAPIError, match=said), writing(engine) as session:
        session.execute(text(statement))
    assert count(engine) == 1


def test_work_that_fails_half_way_leaves_nothing(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as session:
            store_receipt(session, books(), FACTS, *_told(), actor="测试", now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert count(engine) == 0


def test_writers_in_threads_lose_nothing(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store(engine), range(40)))
    assert count(engine) == 40


def _store_many(url: str) -> None:
    made = connect(url)
    for _ in range(25):
        store(made)
    made.dispose()


def test_writers_in_processes_lose_nothing(database_url: str, engine: Engine, processes: ForkServerContext) -> None:
    workers = [processes.Process(target=_store_many, args=(database_url,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert count(engine) == 75


def test_a_token_keeps_no_secret_and_ends_when_revoked_or_expired(engine: Engine) -> None:
    with writing(engine) as session:
        secret = create_token(session, "甲", now=NOW, expires_at=NOW + timedelta(hours=1))
    with reading(engine) as session:
        row = session.scalars(select(tokens.Token)).one()
        assert secret not in str(vars(row))
        assert holder(session, secret, now=NOW) is not None
        assert holder(session, secret + "x", now=NOW) is None
        assert holder(session, secret, now=NOW + timedelta(hours=1)) is None
        token_id = row.id
    with writing(engine) as session:
        revoke_token(session, token_id, now=NOW)
    with reading(engine) as session:
        assert holder(session, secret, now=NOW) is None
        assert [row.state for row in list_tokens(session, now=NOW)] == ["revoked"]
    with pytest.raises(TokenUnknown), writing(engine) as session:
        revoke_token(session, "没有", now=NOW)


def test_times_are_kept_in_utc_whatever_zone_they_come_in(engine: Engine) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=8)))
    with writing(engine) as session:
        create_token(session, "甲", now=local, expires_at=None)
    with reading(engine) as session:
        assert list_tokens(session, now=NOW)[0].created_at.isoformat() == "2026-05-18T03:04:05+00:00"
    with pytest.raises(Exception, match="时区"), writing(engine) as session:
        create_token(session, "甲", now=NOW.replace(tzinfo=None), expires_at=None)


def test_the_schema_named_in_the_code_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(ROOT / "models/migrations")).get_current_head() == SCHEMA


def test_the_migrated_schema_is_that_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    assert is_current(engine)


def test_a_second_upgrade_changes_nothing(bare_url: str) -> None:
    made = connect(bare_url)
    assert not is_current(made)
    upgrade(bare_url)
    tables = inspect(made).get_table_names()
    upgrade(bare_url)
    assert is_current(made)
    assert inspect(made).get_table_names() == tables
    made.dispose()


_FILE = {"sha256": "0" * 64, "file_name": "a.pdf", "media_type": "application/pdf", "size": 1, "uploaded_at": NOW,
         "uploaded_by": "测试"}  # fmt: skip


def test_files_of_matters_outlive_the_coming_of_files_of_cases(bare_url: str) -> None:
    upgrade(bare_url, "0005")
    made = connect(bare_url)
    put(made, "matters", id="m", title="事项", category="plan", state="registered", version=1)
    put(made, "attachments", id="1", matter_id="m", **_FILE)
    put(made, "cases", id="c", title="案件", state="proposed", version=1)
    upgrade(bare_url)
    put(made, "attachments", id="2", case_id="c", **_FILE)
    for owners in ({}, {"matter_id": "m", "case_id": "c"}, {"case_id": "another"}):
        with pytest.raises(IntegrityError):
            put(made, "attachments", id="3", **owners, **_FILE)
    with reading(made) as session:
        found = session.execute(text("SELECT id, matter_id, case_id FROM attachments ORDER BY id")).all()
        assert found == [("1", "m", None), ("2", None, "c")]
    made.dispose()


def test_accounts_and_log_ins_outlive_the_coming_of_devices_and_second_factors(bare_url: str) -> None:
    upgrade(bare_url, "0013")
    made = connect(bare_url)
    account = {"login": "li", "name": "李四", "password_hash": "x", "must_change": False, "created_at": NOW}
    put(made, "accounts", id="a", **account)
    put(made, "web_sessions", id_sha256="s", account_id="a", csrf="c", created_at=NOW, seen_at=NOW)
    put(made, "failed_logins", key_sha256="k", failures=9, last_at=NOW, until=NOW)
    upgrade(bare_url)
    with reading(made) as session:
        kept = session.execute(text("SELECT account_id, confirmed_at, code_at, awaits_code FROM web_sessions")).all()
        assert [(row[0], row[1], row[2], bool(row[3])) for row in kept] == [("a", None, None, False)]
        assert session.execute(text("SELECT count(*) FROM failed_logins")).scalar() == 0
        assert session.execute(text("SELECT login FROM accounts")).scalar() == "li"
    put(made, "known_devices", id_sha256="d", account_id="a", made_at=NOW, seen_at=NOW)
    with pytest.raises(IntegrityError):
        put(made, "recovery_codes", code_sha256="r", account_id="another", made_at=NOW)
    made.dispose()


@pytest.mark.parametrize(
    ("version", "safe"),
    [((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 50, 6), False), ((3, 51, 3), True), ((3, 52, 0), True)],
)  # fmt: skip
def test_wal_is_used_only_where_sqlite_is_free_of_its_fault(version: tuple[int, ...], safe: bool) -> None:
    assert wal_is_safe(version) is safe
