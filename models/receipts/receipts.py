"""Receipts: what was asked, under which rules, and what was answered, byte for byte. Triggers refuse any change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.store.audit_notes import note, tell
from models.store.database import Base, Moment

_BATCH = 200


class Receipt(Base):
    __tablename__ = "receipts"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(200))
    rulebook_id: Mapped[str] = mapped_column(String(100))
    rulebook_sha256: Mapped[str] = mapped_column(String(64))
    engine: Mapped[str] = mapped_column(String(100))
    facts: Mapped[bytes] = mapped_column(LargeBinary)
    recommendation: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))


def add(session: Session, receipt: Receipt) -> None:
    session.add(receipt)
    session.flush()
    note(session, "receipt", receipt.id, receipt.number)
    tell(session, receipt=receipt.id, sha256=receipt.sha256)


def exists(session: Session, receipt_id: str) -> bool:
    return session.scalar(select(Receipt.number).where(Receipt.id == receipt_id)) is not None


def answer(session: Session, receipt_id: str) -> bytes | None:
    """The recommendation of a receipt exactly as it was answered."""
    return session.scalar(select(Receipt.recommendation).where(Receipt.id == receipt_id))


def answers(session: Session, receipt_ids: Iterable[str]) -> Mapping[str, bytes]:
    """The recommendations of several receipts by one question; one that is not there is left out."""
    wanted = select(Receipt.id, Receipt.recommendation).where(Receipt.id.in_(list(receipt_ids)))
    return {row.id: row.recommendation for row in session.execute(wanted)}


def facts(session: Session, receipt_id: str) -> tuple[bytes, str] | None:
    """The case that a receipt was asked about, as it was asked, and the sha256 of the rulebook that answered."""
    row = session.execute(select(Receipt.facts, Receipt.rulebook_sha256).where(Receipt.id == receipt_id)).one_or_none()
    return (row.facts, row.rulebook_sha256) if row else None


def every(session: Session) -> Iterator[tuple[str, str, bytes]]:
    """Id, hash of the rulebook and recommendation of every receipt in their order."""
    wanted = select(Receipt.id, Receipt.rulebook_sha256, Receipt.recommendation).order_by(Receipt.number)
    for row in session.execute(wanted.execution_options(yield_per=_BATCH)):
        yield row[0], row[1], row[2]
