"""Backup and restore on both databases: taken while others write, whole or refused, and the same again where nothing was."""

from __future__ import annotations

import hashlib
import shutil
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text

from models.people.units import Unit
from models.store.attachments import content
from models.store.database import connect, reading, writing
from models.whole.tables import METADATA
from service import config
from service.cli import main
from service.usecases.administration.backup import Folders, Manifest, back_up, verify_backup
from service.usecases.administration.restore import NotRestorable, restore
from service.usecases.administration.verify_trail import verify_trail
from tests.entering import PAPER_RAW
from tests.integration.ledger_office import OFFICE, act, assigned
from tests.postgres import Server

CALENDAR = "{year: 2027, source: 示例通知, holidays: [2027-01-01], workdays: []}\n"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of the service that is backed up."""
    folder = tmp_path / "数据"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("WENZE_DATA_DIR", str(folder))
    return folder


def folders(folder: Path) -> Folders:
    return Folders(folder / "attachments", folder / "calendar")


def at_work(office: FlaskClient) -> Any:
    """A matter with a file, urged once; then a year of the calendar was brought in."""
    matter = assigned(office)
    sent = {"file": (BytesIO("决议全文".encode()), "会议纪要.txt")}
    assert office.post(f"/api/v1/matters/{matter['id']}/attachments", data=sent).status_code == 201
    calendar = config.calendar_folder()
    calendar.mkdir()
    (calendar / "2027.yaml").write_text(CALENDAR, encoding="utf-8")
    return act(office, matter, "urge", "2026-05-04", OFFICE).json


def everything(engine: Engine) -> dict[str, str]:
    """Table → the hash of all its rows, by a way that shares no code with the backup."""
    found = {}
    with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            rows = connection.execute(select(table).order_by(*table.primary_key.columns))
            found[table.name] = hashlib.sha256("\n".join(str(tuple(row)) for row in rows).encode()).hexdigest()
    return found


@pytest.fixture
def bare(app: Flask, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database without a table, of the same kind as the one that is backed up."""
    if app.extensions["database"].dialect.name == "sqlite":
        url = f"sqlite:///{tmp_path / '新的' / 'wenze.sqlite3'}"
    else:
        server: Server = request.getfixturevalue("postgresql")
        url = server.database(migrated=False)
    engine = connect(url)
    yield engine
    engine.dispose()


def taken(app: Flask, data: Path, out: Path) -> Manifest:
    with out.open("wb") as target:
        return back_up(app.extensions["database"], folders(data), target, now=NOW)


def test_what_comes_back_is_what_there_was(
    app: Flask, office: FlaskClient, bare: Engine, data: Path, tmp_path: Path
) -> None:
    at_work(office)
    made = taken(app, data, tmp_path / "备份.zip")
    assert verify_backup(tmp_path / "备份.zip") == made
    assert restore(tmp_path / "备份.zip", bare, folders(tmp_path / "新的")) == made
    assert everything(bare) == everything(app.extensions["database"])
    with reading(bare) as session:
        assert verify_trail(session).broken is None
        (sha256,) = session.scalars(text("SELECT sha256 FROM attachments WHERE media_type = 'text/plain'"))
    assert content(tmp_path / "新的" / "attachments", sha256).decode() == "决议全文"
    assert (tmp_path / "新的" / "calendar" / "2027.yaml").read_text("utf-8") == CALENDAR


def test_a_restored_database_goes_on_and_still_refuses_changes_of_its_trail(
    app: Flask, office: FlaskClient, bare: Engine, data: Path, tmp_path: Path
) -> None:
    at_work(office)
    taken(app, data, tmp_path / "备份.zip")
    restore(tmp_path / "备份.zip", bare, folders(tmp_path / "新的"))
    with writing(bare) as session:
        session.add(Unit(name="丙处", from_on=date(2026, 1, 1)))
    with pytest.raises(Exception, match="audit"), writing(bare) as session:
        session.execute(text("UPDATE audit_events SET actor = '别人'"))


def test_writers_go_on_while_a_backup_is_taken_and_it_shows_one_moment(
    app: Flask, office: FlaskClient, bare: Engine, data: Path, tmp_path: Path
) -> None:
    """Each transaction writes a pair; a backup never holds half of one."""
    at_work(office)
    engine, over, written = app.extensions["database"], threading.Event(), []

    def write() -> None:
        while not over.is_set():
            number = len(written)
            with writing(engine) as session:
                session.add_all([Unit(name=f"{half}{number:05}", from_on=date(2026, 1, 1)) for half in ("左", "右")])
            written.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 5:
            over.wait(0.01)
        before = len(written)
        made = taken(app, data, tmp_path / "备份.zip")
        while len(written) < before + 5:
            over.wait(0.01)
    finally:
        over.set()
        writer.join()
    restore(tmp_path / "备份.zip", bare, folders(tmp_path / "新的"))
    with reading(bare) as session:
        names = sorted(session.scalars(text("SELECT name FROM units WHERE name NOT IN ('甲处', '乙处')")))
    pairs = {half: {name[1:] for name in names if name[0] == half} for half in ("左", "右")}
    assert pairs["左"] == pairs["右"]
    assert before <= len(pairs["左"]) <= len(written)
    assert made.rows["units"] == len(names) + 2


