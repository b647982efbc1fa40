"""The receipts of each case, numbered as they were made in it; nothing that was evaluated in a case is without a number.

Triggers refuse any change. Source: art-9.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.receipts.evaluations import Evaluation
from models.receipts.receipts import Receipt
from models.store.audit_notes import note
from models.store.database import Base


class CaseReceipt(Base):
    """account_id: of whoever tried something out beside the steps of the case; None where it is such a step, or was entered by a
    command."""

    __tablename__ = "case_receipts"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    receipt_id: Mapped[str] = mapped_column(String(36), ForeignKey("receipts.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36), ForeignKey("cases.id"))
    number: Mapped[int]
    account_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("accounts.id"))


@dataclass(frozen=True, slots=True)
class Numbered:
    """A receipt of a case. by: whoever asked, as the receipt names them; matter_id: the matter of the ledger that it was made from;
    facts, raw: what was asked and answered, as it is stored."""

    number: int
    receipt_id: str
    at: datetime
    by: str
    matter_id: str | None
    facts: bytes
    raw: bytes


def next_number(session: Session, case_id: str) -> int:
    """The number of the next receipt of a case, whose row the caller has locked, so that no other gets the same."""
    return (session.scalar(select(func.max(CaseReceipt.number)).where(CaseReceipt.case_id == case_id)) or 0) + 1


def add(session: Session, receipt_id: str, case_id: str, number: int, account_id: str | None) -> None:
    session.add(CaseReceipt(receipt_id=receipt_id, case_id=case_id, number=number, account_id=account_id))
    session.flush()
    note(session, "of_case", receipt_id, number)


def of_case(session: Session, case_id: str) -> Sequence[Numbered]:
    """Every receipt of a case in their order, by one question."""
    wanted = (
        select(CaseReceipt.number, CaseReceipt.receipt_id, Receipt.created_at, Receipt.actor, Evaluation.matter_id)
        .add_columns(Receipt.facts, Receipt.recommendation)
        .join(Receipt, Receipt.id == CaseReceipt.receipt_id)
        .outerjoin(Evaluation, Evaluation.receipt_id == CaseReceipt.receipt_id)
        .where(CaseReceipt.case_id == case_id)
        .order_by(CaseReceipt.number)
    )
    return [Numbered(*row) for row in session.execute(wanted)]


def case_of(session: Session, receipt_id: str) -> tuple[str | None] | None:
    """The case that a receipt belongs to, none where it belongs to none; None where there is no such receipt."""
    wanted = select(CaseReceipt.case_id).select_from(Receipt)
    wanted = wanted.outerjoin(CaseReceipt, CaseReceipt.receipt_id == Receipt.id).where(Receipt.id == receipt_id)
    found = session.execute(wanted).one_or_none()
    return None if found is None else (found[0],)
