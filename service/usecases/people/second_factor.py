"""One-time passwords (RFC 6238) beside the password, and recovery codes that stand in for one; each is good once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from sqlalchemy.orm import Session

from models.people import accounts, log_ins
from models.people.accounts import Account
from models.people.log_ins import RecoveryCode, SecondFactor
from models.store.audit_notes import tell
from service import config
from service.usecases.people.accounts import AccountUnknown, end_sessions
from service.usecases.people.attempts import hashed
from service.usecases.people.principals import Principal

_ISSUER = "问责"
_SECONDS, _AROUND, _NEVER = 30, (0, -1, 1), 0
"""A code is good for the half minute that it is made for, and for one on either side, since clocks differ."""
_CODES, _GROUP, _GROUPS = 10, 5, 4
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
"""What recovery codes are made of: nothing that could be read as something else."""
_PLAIN = "plain:"
_HEADER = {"alg": "dir", "enc": "A256GCM"}


class FactorThere(Exception):
    """The account has a second factor already; it is to be taken away first."""


def is_asked_of(principal: Principal) -> bool:
    """Whether somebody with these roles does nothing before they have a second factor."""
    match config.second_factor().asked_of:
        case "nobody":
            return False
        case "case_readers":
            return bool(principal.relations("case:read"))
        case "everybody":
            return True


def has_factor(session: Session, account_id: str) -> bool:
    """Whether one-time passwords are asked of the account."""
    found = log_ins.second_factor(session, account_id)
    return found is not None and found.confirmed_at is not None


def begin_factor(session: Session, account: Account, *, now: datetime) -> str:
    """A new secret, which counts once its first code was right. Raises FactorThere."""
    found = log_ins.second_factor(session, account.id)
    if found is None:
        found = SecondFactor(account_id=account.id)
        session.add(found)
    elif found.confirmed_at is not None:
        raise FactorThere
    secret = pyotp.random_base32()
    found.secret, found.made_at, found.last_step = _sealed(secret), now, _NEVER
    return secret


def pending_secret(session: Session, account_id: str) -> str | None:
    """The secret whose first code is awaited; one that counts is never shown again."""
    found = log_ins.second_factor(session, account_id)
    return _unsealed(found.secret) if found is not None and found.secret and found.confirmed_at is None else None


def confirm_factor(session: Session, account_id: str, code: str, *, now: datetime) -> list[str] | None:
    """The first code: where it is right, one-time passwords are asked from now on, and the recovery codes are returned, once."""
    found = log_ins.second_factor(session, account_id)
    if found is None or found.confirmed_at is not None or not _takes(session, found, code, now):
        return None
    found.confirmed_at = now
    return new_codes(session, account_id, now=now)


def new_codes(session: Session, account_id: str, *, now: datetime) -> list[str]:
    """Recovery codes, shown once; those of before are worth nothing."""
    log_ins.forget_codes(session, account_id)
    made = [
        "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS)) for _ in range(_CODES)
    ]
    session.add_all(
        RecoveryCode(code_sha256=_of(account_id, code), account_id=account_id, made_at=now) for code in made
    )
    return made


def is_code(given: str) -> bool:
    """Whether this is written as a one-time password; no password is as short."""
    plain = given.replace(" ", "")
    return plain.isascii() and plain.isdigit() and len(plain) == 6


def is_proof(session: Session, account_id: str, given: str, *, now: datetime) -> bool:
    """Whether this is the account's one-time password of now, or a recovery code; thereby it is used."""
    found = log_ins.second_factor(session, account_id)
    if found is None or found.confirmed_at is None:
        return False
    if is_code(given):
        return _takes(session, found, given, now)
    return log_ins.take_code(session, account_id, _of(account_id, given), now=now)


def take_away(session: Session, login: str, *, by: str, now: datetime) -> None:
    """The account has no second factor any more, and no session; the owner is told at the next log-in. Raises AccountUnknown."""
    named = accounts.by_login(session, login)
    account = accounts.lock(session, named.id) if named is not None else None
    if account is None:
        raise AccountUnknown(login)
    tell(session, subject=("account", account.id))
    _forget(session, account.id, by, now)
    end_sessions(session, account.id, now=now)


def give_up(session: Session, account: Account, *, now: datetime) -> None:
    """The owner does without it."""
    _forget(session, account.id, account.name, now)
    seen_by_owner(session, account.id, now=now)


def _forget(session: Session, account_id: str, by: str, now: datetime) -> None:
    found = log_ins.second_factor(session, account_id)
    if found is not None:
        found.secret, found.confirmed_at = "", None
        found.reset_at, found.reset_by, found.seen_at = now, by, None
    log_ins.forget_codes(session, account_id)


def is_untold(session: Session, account_id: str) -> bool:
    """Whether somebody took the second factor away, and the owner was not told of it."""
    found = log_ins.second_factor(session, account_id)
    return found is not None and found.reset_at is not None and found.seen_at is None


def seen_by_owner(session: Session, account_id: str, *, now: datetime) -> None:
    found = log_ins.second_factor(session, account_id)
    if found is not None and found.seen_at is None:
        found.seen_at = now


def address_of(secret: str, login: str) -> str:
    """What the picture holds that an authenticator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=_ISSUER)


def _takes(session: Session, found: SecondFactor, code: str, now: datetime) -> bool:
    secret, at = _unsealed(found.secret), int(now.timestamp()) // _SECONDS
    if secret is None or not is_code(code):
        return False
    made, given = pyotp.TOTP(secret), code.replace(" ", "")
    fitting = [at + by for by in _AROUND if hmac.compare_digest(made.generate_otp(at + by), given)]
    session.flush()
    return any(log_ins.take_step(session, found.account_id, step) for step in fitting)


def _of(account_id: str, code: str) -> str:
    return hashed(f"{account_id}:{code.strip().lower().replace('-', '').replace(' ', '')}")


def _sealed(secret: str) -> str:
    """As it lies in the database: a copy of that alone makes no codes, where a key is set."""
    key = _key()
    return f"{_PLAIN}{secret}" if key is None else jwe.encrypt_compact(_HEADER, secret, key)


def _unsealed(kept: str) -> str | None:
    """None where the key is another one by now: recovery codes still help, and an administrator."""
    if kept.startswith(_PLAIN):
        return kept.removeprefix(_PLAIN)
    key = _key()
    try:
        plain = jwe.decrypt_compact(kept, key).plaintext if key is not None else None
    except JoseError:
        return None
    return plain.decode("ascii") if plain is not None else None


def _key() -> OctKey | None:
    given = config.second_factor().key
    return OctKey.import_key(hashlib.sha256(given.encode()).digest()) if given is not None else None
