"""The last event of the audit trail, in one row: what appenders wait for, and what may be asked for beside who asks."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ColumnElement, String, select
from sqlalchemy.orm import Mapped, mapped_column

from models.store.database import Base

Head = tuple[int, str]
"""Number and hash of the last event."""


class AuditHead(Base):
    """The last event, in one row."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="ck_audit_head_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


def last_event() -> tuple[ColumnElement[int | None], ColumnElement[str | None]]:
    """The head, as columns of another question."""
    return select(AuditHead.number).scalar_subquery(), select(AuditHead.hash).scalar_subquery()
