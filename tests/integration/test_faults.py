"""What the machine below refuses: a full disk, a folder in a file's place, a lock or a row that somebody else holds."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from models.store.attachments import content, put_content
from models.store.database import connect
from models.store.whole_files import whole_file
from service.cli import COMMANDS, main
from tests.integration.ledger_office import OFFICE, assigned

CANARY = "金丝雀案情"


@contextmanager
def held(engine: Engine, matter_id: str) -> Iterator[None]:
    """What somebody else holds: the queue of writers, or the row."""
    if engine.dialect.name == "sqlite":
        with open(f"{engine.url.database}.lock", "a", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with engine.connect() as connection:
        connection.execute(text("SELECT 1 FROM matters WHERE id = :id FOR UPDATE"), {"id": matter_id})
        yield


def test_what_somebody_else_holds_answers_503_within_five_seconds_and_health_at_once(
    app: Flask, office: FlaskClient
) -> None:
    matter = assigned(office)
    with held(app.extensions["database"], matter["id"]):
        began = time.monotonic()
        answer = office.post(
            f"/api/v1/matters/{matter['id']}/actions/progress",
            json={"on": "2026-03-10", "actor": OFFICE, "details": {"note": "x"}},
            headers={"If-Match": f'"{matter["version"]}"'},
        )
        assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "5"), answer.json
        assert time.monotonic() - began < 5
        began = time.monotonic()
        assert office.get("/healthz").status_code == 200
        assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("number", "status"),
    [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EACCES, 503), (errno.EROFS, 503), (errno.EISDIR, 503),
     (errno.ENOTDIR, 503), (errno.EIO, 503)],
    ids=lambda value: errno.errorcode.get(value, str(value)),
)  # fmt: skip
@pytest.mark.parametrize("path", ["/api/v1/matters", "/matters"])
def test_every_fault_of_files_has_its_answer_and_repeats_no_path(
    embedded: Flask, user: FlaskClient, number: int, status: int, path: str
) -> None:
    def fault() -> None:
        raise OSError(number, os.strerror(number), f"/data/{CANARY}")

    embedded.before_request_funcs.setdefault(None, []).insert(0, fault)
    try:
        answer = user.get(path, headers={"Accept": "text/html" if path == "/matters" else "application/json"})
    finally:
        embedded.before_request_funcs[None].remove(fault)
    assert answer.status_code == status
    assert CANARY not in answer.text


def test_an_attachment_that_cannot_be_put_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        put_content(tmp_path, b"content")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_attachment_sent_again_takes_the_place_of_bytes_that_were_torn(tmp_path: Path) -> None:
    sha256 = put_content(tmp_path, b"content")
    (tmp_path / sha256[:2] / sha256).write_bytes(b"cont")
    assert put_content(tmp_path, b"content") == sha256
    assert content(tmp_path, sha256) == b"content"


def test_an_attachment_is_not_said_to_be_kept_where_a_folder_stands_in_its_place(tmp_path: Path) -> None:
    sha256 = put_content(tmp_path, b"content")
    place = tmp_path / sha256[:2] / sha256
    place.unlink()
    place.mkdir()
    with pytest.raises(IsADirectoryError):
        put_content(tmp_path, b"content")


def test_a_device_is_written_into_and_never_replaced(tmp_path: Path) -> None:
    place = tmp_path / "full"
    place.symlink_to("/dev/full")
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)), whole_file(place) as out:
        out.write(b"1")
    assert place.is_symlink()
    assert place.is_char_device()


def test_an_attachment_that_meets_a_folder_in_its_place_answers_503(
    app: Flask, office: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter = assigned(office)
    (tmp_path / "attachments").write_bytes(b"a file where the folder belongs")
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path))
    path = f"/api/v1/matters/{matter['id']}/attachments"
    answer = office.post(path, data={"file": (io.BytesIO(b"%PDF-1.4\n%%EOF"), "a.pdf")})
    assert answer.status_code == 503, answer.json


def test_the_message_of_a_database_error_holds_no_value(database_url: str) -> None:
    engine = connect(database_url)
    with engine.connect() as connection, pytest.raises(IntegrityError) as error:
        connection.execute(text("INSERT INTO matters (id, title) VALUES (:id, :title)"), {"id": "x", "title": CANARY})
    engine.dispose()
    assert "hidden" in str(error.value)


@pytest.mark.parametrize(
    "fault",
    [
        OperationalError(f"SELECT '{CANARY}'", {"name": CANARY}, OSError(CANARY)),
        OSError(errno.ENOSPC, "full", f"/data/{CANARY}"),
        TimeoutError(errno.ETIMEDOUT, CANARY),
        KeyError(CANARY),
        RuntimeError(f"{CANARY}\n{CANARY}"),
    ],
    ids=["database", "full disk", "lock", "lookup", "two lines"],
)
@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_that_meets_a_fault_ends_with_one_line(
    name: str, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None

    def broken(_: click.Context) -> None:
        raise fault

    monkeypatch.setattr(command, "invoke", broken)
    monkeypatch.setattr(command, "make_context", lambda *_, **__: click.Context(command))
    ended = CliRunner().invoke(main, [name])
    assert (ended.exit_code, len(ended.stderr.strip().splitlines())) == (1, 1), ended.output
    assert CANARY not in ended.output
    assert "Traceback" not in ended.output
