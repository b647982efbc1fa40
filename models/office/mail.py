"""Which to-do lists were mailed: to whom, for which day, so that a second round of the same day mails nothing again."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.store.database import Base, Moment


class Mailed(Base):
    __tablename__ = "mailed"

    day: Mapped[date] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(200), primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(Moment)


def was_sent(session: Session, day: date, recipient: str) -> bool:
    return session.get(Mailed, (day, recipient)) is not None


def mark_sent(session: Session, day: date, recipient: str, *, now: datetime) -> None:
    session.add(Mailed(day=day, recipient=recipient, sent_at=now))
    session.flush()
