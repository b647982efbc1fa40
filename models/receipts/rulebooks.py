"""The rulebooks that receipts were made by, file by file under their hash. Triggers refuse any change."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson
from sqlalchemy import LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.receipts.receipts import Receipt
from models.store.audit_notes import note
from models.store.database import Base, Moment, added

BOOK_ID = 36
"""So many signs of its hash name a rulebook in the trail."""


class KeptRulebook(Base):
    """files: name → words as compressed JSON, of which the hash of the book is taken."""

    __tablename__ = "rulebooks"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    files: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(Moment)


def keep(session: Session, sha256: str, files: Mapping[str, str], *, now: datetime) -> None:
    """Keep a rulebook, once."""
    if session.scalar(select(KeptRulebook.sha256).where(KeptRulebook.sha256 == sha256)) is not None:
        return
    packed = zlib.compress(orjson.dumps(dict(files)), 9)
    if added(session, KeptRulebook(sha256=sha256, files=packed, kept_at=now)):
        note(session, "rulebook", sha256[:BOOK_ID], 1)


def files(session: Session, sha256: str) -> Mapping[str, str] | None:
    """Name → words of every file of a kept rulebook."""
    packed = session.scalar(select(KeptRulebook.files).where(KeptRulebook.sha256 == sha256))
    return None if packed is None else orjson.loads(zlib.decompress(packed))


def wanting(session: Session) -> Sequence[tuple[str, int]]:
    """Hash and number of receipts of every rulebook that receipts were made by and that is not kept."""
    wanted = (
        select(Receipt.rulebook_sha256, func.count())
        .where(Receipt.rulebook_sha256.not_in(select(KeptRulebook.sha256)))
        .group_by(Receipt.rulebook_sha256)
        .order_by(func.min(Receipt.number))
    )
    return [(row[0], row[1]) for row in session.execute(wanted)]
