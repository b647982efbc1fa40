"""What a whole trail vouches for: every column of every table is held against something, or is named with its reason."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Engine, Table, inspect, select, text, update
from sqlalchemy.orm import Session

from models.audit import events
from models.audit.events import AuditEvent
from models.audit.hashes import RECORDS
from models.audit.standings import STANDINGS
from models.matter.matters import MatterRow
from models.receipts.receipts import Receipt
from models.store.attachments import Attachment
from models.store.audit_notes import keep_silent
from models.store.database import connect, reading, upgrade, writing
from models.whole.tables import METADATA
from service.audit import adopt
from service.usecases.administration.backup import Folders, back_up
from service.usecases.administration.restore import restore
from service.usecases.administration.verify_trail import Broken, Verdict, verify_trail
from service.web import audit_pages
from tests.audit_trail import BY, NOW, event, grown, hidden, one_of_each, tampered

SIZE = 6
NOT_BY_ROW = {"audit_events", "audit_records", "audit_head"}
"""The trail itself: what is wrong there is told by the number of the event."""
VOUCHED = [name for name, standing in STANDINGS.items() if standing.open is None]
NAMES = 36
"""So many signs of an owner the trail has room for."""
KEPT = [name for name, standing in STANDINGS.items() if standing.kept]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def trail(lasting: Engine, files: Path) -> Engine:
    """A trail that vouches for a row of every kind."""
    grown(lasting, SIZE)
    one_of_each(lasting, files / "attachments")
    return lasting


def verdict(session: Session, files: Path) -> Verdict:
    return verify_trail(session, files=files / "attachments")


def other(column: Column[Any], value: Any) -> Any:
    """Another value of the same type."""
    if value is None:
        return date(2020, 1, 1) if column.type.python_type is date else "x"
    match value:
        case bytes():
            return value + b" "
        case datetime():
            return value + timedelta(microseconds=1)
        case date():
            return value + timedelta(days=1)
        case int():
            return value + 100
    return f"{value[:-1]}{'z' if value[-1:] != 'z' else 'y'}"


def test_every_table_has_a_standing() -> None:
    assert set(STANDINGS) == set(METADATA.tables)
    labels = [standing.label for standing in STANDINGS.values()]
    assert len(set(labels)) == len(labels)
    assert all(standing.open != "" for standing in STANDINGS.values())


def test_whoever_has_triggers_is_said_to_be_kept(trail: Engine) -> None:
    with trail.connect() as connection:
        if trail.dialect.name == "sqlite":
            found = connection.scalars(text("SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"))
        else:
            found = connection.scalars(text("SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"))  # fmt: skip
        assert set(found) == set(KEPT)
        assert set(inspect(connection).get_table_names()) - {"alembic_version"} == set(STANDINGS)


def test_what_is_whole_names_what_was_looked_at_and_what_was_not(trail: Engine, files: Path) -> None:
    with reading(trail) as session:
        found, without = verdict(session, files), verify_trail(session)
    assert found.broken is None
    looked, _, left = str(found).partition("未核对：")
    for name, standing in STANDINGS.items():
        assert standing.label in (left if standing.open else looked), name
        assert standing.open is None or f"（{standing.open}）" in left
    assert ("没有锚点" in left, "文件内容" in left, "文件内容" in looked) == (True, False, True)
    assert "附件的文件内容" in str(without).partition("未核对：")[2]


@contextmanager
def unchecked(session: Session, table: Table) -> Iterator[None]:
    """Nor does a check of the table stop whoever has all power over the database."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA ignore_check_constraints=ON"))
        yield
        session.execute(text("PRAGMA ignore_check_constraints=OFF"))
        return
    names = session.scalars(text("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = to_regclass(:t)"), {"t": table.name})  # fmt: skip
    for name in names.all():
        session.execute(text(f"ALTER TABLE {table.name} DROP CONSTRAINT {name}"))
    yield


