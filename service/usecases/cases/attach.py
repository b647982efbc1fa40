"""Attach a file to a matter or a case: its bytes are kept by their hash, its name is only ever shown."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from sqlalchemy.orm import Session

from models.case import cases
from models.matter import matters
from models.store import attachments
from models.store.attachments import Attachment, Owner
from service.usecases.cases.act_on_case import CaseUnknown
from service.usecases.matters.act_on_matter import MatterUnknown

MOST_BYTES = 20 << 20
_LONGEST = 150
KINDS = {
    "pdf": "application/pdf", "ofd": "application/ofd", "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "wps": "application/vnd.ms-works",
    "xls": "application/vnd.ms-excel", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "et": "application/octet-stream", "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation", "txt": "text/plain",
    "csv": "text/csv", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "zip": "application/zip",
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav", "mp4": "video/mp4",
}  # fmt: skip
"""File endings that may be attached, with their media types. The formats that are made to hold macros (docm, xlsm …) are not
among them; the older doc, xls, ppt may hold some: files are kept and handed back as downloads, never opened here."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: the name that its sender gave it, and its bytes."""

    name: str
    raw: bytes


class UploadRefused(ValueError):
    """A file that cannot be attached; the message says why and what is allowed."""


def attach(
    session: Session, owner: Owner, owner_id: str, upload: Upload, *, folder: Path, now: datetime, entered_by: str
) -> Attachment:
    """Keep a file for a matter or a case. Raises MatterUnknown, CaseUnknown, UploadRefused."""
    _known(session, owner, owner_id)
    name = checked_name(upload.name)
    if not upload.raw:
        raise UploadRefused("文件是空的")
    if len(upload.raw) > MOST_BYTES:
        raise UploadRefused(f"文件过大，最多 {MOST_BYTES >> 20} MB")
    found = Attachment(
        id=str(uuid.uuid4()),
        sha256=attachments.put_content(folder, upload.raw),
        file_name=name,
        media_type=KINDS[_ending(name)],
        size=len(upload.raw),
        uploaded_at=now,
        uploaded_by=entered_by,
        **{f"{owner}_id": owner_id},
    )
    attachments.add(session, found)
    return found


def attached(session: Session, owner: Owner, owner_id: str) -> Sequence[Attachment]:
    """The files of a matter or a case. Raises MatterUnknown, CaseUnknown."""
    _known(session, owner, owner_id)
    return attachments.of(session, owner, owner_id)


def _known(session: Session, owner: Owner, owner_id: str) -> None:
    if owner == "matter" and matters.find(session, owner_id) is None:
        raise MatterUnknown(owner_id)
    if owner == "case" and cases.find(session, owner_id) is None:
        raise CaseUnknown(owner_id)


def checked_name(given: str) -> str:
    """The name under which a file is shown. Raises UploadRefused where it is a path, or no name."""
    name = unicodedata.normalize("NFC", given).strip()
    if not name or len(name) > _LONGEST:
        raise UploadRefused(f"文件名应为1至{_LONGEST}个字")
    if "/" in name or "\\" in name or ":" in name or name.startswith("."):
        raise UploadRefused("文件名不能含有路径（/ \\ :），也不能以“.”开头")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in name):
        raise UploadRefused("文件名含有不可见的字符")
    if _ending(name) not in KINDS:
        raise UploadRefused(f"不能附加这类文件；可以附加：{'、'.join(KINDS)}")
    return name


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lstrip(".").lower()