def rewritten(path: Path, name: str, change: Any) -> None:
    """The archive with one file changed, left out (None) or put in."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    found = change(parts.get(name))
    parts = {part: raw for part, raw in parts.items() if part != name} | ({} if found is None else {name: found})
    with zipfile.ZipFile(path, "w") as archive:
        for part, raw in parts.items():
            archive.writestr(part, raw)


def with_fewer_units(raw: bytes) -> bytes:
    said = orjson.loads(raw)
    said["rows"]["units"] -= 1
    return orjson.dumps(said)


TAMPERING = {
    "the database changed": ("database", lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), "database：内容与清单不符"),
    "the database gone": ("database", lambda raw: None, "database：缺失"),
    "a file put in": ("calendar/2028.yaml", lambda raw: b"years: []\n", "calendar/2028.yaml：清单中没有"),
    "a file outside put in": ("../2028.yaml", lambda raw: b"years: []\n", "../2028.yaml：清单中没有"),
    "the list gone": ("manifest.json", lambda raw: None, "清单缺失"),
    "the list is no list": ("manifest.json", lambda raw: b"[]", "清单缺失"),
    "the list names a file outside": (
        "manifest.json", lambda raw: raw.replace(b'"calendar/2027.yaml"', b'"../../../2027.yaml"'), "名称不对"
    ),
    "the list counts another number": ("manifest.json", with_fewer_units, "units：应有1行，实有2行"),
}  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("how", TAMPERING)
def test_a_tampered_backup_is_refused_and_nothing_is_left(
    how: str, app: Flask, office: FlaskClient, data: Path, tmp_path: Path
) -> None:
    at_work(office)
    path, (name, change, said) = tmp_path / "备份.zip", TAMPERING[how]
    taken(app, data, path)
    rewritten(path, name, change)
    new = tmp_path / "新的"
    done = run("restore", str(path), env={"WENZE_DATA_DIR": str(new)})
    assert (done.exit_code, said in done.stderr) == (1, True), done.output
    assert not [found for found in new.rglob("*") if found.is_file()]


def run(*words: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, words, env=env)


@pytest.fixture
def urged(app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a database with a matter in it, as the command line reads it."""
    at_work(office)
    url = app.extensions["database"].url.render_as_string(hide_password=False).replace("+psycopg", "")
    monkeypatch.setenv("DATABASE_URL", url)
    return str(url)


def test_the_commands_go_from_a_backup_to_a_service_elsewhere(
    urged: str, bare: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "备份.zip")
    made = run("backup", "--out", path)
    assert made.exit_code == 0, made.output
    assert Path(path).stat().st_mode & 0o077 == 0
    sha256 = made.stdout.split("sha256 ")[1].split("（")[0]
    assert run("backup", "--out", path).exit_code == 2
    assert run("backup", "verify", path, "--sha256", sha256).exit_code == 0
    other = run("backup", "verify", path, "--sha256", "0" * 64)
    assert (other.exit_code, "散列值不符" in other.stderr) == (1, True)
    with monkeypatch.context() as patched:
        patched.setattr("service.cli.restore.at_terminal", lambda: True)
        for typed, said in (("", "Aborted"), (f"{'0' * 64}\n", "散列值不符")):
            unsure = CliRunner().invoke(main, ("restore", path), input=typed)
            assert (unsure.exit_code, said in unsure.output) == (1, True), unsure.output
    here = run("restore", path)
    assert (here.exit_code, "数据库中已有表" in here.stderr, "不是空的" in here.stderr) == (2, True, True)
    monkeypatch.setenv("DATABASE_URL", bare.url.render_as_string(hide_password=False).replace("+psycopg", ""))
    monkeypatch.setenv("WENZE_DATA_DIR", str(tmp_path / "新的"))
    back = run("restore", path, "--sha256", sha256)
    assert back.exit_code == 0, back.output
    assert run("audit", "verify").exit_code == 0
    assert "审核评估自评报告" in run("matter", "list").stdout
    with bare.connect() as connection:
        assert connection.scalar(text("SELECT outcome FROM audit_events WHERE action = 'backup'")) == "read"


def test_attachments_whose_content_is_lost_are_named(urged: str, data: Path, tmp_path: Path) -> None:
    shutil.rmtree(data / "attachments")
    done = run("backup", "--out", str(tmp_path / "备份.zip"))
    lost = sorted(hashlib.sha256(raw).hexdigest() for raw in ("决议全文".encode(), PAPER_RAW))
    assert (done.exit_code, [one in done.stderr for one in lost]) == (1, [True, True])
    assert sorted(verify_backup(tmp_path / "备份.zip").lost) == lost


def test_a_backup_goes_back_into_the_same_kind_of_database_only(
    app: Flask, office: FlaskClient, data: Path, tmp_path: Path, postgresql: Server
) -> None:
    at_work(office)
    taken(app, data, tmp_path / "备份.zip")
    embedded = app.extensions["database"].dialect.name == "sqlite"
    other = connect(postgresql.database(migrated=False) if embedded else f"sqlite:///{tmp_path / '新的.sqlite3'}")
    with pytest.raises(NotRestorable, match="请用同一种数据库"):
        restore(tmp_path / "备份.zip", other, folders(tmp_path / "新的"))
    other.dispose()


def test_a_backup_of_a_later_version_is_refused(
    app: Flask, office: FlaskClient, bare: Engine, data: Path, tmp_path: Path
) -> None:
    at_work(office)
    taken(app, data, tmp_path / "备份.zip")
    said = orjson.loads(zipfile.ZipFile(tmp_path / "备份.zip").read("manifest.json")) | {"schema": "9999"}
    rewritten(tmp_path / "备份.zip", "manifest.json", lambda raw: orjson.dumps(said))
    with pytest.raises(NotRestorable, match="更新的版本"):
        restore(tmp_path / "备份.zip", bare, folders(tmp_path / "新的"))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_program_of_postgresql_it_says_so(
    app: Flask, office: FlaskClient, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = app.extensions["database"].url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url.replace("+psycopg", ""))
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run("backup", "--out", str(tmp_path / "备份.zip"))
    assert (done.exit_code, "没有找到 pg_dump" in done.stderr) == (1, True)
    assert not (tmp_path / "备份.zip").exists()
