"""A file of documents as one package: every part with its hash, and always the same bytes for the same content."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from models.records.record import Record
from models.store import attachments
from models.store.attachments import Attachment
from rules.book.actions import Action
from service.documents.ledger.archive import PackedFile
from service.documents.parts.paper import Paper

_CONTENTS, _INDEX = "0-目录.pdf", "index.json"
_DAY = (1980, 1, 1, 0, 0, 0)
_REGULAR_FILE = 0o100644 << 16
_LONGEST_NAME = 75


@dataclass(frozen=True, slots=True)
class PackagePart:
    """A file to be packed: made here (raw), or an attachment that is read when its turn comes."""

    filed: PackedFile
    raw: bytes | None = None
    attachment: Attachment | None = None


def write_package(
    parts: Iterable[PackagePart],
    contents: Callable[[list[PackedFile]], Paper],
    index: Mapping[str, Any],
    out: IO[bytes],
    folder: Path,
) -> None:
    """Write parts as zip, in the order of their names, with a table of contents before them and an index behind them.

    Of the attachments, one at a time is in memory. folder: where their bytes lie. Raises attachments.ContentLost.
    """
    ordered = sorted(parts, key=lambda part: part.filed.name)
    ordered.insert(0, printed(_CONTENTS, contents([part.filed for part in ordered])))
    ordered.append(made_part(_INDEX, _as_json({**index, "files": [_listed(part) for part in ordered]})))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for part in ordered:
            entry = zipfile.ZipInfo(part.filed.name, _DAY)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, _REGULAR_FILE
            package.writestr(entry, _raw(part, folder))


def _raw(part: PackagePart, folder: Path) -> bytes:
    return attachments.content(folder, part.filed.sha256) if part.raw is None else part.raw


def drawn(name: str, paper: Paper) -> Iterator[PackagePart]:
    """A document to edit and to print."""
    from service.documents.drawing.formats import as_docx, as_pdf  # here, since its libraries take half of a start-up

    yield made_part(f"{name}.docx", as_docx(paper))
    yield made_part(f"{name}.pdf", as_pdf(paper))


def printed(name: str, paper: Paper) -> PackagePart:
    """A document to print."""
    from service.documents.drawing.formats import as_pdf

    return made_part(name, as_pdf(paper))


def made_part(name: str, raw: bytes) -> PackagePart:
    return PackagePart(PackedFile(name, len(raw), hashlib.sha256(raw).hexdigest()), raw=raw)


def attached_part(name: str, row: Attachment) -> PackagePart:
    return PackagePart(PackedFile(name, row.size, row.sha256), attachment=row)


def named_files(place: str, rows: Iterable[Attachment]) -> dict[str, Attachment]:
    """Each attachment under a name that any system can unpack; a second one of a name is numbered. place: its folder."""
    named: dict[str, Attachment] = {}
    taken: set[str] = set()
    for row in rows:
        stem, dot, ending = safe_name(row.file_name).rpartition(".")
        stem, ending = (stem, dot + ending) if stem else (ending, "")
        name, times = f"{stem}{ending}", 1
        while name.casefold() in taken:
            times += 1
            name = f"{stem}（{times}）{ending}"
        taken.add(name.casefold())
        named[f"{place}/{name}"] = row
    return named


def safe_name(name: str) -> str:
    """The name of a file that any system can unpack."""
    plain = re.sub(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]', "_", name).strip(" .") or "附件"
    stem, dot, ending = plain.rpartition(".")
    return plain if len(plain) <= _LONGEST_NAME else f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}"


def records(name: str, told: Iterable[Record], actions: Mapping[str, Action], paper: Paper) -> Iterator[PackagePart]:
    """The records of a matter or a case, as data and to print."""
    yield made_part(f"{name}.json", _as_json([_told(one, actions) for one in told]))
    yield printed(f"{name}.pdf", paper)


def _told(record: Record, actions: Mapping[str, Action]) -> dict[str, Any]:
    rule = actions[record.action]
    return {"number": record.number, "action": record.action, "label": rule.label, "provision": rule.provision,
            "on": record.on, "by": record.actor.name, "as": record.actor.kind, "unit": record.actor.unit,
            "details": dict(record.details), "recorded_at": record.recorded_at,
            "entered_by": record.entered_by, "entered_on": record.entered_on, "late": record.late,
            "late_reason": record.late_reason, "vouched": record.hand.vouched, "papers": record.hand.papers}  # fmt: skip


def _listed(part: PackagePart) -> dict[str, Any]:
    """A part as the index tells it."""
    return {"name": part.filed.name, "size": part.filed.size, "sha256": part.filed.sha256,
            "attachment": part.attachment.id if part.attachment else None}  # fmt: skip


def _as_json(found: Any) -> bytes:
    return orjson.dumps(found, option=orjson.OPT_INDENT_2)
