"""API tokens: made, listed, revoked, and found out whose they are."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from models.people import accounts, tokens, units
from models.people.accounts import Asking
from models.people.names import bare, bares
from models.records.signs import says, unseen
from models.store.audit_notes import tell
from rules.reasoning.calendar import LOCAL
from service.access import access

SCOPES = {
    "recommendation": ("recommendation:evaluate", "recommendation:read", "ledger:evaluate"),
    "ledger": (
        "ledger:list",
        "ledger:read",
        "ledger:open",
        "ledger:write",
        "office:read",
        "office:import",
        "office:write",
        "confirmation:answer",
        "persons:find",
        "persons:register",
    ),
    "case": (
        "persons:find",
        "persons:register",
        "case:list",
        "case:open",
        "case:read",
        "case:write",
        "case:own",
        "case:check",
        "recommendation:read",
        "confirmation:answer",
    ),
    "audit": ("audit:read", "access:read"),
}
"""What a token may be confined to, so that only those see accountability cases who need to. Source: art-2.d."""
_ALWAYS = ("rulebook:read", "documentation:read")
_SPLIT = {"office:write": "office:import", "ledger:list": "persons:find", "case:list": "persons:find"}
"""What was stored of a token → what is a permission of its own since."""
CALENDAR = "calendar:read"
"""What a calendar feed's address allows, and all that it allows; no other token has it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who presents a token: its id (for logs), its name (for receipts), what it allows, for which unit alone, for whom it acts."""

    id: str
    name: str
    permissions: frozenset[str]
    unit: str | None = None
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as it is listed; never its secret. calendar: it opens a calendar feed, of one unit where ``unit`` names it.

    acts_for: the log-in name of the account; None: nobody's.
    """

    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    state: Literal["valid", "expired", "revoked"]
    calendar: bool = False
    unit: str | None = None
    acts_for: str | None = None


class TokenUnknown(LookupError):
    """No token has this id."""


class NoSuchAccount(LookupError):
    """No account has this log-in name."""


class NameOfAccount(ValueError):
    """A token of no person must not bear the name of an account, however it is written."""


class NameUnusable(ValueError):
    """A token's name has a sign that cannot be seen, or says nothing; the message tells which, in Chinese."""


class NoSuchUnit(LookupError):
    """The school's list has no unit of this name."""


def create_token(
    session: Session,
    name: str,
    *,
    now: datetime,
    expires_at: datetime | None,
    scopes: Sequence[str] = (),
    login: str | None = None,
) -> str:
    """A new secret, shown once; only its hash is stored.

    scopes: of ``SCOPES``; none: everything. login: of the account that it acts for, with that account's roles; None: it acts
    for nobody, and has of its scopes what needs no person. Raises NoSuchAccount, NameOfAccount, NameUnusable.
    """
    account = accounts.by_login(session, login) if login is not None else None
    if login is not None and account is None:
        raise NoSuchAccount(login)
    if account is None and bare(name) in bares(one.name for one in accounts.every(session)):
        raise NameOfAccount(name)
    wanted = (*_ALWAYS, *(one for scope in scopes or SCOPES for one in SCOPES[scope]))
    account_id = account.id if account else None
    return _created(session, name, in_effect(wanted, account_id), None, now, expires_at, account_id)


def create_calendar_token(
    session: Session, name: str, *, unit: str | None, now: datetime, expires_at: datetime | None
) -> str:
    """The secret of a calendar feed: of what that unit has in hand, by its name or another one; None: of everything.

    Raises NoSuchUnit, NameUnusable.
    """
    known = {row.name for row in units.every(session)}
    named = units.aliases(session).get(unit, unit) if unit is not None else None
    if named is not None and named not in known:
        raise NoSuchUnit(named)
    return _created(session, name, (CALENDAR,), named, now, expires_at)


def _created(
    session: Session,
    name: str,
    permissions: tuple[str, ...],
    unit: str | None,
    now: datetime,
    expires_at: datetime | None,
    account_id: str | None = None,
) -> str:
    hidden = next((at for at, sign in enumerate(name) if sign != " " and unseen(sign)), None)
    if hidden is not None:
        raise NameUnusable(f"名称第{hidden + 1}个字符是不可见字符 U+{ord(name[hidden]):04X}，请删去")
    if not says(name) or name != name.strip():
        raise NameUnusable("名称须有文字，前后没有空格")
    secret = f"wenze_{secrets.token_urlsafe(32)}"
    row = tokens.Token(
        id=str(uuid.uuid4()),
        name=name,
        secret_sha256=_hash(secret),
        permissions=" ".join(permissions),
        created_at=now,
        expires_at=expires_at,
        unit=unit,
        account_id=account_id,
    )
    session.add(row)
    session.flush()
    _tell(session, row)
    return secret


def _tell(session: Session, row: tokens.Token) -> None:
    """It is about the account that the token acts for, whose owner is told; else about the token."""
    if row.account_id is None:
        tell(session, subject=("token", row.id))
    else:
        tell(session, subject=("account", row.account_id), token=row.id)


def in_effect(stored: Iterable[str], account_id: str | None) -> tuple[str, ...]:
    """The permissions that a token has of those stored with it: of no person, what needs none; all of them otherwise."""
    written = tuple(stored)
    found = dict.fromkeys([*written, *(_SPLIT[one] for one in written if one in _SPLIT)])
    nobody = access().of_nobody.id
    return tuple(one for one in found if account_id or one == CALENDAR or access().relations_of(one, nobody))


def holder(session: Session, secret: str, *, now: datetime) -> Holder | None:
    """Whose token this is; None where it is unknown, revoked or expired."""
    found = presented(session, secret, now=now)
    return found[0] if found is not None else None


def presented(session: Session, secret: str, *, now: datetime) -> tuple[Holder, Asking[tokens.Token]] | None:
    """The same with the account that it acts for, and that account's roles today."""
    asking = accounts.asking(
        session, tokens.Token, tokens.Token.secret_sha256 == _hash(secret), now.astimezone(LOCAL).date()
    )
    if asking is None or _state(asking.by, now) != "valid":
        return None
    token = asking.by
    found = in_effect(token.permissions.split(), token.account_id)
    return Holder(token.id, token.name, frozenset(found), token.unit, token.account_id), asking


def list_tokens(session: Session, *, now: datetime) -> list[TokenRow]:
    """Every token, oldest first."""
    return [
        TokenRow(
            token.id,
            token.name,
            token.created_at,
            token.expires_at,
            _state(token, now),
            CALENDAR in token.permissions.split(),
            token.unit,
            login,
        )
        for token, login in tokens.every(session)
    ]


def revoke_token(session: Session, token_id: str, *, now: datetime) -> None:
    """End a token; a second time changes nothing. Raises TokenUnknown."""
    token = tokens.by_id(session, token_id)
    if token is None:
        raise TokenUnknown(token_id)
    token.revoked_at = token.revoked_at or now
    _tell(session, token)


def _state(token: tokens.Token, now: datetime) -> Literal["valid", "expired", "revoked"]:
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at is not None and token.expires_at <= now else "valid"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
