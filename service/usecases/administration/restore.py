"""A backup put back where nothing is yet; what came out is held against the backup's list before anybody uses it."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.audit import events
from models.store.database import SCHEMA
from models.whole import dumps
from service.usecases.administration.backup import DATABASE, BackupDamaged, Folders, Manifest, verify_backup

_NAMES = {"sqlite": "SQLite（嵌入式数据库）", "postgresql": "PostgreSQL"}


class NotRestorable(Exception):
    """A backup that cannot be put back here; every reason is told, and nothing was written."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


def restore(path: Path, engine: Engine, folders: Folders) -> Manifest:
    """Put a backup back. Raises BackupDamaged, NotRestorable, dumps.DumpFailed; then no database is left behind but a bare one."""
    found = verify_backup(path)
    reasons = list(_reasons(found, engine, folders))
    if reasons:
        raise NotRestorable(*reasons)
    parent = folders.attachments.parent
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent) as work, zipfile.ZipFile(path) as archive:
        for name in found.files:
            archive.extract(name, work)
        for part, target in (("attachments", folders.attachments), ("calendar", folders.calendar)):
            _place(Path(work) / part, target)
        try:
            _database(found, engine, Path(work) / DATABASE)
        except BaseException:
            for target in (folders.attachments, folders.calendar):
                shutil.rmtree(target, ignore_errors=True)
            raise
    return found


def _reasons(found: Manifest, engine: Engine, folders: Folders) -> Iterator[str]:
    here = engine.dialect.name
    if found.database != here:
        yield f"备份取自{_NAMES.get(found.database, found.database)}，这里是{_NAMES[here]}；请用同一种数据库"
    if found.schema > SCHEMA:
        yield f"备份取自更新的版本（{found.schema}，这里是 {SCHEMA}），请先升级程序"
    if not dumps.is_bare(engine):
        yield "数据库中已有表，只能恢复到新建的空库"
    for target in (folders.attachments, folders.calendar):
        if target.exists() and any(target.iterdir()):
            yield f"文件夹 {target} 不是空的"


def _place(source: Path, target: Path) -> None:
    if source.exists():
        if target.exists():
            target.rmdir()
        os.replace(source, target)


def _database(found: Manifest, engine: Engine, dump: Path) -> None:
    if engine.dialect.name == "sqlite":
        with dumps.opened(f"sqlite:///{dump}") as session:
            _same(found, session)
        os.replace(dump, str(engine.url.database))
        return
    dumps.put_back(engine, dump)
    with Session(engine) as session:
        _same(found, session)


def _same(found: Manifest, session: Session) -> None:
    """Raises BackupDamaged where the database is not what the list says."""
    rows = dumps.counts(session)
    faults = [
        f"{name}：应有{found.rows.get(name, 0)}行，实有{rows.get(name, 0)}行"
        for name in sorted({*rows, *found.rows})
        if rows.get(name) != found.rows.get(name)
    ]
    if dumps.schema_of(session) != found.schema:
        faults.append("数据库结构的版本与清单不符")
    if tuple(events.head(session)) != found.audit:
        faults.append("审计记录的末条与清单不符")
    if faults:
        raise BackupDamaged(*faults, "恢复出来的数据库与清单不符，不要使用")
