"""A real PostgreSQL for the tests, started by themselves: one server a test process, a fresh database for each test.

The server listens on a socket in its own directory only. As root it runs as another user, since PostgreSQL refuses root.
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

_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
_SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=200")


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
    """A running server; ``database`` makes a migrated, empty database and gives its URL."""

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

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://wenze@/{database}?host={self.folder}"

    def database(self, *, migrated: bool = True) -> str:
        name = f"test_{next(self.numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {'migrated' if migrated else 'template1'}")
        return self.url(name)

    def stop(self) -> None:
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


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server for the length of the block; nothing is left behind."""
    folder = Path(tempfile.mkdtemp(prefix="wz-", dir="/tmp"))
    server = None
    try:
        server = Server(folder)
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
