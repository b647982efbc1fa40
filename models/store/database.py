"""The database: embedded SQLite by default, PostgreSQL by URL.

A caller at the edge opens ``reading`` or ``writing``; ``writing`` commits once, when its block ends well. On SQLite one
writer at a time: an ``flock`` beside the file queues the writers of all processes, and the transaction takes the write
lock when it begins, so that no update is lost silently.
"""

from __future__ import annotations

import errno
import fcntl
import sqlite3
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from sqlalchemy import DateTime, Dialect, Engine, TypeDecorator, create_engine, event, inspect, make_url, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Mapped, Session

from rules.packaged import packaged

SCHEMA = "0019"
"""The newest migration; a test holds it against the migrations' own chain."""
_MIGRATIONS = packaged("models/migrations")
_WAIT_SECONDS = 4
"""How long anything waits for a lock, a row or a connection that somebody else holds: an answer follows within 5 s."""
_QUERY_SECONDS = 300
"""How long one statement may run on a server: as long as a request may take (README, 部署 3)."""
_POLL_SECONDS = 0.02
_ONCE = "asked once"
_Answer = TypeVar("_Answer")
closing: ContextVar[Callable[[Session], None] | None] = ContextVar("closing", default=None)
"""What the edge adds to every transaction of its own just before it is committed: the event of the audit trail."""

if TYPE_CHECKING:
    from alembic.config import Config


class Base(DeclarativeBase):
    """All tables."""


class Counter(Base):
    """The last number that was given."""

    __abstract__ = True
    last: Mapped[int]


