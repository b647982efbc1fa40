"""A session for whom the school's single sign-on has identified; the account is there already, or nothing happens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.people import accounts
from service import audit
from service.audit import By
from service.exchange.sign_on import Identity, NotProven
from service.usecases.people.attempts import hashed
from service.usecases.people.log_in import OpenedSession, confirm_session, end_session_of, open_session


class NotEnabled(Exception):
    """No account has this identity, or it is disabled; which of them is not told."""

    def __init__(self, subject: str) -> None:
        super().__init__(subject)
        self.subject = subject


def sign_on(session: Session, way: str, identity: Identity, *, old: str | None, now: datetime) -> OpenedSession:
    """A new session; ``old``, which the browser had before, ends.

    Raises NotEnabled; NotProven where the credential was used before, whatever the provider says of it.
    """
    found = accounts.by_subject(session, identity.subject)
    account = accounts.lock(session, found.id) if found is not None else None
    if account is None or account.disabled_at is not None or account.subject != identity.subject:
        raise NotEnabled(identity.subject)
    try:
        opened = open_session(session, account, old=old, now=now, credential=f"{way}:{identity.credential}")
    except IntegrityError:
        raise NotProven("replay") from None
    audit.record(session, f"single-sign-on.{way}", By(account.name, "account", account.id), now=now)
    return opened


def confirm_sign_on(session: Session, identity: Identity, held: str, *, now: datetime) -> None:
    """Whoever holds the session has shown again who they are. Raises NotEnabled, also where it is somebody else."""
    found = accounts.web_session(session, hashed(held))
    account = accounts.find(session, found.account_id) if found is not None else None
    if account is None or account.disabled_at is not None or account.subject != identity.subject:
        raise NotEnabled(identity.subject)
    confirm_session(session, held, by_code=False, now=now)


def sign_off(session: Session, way: str, credential: str, *, now: datetime) -> None:
    """The provider ended what this credential had opened."""
    end_session_of(session, f"{way}:{credential}", now=now)
