"""Make an API token, and find out who holds one."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from models.store import tokens

PERMISSIONS = ("recommendation:evaluate", "recommendation:read", "rulebook:read")


def create_token(session: Session, name: str, *, now: datetime, expires_at: datetime | None) -> str:
    """A new secret, shown once; only its hash is stored. The caller commits."""
    secret = f"wenze_{secrets.token_urlsafe(32)}"
    row = tokens.Token(
        id=str(uuid.uuid4()),
        name=name,
        secret_sha256=_hash(secret),
        permissions=" ".join(PERMISSIONS),
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return secret


def holder(session: Session, secret: str, *, now: datetime) -> tuple[str, frozenset[str]] | None:
    """The token's name and permissions; None where it is unknown, revoked or expired."""
    token = tokens.by_hash(session, _hash(secret))
    if token is None or token.revoked_at is not None:
        return None
    if token.expires_at is not None and _utc(token.expires_at) <= now:
        return None
    return token.name, frozenset(token.permissions.split())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
