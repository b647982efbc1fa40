"""Log-in to the pages: passwords with a growing delay and no lock-out, sessions that are kept on this side only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from models.people import accounts
from models.people.accounts import Account, Asking, FailedLogin, WebSession
from service.usecases.people.accounts import LONGEST_LOGIN, password_fits

LONGEST = timedelta(hours=12)
"""How long a session lasts, however busy it is."""
_FREE, _MOST_SECONDS, _FORGET = 4, 300, timedelta(hours=24)
_SEEN_EVERY = timedelta(seconds=60)


class NotLoggedIn(Exception):
    """Log-in name or password do not fit, or the account is disabled; which of them is not told."""


class TryLater(Exception):
    """Too many failures in a row: the next attempt counts after these seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds}")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """secret: for the cookie; only its hash is stored. csrf: what a form sends with it."""

    secret: str
    csrf: str


def begin_attempt(session: Session, login: str, *, address: str, now: datetime) -> None:
    """One more attempt for this log-in name and from this address; it counts as failed until ``end_attempt``.

    Raises TryLater, before anything is compared. The caller commits before the password is looked at, so that attempts at
    once do not escape the count.
    """
    by_name, by_address = _keys(login, address)
    rows = accounts.locked_failures(session, [by_name, by_address], now)
    _wait(list(rows.values()), now)
    for key, free in ((by_name, _FREE), (by_address, _FREE * 10)):
        _count(rows[key], free, now)


def account_of(session: Session, login: str, password: str) -> Account:
    """The account whose password this is. Raises NotLoggedIn; takes as long whatever is wrong."""
    account = accounts.by_login(session, login) if is_login(login) else None
    fits = password_fits(account, password)
    if account is None or not fits or account.disabled_at is not None:
        raise NotLoggedIn
    return account


def end_attempt(session: Session, login: str, *, address: str, now: datetime) -> None:
    """The attempt succeeded: nothing counts against the log-in name any more, and one less against the address."""
    by_name, by_address = _keys(login, address)
    row = accounts.locked_failures(session, [by_name, by_address], now)[by_address]
    row.failures = max(0, row.failures - 1)
    accounts.forget_failures(session, [by_name])


def is_login(given: str) -> bool:
    """Whether an account can have this log-in name at all."""
    return 0 < len(given) <= LONGEST_LOGIN and given.isprintable()


def _keys(login: str, address: str) -> list[str]:
    """What an attempt counts against; all the names that nobody can have are one."""
    return [_hash(f"login:{login}" if is_login(login) else "no login"), _hash(f"address:{address}")]


def _wait(found: Sequence[FailedLogin], now: datetime) -> None:
    left = max((row.until - now for row in found), default=timedelta())
    if left > timedelta():
        raise TryLater(max(1, round(left.total_seconds())))


def _count(row: FailedLogin, free: int, now: datetime) -> None:
    """One more failure: a few are free, then the wait doubles up to five minutes; a day later all is forgotten."""
    row.failures = 1 if now - row.last_at > _FORGET else row.failures + 1
    over = min(row.failures - free, 20)
    row.last_at, row.until = now, now + timedelta(seconds=min(2**over, _MOST_SECONDS) if over > 0 else 0)


def open_session(
    session: Session, account: Account, *, old: str | None, now: datetime, credential: str | None = None
) -> OpenedSession:
    """A new session; the one that the browser had before ends, so that a planted one is worth nothing.

    credential: what opens it at the single sign-on. Raises IntegrityError where that has opened one before.
    """
    if old is not None:
        end_session(session, old, now=now)
    secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    session.add(
        WebSession(
            id_sha256=_hash(secret),
            account_id=account.id,
            csrf=csrf,
            created_at=now,
            seen_at=now,
            credential_sha256=_hash(credential) if credential else None,
        )
    )
    session.flush()
    return OpenedSession(secret, csrf)


def end_session(session: Session, secret: str, *, now: datetime) -> None:
    _end(accounts.web_session(session, _hash(secret)), now)


def end_session_of(session: Session, credential: str, *, now: datetime) -> None:
    """The session that was opened by this credential ends."""
    _end(accounts.web_session_by(session, _hash(credential)), now)


def _end(found: WebSession | None, now: datetime) -> None:
    if found is not None and found.ended_at is None:
        found.ended_at = now


def session_of(
    session: Session, secret: str, *, idle: timedelta, now: datetime, today: date
) -> tuple[Account, Asking[WebSession]] | None:
    """The session of a cookie, whose it is and with which roles today; None where it is unknown, ended, too long idle, or the
    account is disabled."""
    asking = accounts.asking(session, WebSession, WebSession.id_sha256 == _hash(secret), today)
    if asking is None or asking.account is None or asking.account.disabled_at is not None:
        return None
    found = asking.by
    return (asking.account, asking) if is_open(found, idle, now) else None


def is_open(found: WebSession, idle: timedelta, now: datetime) -> bool:
    """Whether it still lets in: neither ended nor too old nor idle for too long."""
    return found.ended_at is None and now - found.seen_at <= idle and now - found.created_at <= LONGEST


def seen(session: Session, secret: str, *, now: datetime) -> None:
    """The session was used."""
    found = accounts.web_session(session, _hash(secret))
    if found is not None and found.ended_at is None:
        found.seen_at = now


def is_stale(found: WebSession, now: datetime) -> bool:
    """Whether its last use should be written down again."""
    return now - found.seen_at > _SEEN_EVERY


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
