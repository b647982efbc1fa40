"""Log-in to the pages: whose password it is, and sessions that are kept on this side only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from models.people import accounts
from models.people.accounts import Account, Asking, WebSession
from service.usecases.people.accounts import password_fits
from service.usecases.people.attempts import hashed
from service.usecases.people.second_factor import has_factor

LONGEST = timedelta(hours=12)
"""How long a session lasts, however busy it is."""
_SEEN_EVERY = timedelta(seconds=60)


class NotLoggedIn(Exception):
    """Log-in name or password do not fit, or the account is disabled; which of them is not told."""


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """secret: for the cookie; only its hash is stored. csrf: what a form sends with it."""

    secret: str
    csrf: str


def account_of(session: Session, login: str, password: str) -> Account:
    """The account whose password this is. Raises NotLoggedIn; takes as long whatever is wrong."""
    account = accounts.by_login(session, login)
    fits = password_fits(account, password)
    if account is None or not fits or account.disabled_at is not None:
        raise NotLoggedIn
    return account


def open_session(
    session: Session,
    account: Account,
    *,
    old: str | None,
    now: datetime,
    credential: str | None = None,
    code_at: datetime | None = None,
) -> OpenedSession:
    """A new session; the one that the browser had before ends, so that a planted one is worth nothing.

    credential: what opens it at the single sign-on; code_at: when a one-time password was shown, without which an account that has
    them may do nothing. Raises IntegrityError where the credential has opened one before.
    """
    if old is not None:
        end_session(session, old, now=now)
    secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    session.add(
        WebSession(
            id_sha256=hashed(secret),
            account_id=account.id,
            csrf=csrf,
            created_at=now,
            seen_at=now,
            credential_sha256=hashed(credential) if credential else None,
            confirmed_at=now if credential is None else None,
            code_at=code_at,
            awaits_code=code_at is None and has_factor(session, account.id),
        )
    )
    session.flush()
    return OpenedSession(secret, csrf)


def confirm_session(session: Session, secret: str, *, by_code: bool, now: datetime) -> None:
    """Whoever holds the session has shown the password or a one-time password."""
    found = accounts.web_session(session, hashed(secret))
    if found is None or found.ended_at is not None:
        raise NotLoggedIn
    found.confirmed_at = now
    if by_code:
        found.code_at, found.awaits_code = now, False


def end_session(session: Session, secret: str, *, now: datetime) -> None:
    _end(accounts.web_session(session, hashed(secret)), now)


def end_session_of(session: Session, credential: str, *, now: datetime) -> None:
    """The session that was opened by this credential ends."""
    _end(accounts.web_session_by(session, hashed(credential)), now)


def _end(found: WebSession | None, now: datetime) -> None:
    if found is not None and found.ended_at is None:
        found.ended_at = now


def session_of(
    session: Session, secret: str, *, idle: timedelta, now: datetime, today: date
) -> tuple[Account, Asking[WebSession]] | None:
    """The session of a cookie, whose it is and with which roles today; None where it is unknown, ended, too long idle, or the
    account is disabled."""
    asking = accounts.asking(session, WebSession, WebSession.id_sha256 == hashed(secret), today)
    if asking is None or asking.account is None or asking.account.disabled_at is not None:
        return None
    found = asking.by
    return (asking.account, asking) if is_open(found, idle, now) else None


def is_open(found: WebSession, idle: timedelta, now: datetime) -> bool:
    """Whether it still lets in: neither ended nor too old nor idle for too long."""
    return found.ended_at is None and now - found.seen_at <= idle and now - found.created_at <= LONGEST


def seen(session: Session, secret: str, *, now: datetime) -> None:
    """The session was used."""
    found = accounts.web_session(session, hashed(secret))
    if found is not None and found.ended_at is None:
        found.seen_at = now


def is_stale(found: WebSession, now: datetime) -> bool:
    """Whether its last use should be written down again."""
    return now - found.seen_at > _SEEN_EVERY