def added(session: Session, row: Base) -> bool:
    """Add a row, unless another transaction was a moment earlier with one of the same key: then it is not there."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def next_number(session: Session, counter: type[Counter], **of: str | int) -> int:
    """The next number of a counter, without gaps: a transaction that fails gives its number back."""
    further = update(counter).filter_by(**of).values(last=counter.last + 1).returning(counter.last)
    found = session.scalar(further)
    if found is None and added(session, counter(**of, last=1)):
        return 1
    return found or session.scalars(further).one()  # two first numbers at once


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
    embedded = url.startswith("sqlite")
    limits = {} if embedded else {"pool_timeout": _WAIT_SECONDS, "connect_args": _server_limits(url)}
    engine = create_engine(url, pool_pre_ping=not embedded, hide_parameters=True, **limits)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_settings)
        event.listen(engine, "begin", _sqlite_begin)
    return engine


def _server_limits(url: str) -> dict[str, Any]:
    """The limits of every wait on a server, beside what the address asks for itself."""
    asked = make_url(url).query
    limits = f"-c lock_timeout={_WAIT_SECONDS}s -c statement_timeout={_QUERY_SECONDS}s"
    own = asked.get("options", "")
    return {
        "options": f"{limits} {own if isinstance(own, str) else ' '.join(own)}".strip(),
        "connect_timeout": asked.get("connect_timeout", str(_WAIT_SECONDS)),
    }


def _sqlite_settings(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the begin event opens each transaction
    connection.text_factory = _text_or_bytes
    settings = ["foreign_keys=ON", f"busy_timeout={_WAIT_SECONDS * 1000}", "synchronous=FULL"]
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


def _text_or_bytes(stored: bytes) -> str | bytes:
    """A text; as bytes where it is none, as any other bytes in its place: one torn value must not end the whole reading."""
    try:
        return stored.decode()
    except UnicodeDecodeError:
        return stored


class OneReading:
    """All that a request reads, from its first question until whoever answers it has read, or something is written.

    lasting: whether it outlives those who read, since somebody will read on: the check of access, then the page.
    """

    def __init__(self) -> None:
        self.lasting, self._readers = False, 0
        self._session: Session | None = None

    @contextmanager
    def joined(self, engine: Engine) -> Iterator[Session]:
        """The session of all who read."""
        if self._session is None:
            self._session = Session(_one_moment(engine), info={_ONCE: {}})
        self._readers += 1
        try:
            yield self._session
        finally:
            self._readers -= 1
            if not self._readers and not self.lasting:
                self.end()

    def end(self) -> None:
        """Whoever reads from now on sees a later moment."""
        if self._session is not None:
            self._session.close()
        self._session = None


def once(session: Session, asked: Hashable, ask: Callable[[], _Answer]) -> _Answer:
    """What is asked once for all that a request reads, and by any other session each time: it may see what was written since."""
    known: dict[Hashable, Any] | None = session.info.get(_ONCE)
    if known is None:
        return ask()
    if asked not in known:
        known[asked] = ask()
    found: _Answer = known[asked]
    return found


def remember(session: Session, asked: Hashable, answer: object) -> None:
    """The answer to what may be asked ``once`` came with another question."""
    if (known := session.info.get(_ONCE)) is not None:
        known.setdefault(asked, answer)


one_reading: ContextVar[OneReading | None] = ContextVar("one_reading", default=None)
"""What the edge gives to all that reads for it, so that it sees one moment; None: each sees its own."""


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads, that of the request where there is one."""
    shared = one_reading.get()
    with Session(engine) if shared is None else shared.joined(engine) as session:
        yield session


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A session that only reads, and sees one moment, however long it reads.

    Where SQLite keeps no log of writes, writers wait for it in their queue; else they would give up after a while. What else is
    read for the request meanwhile is read in it: a second reader would wait for the writer that waits for the first.
    """
    waits = engine.dialect.name == "sqlite" and not wal_is_safe(sqlite3.sqlite_version_info)
    if (shared := one_reading.get()) is not None:
        shared.end()
    one = Session(_one_moment(engine)) if shared is None else shared.joined(engine)
    with _queue(engine) if waits else nullcontext(), one as session:
        yield session


def _one_moment(engine: Engine) -> Engine:
    """The engine for whoever sees one moment; a transaction of SQLite always does."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session whose work is committed when the block ends well, and otherwise leaves nothing.

    What the request has read ends before: a snapshot held over row locks would only fail later.
    """
    if (shared := one_reading.get()) is not None:
        shared.end()
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
    with alone(Path(f"{engine.url.database}.lock"), _WAIT_SECONDS):
        yield


@contextmanager
def alone(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock of a file, which is waited for so long. Raises TimeoutError."""
    with path.open("a", encoding="ascii") as lock:
        _taken(lock.fileno(), seconds)
        yield  # closing the file gives the lock back


def _taken(lock: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise TimeoutError(errno.ETIMEDOUT, "another writer holds the lock") from None
        time.sleep(_POLL_SECONDS)


Failure = Literal["busy", "full", "unreachable"]
_SQLITE: Mapping[int, Failure] = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_FULL: "full",
}
_POSTGRESQL: Mapping[str, Failure] = {
    "40001": "busy",
    "40P01": "busy",
    "55P03": "busy",
    "57014": "busy",
    "53100": "full",
    "53300": "busy",
}
_FILES: Mapping[int, Failure] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.ETIMEDOUT: "busy",
    errno.EAGAIN: "busy",
}
Faults = DBAPIError | PoolTimeout | OSError
FAULTS = (DBAPIError, PoolTimeout, OSError)
"""What the machine below raises where it does not do what was asked: the database, or the files beside it."""


def failure_of(error: Faults) -> Failure:
    """Why the store did not do what was asked, as far as the caller can act on it."""
    if isinstance(error, PoolTimeout):
        return "busy"
    if isinstance(error, OSError):
        return _FILES.get(error.errno or 0, "unreachable")
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF, "unreachable")
    return _POSTGRESQL.get(getattr(error.orig, "sqlstate", None) or "", "unreachable")


def upgrade(url: str, to: str = "head") -> None:
    """Bring the schema up to date, or to an older migration. There is no way back: an older version wants the backup from before."""
    from alembic import command  # here, since it takes a third of a start-up and is rarely needed

    command.upgrade(_config(url), to)


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
