"""What was asked for and carried out under a key: forms of pages, and requests that became records."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.store.database import Base, Moment, added

_FORM = "form"
"""Stands where the id of a matter or case stands for a request: no form has the key of one."""


class SentForm(Base):
    """key: of the key that was sent and for what; sha256: of who sent it and what; led_to: the address that it led to."""

    __tablename__ = "sent_forms"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    led_to: Mapped[str] = mapped_column(String(500))
    sent_at: Mapped[datetime] = mapped_column(Moment)


def taken(session: Session, key: str, sha256: str, now: datetime) -> tuple[SentForm, bool]:
    """The form of this key, and whether it is here for the first time; another transaction with the key is waited for."""
    own = _own(_FORM, key)
    made = SentForm(key=own, sha256=sha256, led_to="", sent_at=now)
    return (made, True) if added(session, made) else (session.get_one(SentForm, own), False)


def keep(session: Session, owner_id: str, key: str, sha256: str, now: datetime) -> None:
    """What was asked for by the request that wrote a record of a matter or case under this key."""
    session.add(SentForm(key=_own(owner_id, key), sha256=sha256, led_to="", sent_at=now))


def kept(session: Session, owner_id: str, key: str) -> str | None:
    """What ``keep`` wrote; None for a record from before it was kept."""
    found = session.get(SentForm, _own(owner_id, key))
    return None if found is None else found.sha256


def _own(owner_id: str, key: str) -> str:
    return hashlib.sha256(f"{owner_id} {key}".encode()).hexdigest()
