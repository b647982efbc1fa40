"""A backup: database, attachments and calendar as they were at one moment, with a list of every file's hash and every table's rows."""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import orjson
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.audit import events as audit
from models.store import attachments
from models.store.attachments import Attachment, ContentLost
from models.whole import dumps

DATABASE, MANIFEST = "database", "manifest.json"
_FORMAT, _CHUNK, _MOST_MANIFEST = 1, 1 << 20, 64 << 20
_NAME = re.compile(r"database|attachments/([0-9a-f]{2})/\1[0-9a-f]{62}|calendar/[0-9]{4}\.yaml")


class BackupDamaged(Exception):
    """A file that is no backup, or not as it was made; every fault is told."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the bytes of attachments lie, and the years of the calendar that were brought in."""

    attachments: Path
    calendar: Path


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of the archive."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. rows: table → how many; audit: number and hash of the last event; lost: attachments without content."""

    made_at: str
    database: str
    schema: str
    rows: Mapping[str, int]
    audit: tuple[int, str]
    files: Mapping[str, Packed]
    lost: tuple[str, ...] = ()


def back_up(engine: Engine, folders: Folders, out: IO[bytes], *, now: datetime) -> Manifest:
    """Write a backup while others go on writing. Attachments come last: what the database names was there before it.

    Raises dumps.DumpFailed.
    """
    files: dict[str, Packed] = {}
    lost: list[str] = []
    with tempfile.TemporaryDirectory() as work, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        place = Path(work) / DATABASE
        with dumps.dumped(engine, place) as session:
            described = _described(session, engine.dialect.name, now)
            wanted = session.scalars(select(Attachment.sha256).distinct().order_by(Attachment.sha256)).all()
        files[DATABASE] = _packed(archive, DATABASE, place)
        for sha256 in wanted:
            try:
                raw = attachments.content(folders.attachments, sha256)
            except ContentLost:
                lost.append(sha256)
                continue
            name = f"attachments/{sha256[:2]}/{sha256}"
            archive.writestr(name, raw)
            files[name] = Packed(len(raw), sha256)
        for path in sorted(folders.calendar.glob("*.yaml")):
            files[f"calendar/{path.name}"] = _packed(archive, f"calendar/{path.name}", path)
        made = Manifest(**described, files=files, lost=tuple(lost))
        archive.writestr(MANIFEST, orjson.dumps({"format": _FORMAT, **asdict(made)}, option=orjson.OPT_INDENT_2))
    return made


def _described(session: Session, database: str, now: datetime) -> dict[str, Any]:
    return {"made_at": now.astimezone(UTC).isoformat(timespec="seconds"), "database": database,
            "schema": dumps.schema_of(session), "rows": dumps.counts(session), "audit": audit.head(session)}  # fmt: skip


def _packed(archive: zipfile.ZipFile, name: str, path: Path) -> Packed:
    size, digest = 0, hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        while part := source.read(_CHUNK):
            size += target.write(part)
            digest.update(part)
    return Packed(size, digest.hexdigest())


def sha256_of(path: Path) -> str:
    """The hash of a whole file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def verify_backup(path: Path) -> Manifest:
    """The manifest of a backup whose every file is as it was made. Raises BackupDamaged, with every fault."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = _manifest(archive)
            faults = list(_faults(archive, found))
    except (OSError, zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise BackupDamaged(f"不能读取，或者不是备份文件（{type(error).__name__}）") from None
    if faults:
        raise BackupDamaged(*faults)
    return found


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
            raise ValueError
        said = orjson.loads(archive.read(MANIFEST))
        if said.pop("format") != _FORMAT:
            raise ValueError
        files = {name: Packed(int(row["size"]), str(row["sha256"])) for name, row in said.pop("files").items()}
        number, last = said.pop("audit")
        rows = {str(name): int(count) for name, count in said.pop("rows").items()}
        lost = tuple(str(sha256) for sha256 in said.pop("lost"))
        return Manifest(**said, files=files, audit=(int(number), str(last)), rows=rows, lost=lost)
    except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile):
        raise BackupDamaged("清单缺失或者不能读取，不是本系统的备份") from None


def _faults(archive: zipfile.ZipFile, found: Manifest) -> Iterator[str]:
    there = [name for name in archive.namelist() if name != MANIFEST]
    for name in sorted(set(there) - set(found.files)):
        yield f"{name}：清单中没有"
    if len(there) != len(set(there)):
        yield "同一名称的文件有两份"
    if DATABASE not in found.files:
        yield "没有数据库"
    for name, packed in found.files.items():
        if not _NAME.fullmatch(name):
            yield f"{name}：名称不对"
        elif name not in there:
            yield f"{name}：缺失"
        elif _read(archive, name) != packed:
            yield f"{name}：内容与清单不符"


def _read(archive: zipfile.ZipFile, name: str) -> Packed | None:
    """What a file of the archive is; None where it cannot be read."""
    size, digest = 0, hashlib.sha256()
    try:
        with archive.open(name) as source:
            while part := source.read(_CHUNK):
                size += len(part)
                digest.update(part)
    except (OSError, zipfile.BadZipFile, EOFError, RuntimeError, ValueError):
        return None
    except Exception as error:  # the inflater's own
        if type(error).__module__ != "zlib":
            raise
        return None
    return Packed(size, digest.hexdigest())