@pytest.mark.parametrize("name", VOUCHED)
def test_every_column_of_what_is_vouched_for_is_held_against_something(trail: Engine, files: Path, name: str) -> None:
    table = METADATA.tables[name]
    with tampered(trail) as session, unchecked(session, table):
        wanted = select(table).order_by(*(key.desc() for key in table.primary_key.columns)).limit(1)
        row = session.execute(wanted).mappings().one()
        for column in table.columns:
            changed = other(column, row[column.name])
            assert changed != row[column.name]
            with session.begin_nested() as step:
                mine = [key == row[key.name] for key in table.primary_key.columns]
                session.execute(update(table).where(*mine).values({column.name: changed}))
                broken = verdict(session, files).broken
                step.rollback()
            if (name, column.name) == ("audit_head", "id"):
                assert broken is None or "禁止更改" in broken.what  # there is one row, by a check: the id says nothing
            elif name in NOT_BY_ROW:
                assert broken is not None, column.name
                assert broken.number is not None, (column.name, broken)
            else:
                of = next(of for of in RECORDS.values() if of.table.__tablename__ == name)
                assert broken is not None, column.name
                said = f"所记的{of.called.partition(' {}')[0]} {row[of.owner.name][:NAMES]}"
                assert broken.what.startswith(said), (column.name, broken)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_row_that_is_taken_away_or_put_in_is_named(trail: Engine, files: Path, kind: str) -> None:
    of = RECORDS[kind]
    table = METADATA.tables[of.table.__tablename__]
    with tampered(trail) as session:
        row = dict(session.execute(select(table).where(of.number.is_not(None)).limit(1)).mappings().one())
        session.execute(table.delete().where(*(key == row[key.name] for key in table.primary_key.columns)))
        hidden(session)
        broken = verdict(session, files).broken
        assert broken is not None
        assert (row[of.owner.name][:NAMES] in broken.what, broken.what.endswith("被删除")) == (True, True), broken
    with tampered(trail) as session:
        owner = of.owner.name
        number = {of.number.name: 99} if of.number.name in table.columns else {}
        unique = {name: None for name in ("request_key", "open_key") if name in table.columns}
        unique |= {name: 99 for name in ("position",) if name in table.columns}
        session.execute(table.insert().values(row | {owner: "另" if owner not in ("matter_id", "case_id") else row[owner]} | number | unique))  # fmt: skip
        hidden(session)
        broken = verdict(session, files).broken
        assert broken is not None
        assert (broken.number, "没有审计记录" in broken.what) == (None, True), broken


@pytest.mark.parametrize("column", ["number", "number_year"])
def test_a_number_of_a_matter_that_is_changed_is_told(trail: Engine, files: Path, column: str) -> None:
    """Of a matter's row the numbers follow from no record; an order to the office is filed under them."""
    with tampered(trail) as session:
        found = session.scalars(
            select(MatterRow).where(MatterRow.number.is_not(None)).order_by(MatterRow.position)
        ).all()
        session.execute(update(MatterRow).where(MatterRow.id == found[-1].id).values({column: 2099}))
        hidden(session)
        broken = verdict(session, files).broken
        assert broken is not None
        assert broken.what.startswith(f"所记的事项 {found[-1].id} 的编号"), broken


def test_numbers_that_two_matters_exchange_are_told(trail: Engine, files: Path) -> None:
    with tampered(trail) as session:
        numbered = session.scalars(select(MatterRow).where(MatterRow.number.is_not(None)).order_by(MatterRow.position))
        first, second = numbered.all()[:2]
        one, other_one = first.number, second.number
        for matter, number in ((first, 99), (second, one), (first, other_one)):
            matter.number = number
            session.flush()
        hidden(session)
        broken = verdict(session, files).broken
        assert broken is not None
        assert f"事项 {first.id} 的编号" in broken.what


