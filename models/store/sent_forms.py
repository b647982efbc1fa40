"""Forms of pages that were carried out, by the key that each form carries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.store.database import Base, Moment


class SentForm(Base):
    """sha256: of who sent it and what; led_to: the address that it led to."""

    __tablename__ = "sent_forms"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    led_to: Mapped[str] = mapped_column(String(500))
    sent_at: Mapped[datetime] = mapped_column(Moment)


def taken(session: Session, key: str, sha256: str, now: datetime) -> tuple[SentForm, bool]:
    """The form of this key, and whether it is here for the first time; another transaction with the key is waited for."""
    made = SentForm(key=key, sha256=sha256, led_to="", sent_at=now)
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return session.get_one(SentForm, key), False
    return made, True
