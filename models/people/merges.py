"""That two entries of the registry are one person, or are not after all: proposed by one person, confirmed by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.store.database import Base, Moment


class MergeRow(Base):
    """person_id: the entry in whose place the other stands from then on; undoes: whether it is to stand by itself again.

    confirmed: None as long as nobody decided. swapped: whether the accounts of both changed places with it.
    """

    __tablename__ = "merges"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36), ForeignKey("persons.id"), index=True)
    into_id: Mapped[str] = mapped_column(String(36), ForeignKey("persons.id"))
    undoes: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    proposed_by: Mapped[str] = mapped_column(String(36), ForeignKey("persons.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(36), ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed: Mapped[bool | None]
    swapped: Mapped[bool]


def lock(session: Session, merge_id: str) -> MergeRow | None:
    """The proposal as it is now, kept from every other writer until the transaction ends."""
    wanted = select(MergeRow).where(MergeRow.id == merge_id).with_for_update()
    return session.scalars(wanted, execution_options={"populate_existing": True}).one_or_none()


def pending(session: Session) -> Sequence[MergeRow]:
    """What nobody decided yet, the oldest first."""
    wanted = select(MergeRow).where(MergeRow.confirmed.is_(None))
    return session.scalars(wanted.order_by(MergeRow.proposed_at, MergeRow.id)).all()


def of_person(session: Session, person_id: str) -> Sequence[MergeRow]:
    """Every proposal about an entry, the newest first."""
    of = or_(MergeRow.person_id == person_id, MergeRow.into_id == person_id)
    return session.scalars(select(MergeRow).where(of).order_by(MergeRow.proposed_at.desc(), MergeRow.id)).all()