@pytest.mark.parametrize("table", KEPT)
def test_triggers_that_are_gone_disabled_or_other_are_told(trail: Engine, files: Path, table: str) -> None:
    if trail.dialect.name == "sqlite":
        harmless = f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT 1; END"
        never = f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN 0 BEGIN SELECT RAISE(ABORT, '{table} are immutable'); END"
        drop = f"DROP TRIGGER {table}_no_update"
        ways = [[drop], [f"DROP TRIGGER {table}_no_delete"], [drop, harmless], [drop, never]]
    else:
        name = f"{table}_immutable"
        made = f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        nothing = (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
        )
        drop = f"DROP TRIGGER {name} ON {table}"
        ways = [
            [drop], [f"ALTER TABLE {table} DISABLE TRIGGER USER"], [f"ALTER TABLE {table} ENABLE REPLICA TRIGGER {name}"],
            [drop, made], [nothing], ["SET LOCAL session_replication_role = replica"],
        ]  # fmt: skip
    for way in ways:
        with Session(trail.execution_options(write=True)) as session:
            for statement in way:
                session.connection().exec_driver_sql(statement)
            broken = verdict(session, files).broken
            session.rollback()
        assert broken is not None, way
        assert broken.number is None
        assert broken.what.endswith("禁止更改的触发器缺失、被停用或者被改动")
        assert f"（{table}）" in broken.what or "replica" in way[0]


@pytest.mark.parametrize("how", ["gone", "other", "cut"])
def test_a_file_that_is_not_what_was_attached_is_told(trail: Engine, files: Path, tmp_path: Path, how: str) -> None:
    shutil.copytree(files / "attachments", tmp_path / "attachments")
    with reading(trail) as session:
        found = session.scalars(select(Attachment)).one()
        place = tmp_path / "attachments" / found.sha256[:2] / found.sha256
        place.chmod(0o600)
        place.unlink() if how == "gone" else place.write_bytes({"other": b"TEXT", "cut": b"tex"}[how])
        broken = verdict(session, tmp_path).broken
        assert broken == Broken(None, f"附件 {found.id}的文件内容缺失，或者与其散列值不符")
        assert verify_trail(session).broken is None


def test_a_receipt_of_the_first_release_is_held_against_what_its_event_names(tmp_path: Path) -> None:
    """The trail of 0.1.0 vouched for no receipt or attachment as a row; its events name their hashes."""
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    upgrade(url)
    engine = connect(url)
    with writing(engine) as session:
        event(session)
    for kind, table in (("receipt", Receipt), ("attachment", Attachment)):
        _as_in_the_first_release(engine, tmp_path, kind)
        with reading(engine) as session:
            row_id, sha256 = session.execute(select(table.id, table.sha256)).one()
            number = events.head(session)[0]
            left = verdict(session, tmp_path).broken
        assert left is not None
        assert left == Broken(None, "处理建议回执 r没有审计记录：升级之后没有执行 wenze db upgrade，或者绕过系统写入")
        with tampered(engine) as session:
            session.execute(update(table).values(sha256=sha256[::-1]))
            hidden(session)
            broken = verdict(session, tmp_path).broken
        assert broken is not None
        assert (broken.number, row_id in broken.what, broken.what.endswith("被改动")) == (number, True, True)
        with writing(engine) as session:
            adopt(session, BY, now=NOW) if kind == "attachment" else None
            keep_silent(session)
    with reading(engine) as session:
        assert verdict(session, tmp_path).broken is None
        assert events.taken_in(session) == set(RECORDS)
        taken = session.scalars(select(AuditEvent).where(AuditEvent.action == events.TAKEN_IN)).all()
    assert len(taken) == 1
    with tampered(engine) as session:
        session.execute(update(Receipt).values(actor="别人"))
        hidden(session)
        broken = verdict(session, tmp_path).broken
        assert broken is not None
        assert (broken.number, broken.what.endswith("被改动")) == (taken[0].number, True)
    engine.dispose()


