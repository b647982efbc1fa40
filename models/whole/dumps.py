"""A whole database as one file and back: SQLite by its own copy, PostgreSQL by its own programs (pg_dump, pg_restore)."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.orm import Session

from models.store.database import connect, snapshot
from models.whole.tables import METADATA

_PROGRAMS = {"dump": "pg_dump", "restore": "pg_restore"}


class DumpFailed(Exception):
    """The database could not be written out or read in; the message says why."""


@contextmanager
def dumped(engine: Engine, out: Path) -> Iterator[Session]:
    """Write the database as it is at one moment; a session that sees the same moment. Nobody waits longer than for the copy.

    Raises DumpFailed.
    """
    if engine.dialect.name == "sqlite":
        with snapshot(engine) as session, closing(sqlite3.connect(out)) as target:
            source = session.connection().connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(target)
        with opened(f"sqlite:///{out}") as session:
            yield session
        return
    with snapshot(engine) as session:
        moment = session.scalar(text("SELECT pg_export_snapshot()"))
        _run(
            "dump", engine, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}", f"--file={out}"
        )
        yield session


def put_back(engine: Engine, dump: Path) -> None:
    """Read a dump of PostgreSQL into a bare database, in one transaction. Raises DumpFailed."""
    _run("restore", engine, "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", dump=dump)


@contextmanager
def opened(url: str) -> Iterator[Session]:
    """A session on a database that nobody else uses."""
    engine = connect(url)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def is_bare(engine: Engine) -> bool:
    """Whether there is no table; a file of SQLite is not made by asking."""
    place = engine.url.database
    if engine.dialect.name == "sqlite" and (place is None or not Path(place).exists()):
        return True
    with engine.connect() as connection:
        return not inspect(connection).get_table_names()


def schema_of(session: Session) -> str:
    """The migration that the schema is of."""
    return str(session.scalar(text("SELECT version_num FROM alembic_version")))


def counts(session: Session) -> Mapping[str, int]:
    """Table → its rows, of the tables that there are."""
    there = set(inspect(session.connection()).get_table_names())
    return {
        str(table.name): session.scalar(select(func.count()).select_from(table)) or 0
        for table in METADATA.sorted_tables
        if table.name in there
    }


def _run(what: str, engine: Engine, *arguments: str, dump: Path | None = None) -> None:
    """A program of PostgreSQL; the password goes by the environment, since the arguments are seen by everybody."""
    program = shutil.which(_PROGRAMS[what])
    if program is None:
        raise DumpFailed(f"没有找到 {_PROGRAMS[what]}，请安装 PostgreSQL 的客户端程序（版本不低于服务器）")
    password = {"PGPASSWORD": str(engine.url.password)} if engine.url.password else {}
    address = engine.url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    command = [program, f"--dbname={address}", *arguments, *([str(dump)] if dump is not None else [])]
    done = subprocess.run(command, env=os.environ | password, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"退出码 {done.returncode}"]
        raise DumpFailed(f"{_PROGRAMS[what]} 没有完成：{said[0]}")
