"""What is attached to a matter or a case: the rows; the bytes lie in a folder by their hash, outside anything that is served."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.store.audit_notes import note, tell
from models.store.database import Base, Moment
from models.store.whole_files import whole_file

Owner = Literal["matter", "case"]
"""Whose a file is."""


class Attachment(Base):
    """A file of a matter or of a case, never of both."""

    __tablename__ = "attachments"
    __table_args__ = (CheckConstraint("(matter_id IS NULL) <> (case_id IS NULL)", name="ck_attachments_owner"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    matter_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("matters.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("cases.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    uploaded_by: Mapped[str] = mapped_column(String(200))


class ContentLost(OSError):
    """The bytes of an attachment are not there, or are not what was put there."""


def add(session: Session, attachment: Attachment) -> None:
    session.add(attachment)
    session.flush()
    note(session, "attachment", attachment.id, 1)
    tell(session, attachment=attachment.id, sha256=attachment.sha256)


def of(session: Session, owner: Owner, owner_id: str) -> Sequence[Attachment]:
    """The files of a matter or a case in the order in which they came."""
    return session.scalars(_of(owner, owner_id).order_by(Attachment.uploaded_at, Attachment.id)).all()


def find(session: Session, owner: Owner, owner_id: str, attachment_id: str) -> Attachment | None:
    return session.scalars(_of(owner, owner_id).where(Attachment.id == attachment_id)).one_or_none()


def _of(owner: Owner, owner_id: str) -> Select[Attachment]:
    column = Attachment.matter_id if owner == "matter" else Attachment.case_id
    return select(Attachment).where(column == owner_id)


def put_content(folder: Path, raw: bytes) -> str:
    """Keep bytes under their sha256, which is returned; what is there already and whole stays."""
    sha256 = hashlib.sha256(raw).hexdigest()
    place = folder / sha256[:2] / sha256
    try:
        content(folder, sha256)
    except ContentLost:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with whole_file(place) as out:
            out.write(raw)
    return sha256


def content(folder: Path, sha256: str) -> bytes:
    """The bytes, checked against their hash. Raises ContentLost."""
    try:
        raw = (folder / sha256[:2] / sha256).read_bytes()
    except FileNotFoundError:
        raise ContentLost(sha256) from None
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise ContentLost(sha256)
    return raw