def _as_in_the_first_release(engine: Engine, folder: Path, kind: str) -> None:
    """One receipt or attachment, with an event that names it and vouches for no row of it."""
    with writing(engine) as session:
        if kind == "receipt":
            row = Receipt(id="r", created_at=NOW, actor="测试", rulebook_id="b", rulebook_sha256="0" * 64, engine="e", facts=b"{}",
                          recommendation=b"{}", sha256="44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")  # fmt: skip
            session.add(row)
            event(session, "recommendations.evaluate", "done", receipt="r", sha256=row.sha256)
    if kind == "attachment":
        grown(engine, 1)
        place = folder / "attachments" / "2d" / "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        place.parent.mkdir(parents=True)
        place.write_bytes(b"x")
        with writing(engine) as session:
            matter_id = session.scalars(text("SELECT id FROM matters")).first()
            session.add(Attachment(id="a", matter_id=matter_id, sha256=place.name, file_name="a.txt", media_type="text/plain",
                                   size=1, uploaded_at=NOW, uploaded_by="测试"))  # fmt: skip
            event(session, "attachments.send", "done", attachment="a", sha256=place.name)


def test_what_came_past_the_system_is_not_taken_in_later(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    upgrade(url)
    engine = connect(url)
    for _ in range(2):
        with writing(engine) as session:
            adopt(session, BY, now=NOW)
    with reading(engine) as session:
        assert events.head(session)[0] == 1
    with writing(engine) as session:
        session.add(Receipt(id="r", created_at=NOW, actor="x", rulebook_id="b", rulebook_sha256="0", engine="e", facts=b"{}", recommendation=b"{}", sha256="0"))  # fmt: skip
        adopt(session, BY, now=NOW)
    with reading(engine) as session:
        assert verify_trail(session).broken == Broken(
            None, "处理建议回执 r没有审计记录：绕过系统写入，或者所属的审计记录被删除"
        )
    engine.dispose()


@pytest.mark.parametrize("lost", [False, True], ids=["whole", "without a trigger"])
def test_after_a_restore_the_triggers_are_looked_at(
    trail: Engine, files: Path, tmp_path: Path, request: pytest.FixtureRequest, lost: bool
) -> None:
    """A backup brings its triggers along; a database that had lost one is restored as it was, and that is told."""
    out = tmp_path / "备份.zip"
    drop = (
        "DROP TRIGGER records_no_update"
        if trail.dialect.name == "sqlite"
        else "DROP TRIGGER records_immutable ON records"
    )
    statements: list[str] = []
    if lost:
        with trail.begin() as connection:
            if trail.dialect.name == "sqlite":
                statements = list(
                    connection.scalars(text("SELECT sql FROM sqlite_master WHERE name = 'records_no_update'"))
                )
            else:
                statements = ["CREATE TRIGGER records_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON records FOR EACH STATEMENT EXECUTE FUNCTION records_immutable()"]  # fmt: skip
            connection.exec_driver_sql(drop)
    try:
        with out.open("wb") as target:
            back_up(trail, Folders(files / "attachments", tmp_path / "calendar"), target, now=datetime.now(UTC))
    finally:
        with trail.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
    assert zipfile.is_zipfile(out)
    if trail.dialect.name == "sqlite":
        url = f"sqlite:///{tmp_path / '新的' / 'wenze.sqlite3'}"
    else:
        url = request.getfixturevalue("postgresql").database(migrated=False)
    bare = connect(url)
    restore(out, bare, Folders(tmp_path / "新的" / "attachments", tmp_path / "新的" / "calendar"))
    with reading(bare) as session:
        broken = verdict(session, tmp_path / "新的").broken
    bare.dispose()
    said = "事项的办理记录（records）禁止更改的触发器缺失、被停用或者被改动"
    assert broken == (Broken(None, said) if lost else None)


def test_every_kind_of_row_has_a_word_on_the_page_of_the_trail() -> None:
    """An event that wrote a row of a kind without one could not be shown."""
    assert RECORDS.keys() - audit_pages._KINDS.keys() == set()
