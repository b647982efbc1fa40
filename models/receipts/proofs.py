"""What is kept beside each receipt so that it can be told and proved as it was when it was made. Triggers refuse any change.

Neither the receipt nor the files of its rulebook are in it: both are kept byte for byte themselves.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.receipts.receipts import Receipt
from models.receipts.rulebooks import KeptRulebook
from models.store.audit_notes import note
from models.store.database import Base

_FAST = 3
"""How hard it is compressed: hardly larger than with the most effort, and in a third of the time."""


class Proof(Base):
    """parts: path → value as compressed JSON; sha256: of that JSON."""

    __tablename__ = "proofs"

    receipt_id: Mapped[str] = mapped_column(String(36), ForeignKey("receipts.id"), primary_key=True)
    parts: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))


def add(session: Session, receipt_id: str, parts: Mapping[str, Any]) -> None:
    raw = orjson.dumps(dict(parts))
    session.add(Proof(receipt_id=receipt_id, parts=zlib.compress(raw, _FAST), sha256=hashlib.sha256(raw).hexdigest()))
    session.flush()
    note(session, "proof", receipt_id, 1)


def answered(session: Session, receipt_id: str) -> tuple[bytes, dict[str, Any] | None] | None:
    """The recommendation of a receipt, and path → value of what is kept beside it; None where there is no receipt."""
    wanted = select(Receipt.recommendation, Proof.parts).outerjoin(Proof, Proof.receipt_id == Receipt.id)
    row = session.execute(wanted.where(Receipt.id == receipt_id)).one_or_none()
    return None if row is None else (row[0], None if row[1] is None else orjson.loads(zlib.decompress(row[1])))


def lacking(session: Session) -> frozenset[str]:
    """The receipts that nothing is kept for."""
    return frozenset(session.scalars(select(Receipt.id).where(Receipt.id.not_in(select(Proof.receipt_id)))))


def wanting(session: Session, *, after: int, most: int) -> Sequence[tuple[int, str]]:
    """Number and id of the next receipts that nothing is kept for, though their rulebook is kept."""
    wanted = (
        select(Receipt.number, Receipt.id)
        .where(
            Receipt.number > after,
            Receipt.id.not_in(select(Proof.receipt_id)),
            Receipt.rulebook_sha256.in_(select(KeptRulebook.sha256)),
        )
        .order_by(Receipt.number)
        .limit(most)
    )
    return [(row[0], row[1]) for row in session.execute(wanted)]
