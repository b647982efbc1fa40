"""Attempts to log in: each is counted before anything is looked at, and waits ever longer after failures, never for good.

A stranger's attempt counts against the log-in name at its address; its first ones also against the name everywhere, all against the
address. One from a device that the account is known to have logged in from counts against that device alone: whoever guesses a
name does not lock its owner out, and one address locks nobody out elsewhere.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.people import accounts, log_ins
from models.people.accounts import Account, FailedLogin
from models.people.log_ins import KnownDevice
from service.usecases.people.accounts import LONGEST_LOGIN

KNOWN_FOR = timedelta(days=180)
"""How long a device stays known after its last log-in."""
_FORGET = timedelta(hours=24)
_DOUBLED = 20
_PREFIX = 64
_MOST_DEVICES = 20


@dataclass(frozen=True, slots=True)
class _Limit:
    """free: how many failures cost no wait; most_seconds: how long the wait grows, doubled with each further one."""

    free: int
    most_seconds: int


_OWN, _NAME, _ADDRESS = _Limit(4, 300), _Limit(40, 300), _Limit(40, 15)
"""A device, or a name at an address; a name wherever it is tried; an address, behind which many may sit."""


class TryLater(Exception):
    """Too many failures in a row: the next attempt counts after these seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds}")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Counted:
    """An attempt that counts as failed until it ends well. own: the key that is forgotten then; others: those that it counts against
    too; tells: whether its failure leaves an event, which the more of them there are, the fewer do."""

    own: str
    others: tuple[str, ...]
    tells: bool


def is_login(given: str) -> bool:
    """Whether an account can have this log-in name at all."""
    return 0 < len(given) <= LONGEST_LOGIN and given.isprintable()


def begin_attempt(session: Session, login: str, *, address: str, device: str | None, now: datetime) -> Counted:
    """One more attempt to show the password of this log-in name. device: what the browser's cookie holds.

    Raises TryLater, before anything is compared. The caller commits before the password is looked at, so that attempts at
    once do not escape the count.
    """
    if device is not None and is_known_device(session, login, device, now=now):
        return _begin(session, {hashed(f"device:{device}"): _OWN}, now)
    at = _network(address)
    name, everywhere = hashed(f"login:{login}:{at}"), hashed(f"login:{login}")
    return _begin(session, {name: _OWN, everywhere: _NAME, hashed(f"address:{at}"): _ADDRESS}, now)


def begin_code(session: Session, account_id: str, *, device: str | None, now: datetime) -> Counted:
    """The same of a one-time password, by whoever has shown the password; a known device is counted by itself."""
    return _begin(session, {hashed(f"code:{account_id}:{device or ''}"): _OWN}, now)


def _begin(session: Session, limits: Mapping[str, _Limit], now: datetime) -> Counted:
    """The first key is the attempt's own. Raises TryLater: what was counted is given back with the transaction."""
    rows = accounts.count_failures(session, list(limits), now=now, since=now - _FORGET)
    left = max(row.until - now for row in rows.values())
    if left > timedelta():
        raise TryLater(max(1, round(left.total_seconds())))
    own, *others = limits
    early = rows[own].failures <= limits[own].free + 1
    for key in [key for key in others if limits[key] is _NAME and not early]:  # one address does not use up a name
        rows[key].failures -= 1
        others.remove(key)
    for key in (own, *others):
        _wait(rows[key], limits[key], now)
    return Counted(own, tuple(others), all(_tells(rows[key].failures, limits[key]) for key in (own, *others)))


def _wait(row: FailedLogin, limit: _Limit, now: datetime) -> None:
    """How long the next attempt waits: a few failures are free, then it doubles."""
    over = min(row.failures - limit.free, _DOUBLED)
    row.last_at, row.until = now, now + timedelta(seconds=min(2**over, limit.most_seconds) if over > 0 else 0)


def _tells(failures: int, limit: _Limit) -> bool:
    """The first ones are told, then each whose number is twice that of the last one told."""
    return failures <= limit.free + 1 or failures.bit_count() == 1


def end_attempt(session: Session, attempt: Counted) -> None:
    """The attempt succeeded: nothing counts against what is its own any more, and one less against the others."""
    for key in sorted((attempt.own, *attempt.others)):  # in the order in which they are counted
        if key == attempt.own:
            accounts.forget_failures(session, [key])
        else:
            accounts.uncount_failure(session, key)


def forget_old(session: Session, *, now: datetime) -> None:
    """What is forgotten anyhow is no row any more."""
    accounts.forget_failures_before(session, now - _FORGET)


def is_known_device(session: Session, login: str, device: str, *, now: datetime) -> bool:
    """Whether the account of this log-in name has logged in from there."""
    return log_ins.device(session, login, hashed(device), since=now - KNOWN_FOR) is not None


def learn_device(session: Session, account: Account, held: str | None, *, now: datetime) -> str:
    """The account has logged in from a browser that holds this; what its cookie is to hold from now on. Of many, the last ones stay."""
    known = log_ins.device(session, account.login, hashed(held), since=now - KNOWN_FOR) if held is not None else None
    if known is not None and held is not None:
        known.seen_at = now
        return held
    for old in log_ins.devices(session, account.id)[_MOST_DEVICES - 1 :]:
        old.ended_at = now
    made = secrets.token_urlsafe(32)
    session.add(KnownDevice(id_sha256=hashed(made), account_id=account.id, made_at=now, seen_at=now))
    return made


def _network(address: str) -> str:
    """What counts as one address: whoever has one of IPv6 has the whole network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found.packed, _PREFIX), strict=False))


def hashed(secret: str) -> str:
    """As secrets are stored."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
