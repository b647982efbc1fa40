"""Which receipt was made from which matter, as of how many of its records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models.receipts.receipts import Receipt
from models.store.audit_notes import note
from models.store.database import Base

_BATCH = 200


class Evaluation(Base):
    __tablename__ = "evaluations"

    receipt_id: Mapped[str] = mapped_column(String(36), ForeignKey("receipts.id"), primary_key=True)
    matter_id: Mapped[str] = mapped_column(String(36), ForeignKey("matters.id"), index=True)
    version: Mapped[int]


def add(session: Session, receipt_id: str, matter_id: str, version: int) -> None:
    session.add(Evaluation(receipt_id=receipt_id, matter_id=matter_id, version=version))
    session.flush()
    note(session, "evaluation", receipt_id, version)


def of_matter(session: Session, matter_id: str) -> Sequence[tuple[str, int, datetime, str]]:
    """Receipt, version, time and actor of every evaluation of a matter, in the order in which they were made."""
    wanted = (
        select(Evaluation.receipt_id, Evaluation.version, Receipt.created_at, Receipt.actor)
        .join(Receipt, Receipt.id == Evaluation.receipt_id)
        .where(Evaluation.matter_id == matter_id)
        .order_by(Receipt.number)
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(wanted)]


def standing(session: Session) -> Iterator[tuple[str, bytes, bytes]]:
    """Id, facts and recommendation of every receipt in order; of a matter evaluated several times, only the last."""
    later, other = aliased(Evaluation), aliased(Receipt)
    again = (
        select(later.receipt_id)
        .join(other, other.id == later.receipt_id)
        .where(later.matter_id == Evaluation.matter_id, other.number > Receipt.number)
        .exists()
    )
    wanted = (
        select(Receipt.id, Receipt.facts, Receipt.recommendation)
        .outerjoin(Evaluation, Evaluation.receipt_id == Receipt.id)
        .where(~again)
        .order_by(Receipt.number)
    )
    for row in session.execute(wanted.execution_options(yield_per=_BATCH)):
        yield row[0], row[1], row[2]
