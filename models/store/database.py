"""The database: embedded SQLite by default, PostgreSQL by URL.

A caller at the edge opens ``reading`` or ``writing``; ``writing`` commits once, when its block ends well. On SQLite one
writer at a time: an ``flock`` beside the file queues the writers of all processes, and the transaction takes the write
lock when it begins, so that no update is lost silently.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import DateTime, Dialect, Engine, TypeDecorator, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

SCHEMA = "0011"
"""The newest migration; a test holds it against the migrations' own chain."""
_MIGRATIONS = Path(__file__).parent.parent / "migrations"
_BUSY_SECONDS = 10
closing: ContextVar[Callable[[Session], None] | None] = ContextVar("closing", default=None)
"""What the edge adds to every transaction of its own just before it is committed: the event of the audit trail."""

if TYPE_CHECKING:
    from alembic.config import Config


class Base(DeclarativeBase):
    """All tables."""


class Moment(TypeDecorator[datetime]):
    """A point in time: aware going in, stored and returned in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("时间必须带有时区")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def connect(url: str) -> Engine:
    """An engine for ``url``; close it with ``dispose``."""
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_settings)
        event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_settings(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the begin event opens each transaction
    settings = ["foreign_keys=ON", f"busy_timeout={_BUSY_SECONDS * 1000}", "synchronous=FULL"]
    if wal_is_safe(sqlite3.sqlite_version_info):
        settings.append("journal_mode=WAL")
    for setting in settings:
        connection.execute(f"PRAGMA {setting}")


def _sqlite_begin(connection: Any) -> None:
    kind = "IMMEDIATE" if connection.get_execution_options().get("write") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {kind}")


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset fault: 3.44.6, 3.50.7, or 3.51.3 and later."""
    mended = {(3, 44): 6, (3, 50): 7, (3, 51): 3}
    series = (version[0], version[1])
    return version[2] >= mended[series] if series in mended else series > (3, 51)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads."""
    with Session(engine) as session:
        yield session


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A session that only reads, and sees one moment, however long it reads.

    Where SQLite keeps no log of writes, writers wait for it in their queue; else they would give up after a while.
    """
    embedded = engine.dialect.name == "sqlite"
    waits = embedded and not wal_is_safe(sqlite3.sqlite_version_info)
    one_moment = engine if embedded else engine.execution_options(isolation_level="REPEATABLE READ")
    with _queue(engine) if waits else nullcontext(), Session(one_moment) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session whose work is committed when the block ends well, and otherwise leaves nothing."""
    with _queue(engine), Session(engine.execution_options(write=True)) as session, session.begin():
        yield session
        if (close := closing.get()) is not None:
            close(session)


@contextmanager
def _queue(engine: Engine) -> Iterator[None]:
    """Writers of every process, one after another, on SQLite; elsewhere the server does that."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        yield
        return
    with open(f"{engine.url.database}.lock", "a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield  # closing the file gives the lock back


Failure = Literal["busy", "full", "unreachable"]
_SQLITE = {sqlite3.SQLITE_BUSY: "busy", sqlite3.SQLITE_LOCKED: "busy", sqlite3.SQLITE_FULL: "full"}
_POSTGRESQL = {"40001": "busy", "40P01": "busy", "55P03": "busy", "53100": "full", "53300": "busy"}


def failure_of(error: DBAPIError) -> Failure:
    """Why the database did not do what was asked, as far as the caller can act on it."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF, "unreachable")  # type: ignore[return-value]
    return _POSTGRESQL.get(getattr(error.orig, "sqlstate", None) or "", "unreachable")  # type: ignore[return-value]


def upgrade(url: str, to: str = "head") -> None:
    """Bring the schema up to date, or to an older migration."""
    from alembic import command  # here, since it takes a third of a start-up and is rarely needed

    command.upgrade(_config(url), to)


def downgrade(url: str, to: str = "base") -> None:
    """Take the migrations back, all of them or those after one."""
    from alembic import command

    command.downgrade(_config(url), to)


def is_current(engine: Engine) -> bool:
    """Whether the schema is that of this version."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == SCHEMA)


def _config(url: str) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["url"] = url
    return config
