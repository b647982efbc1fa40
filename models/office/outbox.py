"""What waits to be handed to OA: written in the transaction of the record that it belongs to, sent afterwards until it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.store.audit_notes import tell
from models.store.database import Base, Moment


class Parcel(Base):
    """A form of a matter on its way. next_try_at: None once delivered, or given up (then ``error`` says why)."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("matter_id", "record_number"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    matter_id: Mapped[str] = mapped_column(String(36), ForeignKey("matters.id"))
    record_number: Mapped[int]
    form: Mapped[str] = mapped_column(String(50))
    created_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)
    message_id: Mapped[str | None] = mapped_column(String(200))
    error: Mapped[str | None] = mapped_column(String(500))


def add(session: Session, parcel: Parcel) -> None:
    session.add(parcel)
    session.flush()


def due(session: Session, now: datetime, limit: int) -> Sequence[Parcel]:
    """Parcels whose turn has come, oldest first; a second sender passes over those that the first holds."""
    wanted = select(Parcel).where(Parcel.next_try_at <= now).order_by(Parcel.id).limit(limit)
    return session.scalars(wanted.with_for_update(skip_locked=True)).all()


def of_matter(session: Session, matter_id: str) -> Sequence[Parcel]:
    return session.scalars(select(Parcel).where(Parcel.matter_id == matter_id).order_by(Parcel.id)).all()


def given_up(session: Session) -> Sequence[Parcel]:
    """Parcels that nobody tries any more and that did not arrive."""
    lost = select(Parcel).where(Parcel.next_try_at.is_(None), Parcel.delivered_at.is_(None))
    return session.scalars(lost.order_by(Parcel.id)).all()


def lock(session: Session, parcel_id: int) -> Parcel | None:
    """A parcel, kept from every other sender until the transaction ends."""
    found = session.scalars(select(Parcel).where(Parcel.id == parcel_id).with_for_update()).one_or_none()
    if found is not None:
        tell(session, subject=("matter", found.matter_id), parcel=found.id)
    return found


def waiting(session: Session) -> Sequence[Parcel]:
    """Parcels that are still tried."""
    return session.scalars(select(Parcel).where(Parcel.next_try_at.is_not(None)).order_by(Parcel.id)).all()


def count_delivered(session: Session) -> int:
    """How many parcels have arrived."""
    return session.scalar(select(func.count()).where(Parcel.delivered_at.is_not(None))) or 0
