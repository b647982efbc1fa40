"""A real PostgreSQL for the tests, started by themselves: one server a test process, an empty database for each test.

The server listens on a socket in its own directory only. As root it runs as another user, since PostgreSQL refuses root.
A database that a test has used is emptied for the next one, which takes a twentieth of what it takes to make it; one
whose schema a test has changed is thrown away.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from models.store.database import upgrade
from tests.memory import memory

_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
_SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=200", "max_wal_size=64MB")
_SCHEMA = "SELECT " + ", ".join(
    f"(SELECT (count(*), sum(xmin::text::bigint))::text FROM {table} WHERE {own})"
    for table, own in (("pg_class", "oid > 16383"), ("pg_attribute", "attrelid > 16383"), ("pg_trigger", "true"),
                       ("pg_constraint", "oid > 16383"), ("pg_proc", "oid > 16383"), ("pg_db_role_setting", "true"))
)  # fmt: skip
"""What is another once anything of the schema was changed: which transactions wrote it."""
_BUSY = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None or Path(found).is_symlink():  # a link does not find the server's own files
        newest = sorted(path for place in _PLACES for path in Path("/").glob(f"{place[1:]}/{name}"))
        found = str(newest[-1]) if newest else found and str(Path(found).resolve())
    if found is None:
        raise RuntimeError("测试需要 PostgreSQL 服务器程序（initdb、postgres），请先执行 make setup")
    return found


def _other_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("以 root 运行测试时，系统中应有用户 postgres 或者 nobody")


class Server:
    """A running server; ``database`` makes a migrated, empty database and gives its URL, ``lent`` one for a while."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count()
        user = _other_user()
        if user:
            os.chown(folder, user["user"], user["group"])
        where = {"cwd": folder, "env": {"LC_ALL": "C", "PATH": os.defpath}, **user}
        made = ["-D", f"{folder}/data", "-U", "wenze", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run([_program("initdb"), *made], check=True, stdout=subprocess.DEVNULL, **where)
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        with open(folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                [_program("postgres"), "-D", f"{folder}/data", "-k", str(folder), *settings],
                stdout=log, stderr=log, start_new_session=True, **where,
            )  # fmt: skip
        self.admin = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        self._wait()
        self._execute("CREATE DATABASE migrated")
        upgrade(self.url("migrated"))
        self.emptying = self._emptying()
        self.spare: list[_Lent] = []

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://wenze@/{database}?host={self.folder}"

    def database(self, *, migrated: bool = True) -> str:
        name = f"test_{next(self.numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {'migrated' if migrated else 'template1'}")
        return self.url(name)

    @contextlib.contextmanager
    def lent(self) -> Iterator[str]:
        """The URL of a migrated, empty database, for the length of the block."""
        one = self.spare.pop() if self.spare else _Lent(self.database())
        yield one.url
        if one.emptied(self.emptying):
            self.spare.append(one)
        else:
            self._execute(f"DROP DATABASE {one.engine.url.database} WITH (FORCE)")

    def _emptying(self) -> str:
        """What brings a migrated database back to how the migrations left it, triggers and foreign keys put aside."""
        engine = create_engine(self.url("migrated"))
        with engine.connect() as connection:
            tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
            kept = {table: connection.scalar(text(f"SELECT json_agg(t)::text FROM {table} t")) for table in tables}
            numbers = connection.scalars(text("SELECT sequencename FROM pg_sequences WHERE last_value IS NULL")).all()
        engine.dispose()
        return "; ".join((
            "SET LOCAL session_replication_role = replica",
            *(f"DELETE FROM {table}" for table in tables),
            *(f"INSERT INTO {table} SELECT * FROM json_populate_recordset(null::{table}, $rows${rows}$rows$)"
              for table, rows in kept.items() if rows),
            *(f"SELECT setval('{name}', 1, false)" for name in numbers),
        ))  # fmt: skip

    def stop(self) -> None:
        for one in self.spare:
            one.engine.dispose()
        self.admin.dispose()
        self.process.send_signal(signal.SIGQUIT if self.process.poll() is None else 0)
        self.process.wait(30)

    def _execute(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))

    def _wait(self) -> None:
        for _ in range(200):
            if self.process.poll() is not None:
                break
            with contextlib.suppress(Exception):
                return self._execute("SELECT 1")
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL 没有启动：{(self.folder / 'log').read_text()[-2000:]}")


class _Lent:
    """A database that one test after another is lent."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = create_engine(url, isolation_level="AUTOCOMMIT")
        self.schema = self._asked(_SCHEMA)

    def emptied(self, emptying: str) -> bool:
        """Whether it is as it was made once more; not where its schema was changed."""
        self._asked(_BUSY)
        if self._asked(_SCHEMA) != self.schema:
            self.engine.dispose()
            return False
        with self.engine.connect() as connection, connection.connection.cursor() as cursor:
            cursor.execute(f"BEGIN; {emptying}; COMMIT")
        return True

    def _asked(self, question: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.exec_driver_sql(question))


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server for the length of the block; nothing is left behind."""
    folder = Path(tempfile.mkdtemp(prefix="wz-", dir=memory() or "/tmp"))
    server = None
    try:
        server = Server(folder)
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
