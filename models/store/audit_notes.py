"""What a transaction tells the audit trail of itself: which rows it wrote, what it was about; identifiers, never texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

Key = tuple[str, str, int]
"""A row: its kind (of ``audit_hashes.RECORDS``: a record of a ``matter`` …), whose it is, its number."""
Subject = tuple[str, str]
"""What an event is about: its kind and its id."""


@dataclass(slots=True)
class Told:
    """records: those written, also where a savepoint took them back; silent: no event, since nothing came of it or one is there."""

    records: dict[Key, None] = field(default_factory=dict)
    outcome: str = "done"
    subject: Subject | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    silent: bool = False


def told(session: Session) -> Told:
    """What this transaction has told so far."""
    found: Told = session.info.setdefault("audit", Told())
    return found


def note(session: Session, kind: str, owner_id: str, number: int) -> None:
    """A row was written."""
    told(session).records[kind, owner_id, number] = None


def tell(session: Session, *, outcome: str | None = None, subject: Subject | None = None, **facts: Any) -> None:
    """What came of it, what it is about, and identifiers that help to understand it."""
    found = told(session)
    found.outcome, found.subject = outcome or found.outcome, subject or found.subject
    found.facts |= facts


def keep_silent(session: Session) -> None:
    """Nothing came of it: it was refused, or only a lease was taken."""
    told(session).silent = True
