"""API tokens; only the hash of a secret is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.people.accounts import Account
from models.store.database import Base, Moment


class Token(Base):
    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    permissions: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    unit: Mapped[str | None] = mapped_column(String(200))
    account_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("accounts.id"))


def by_id(session: Session, token_id: str) -> Token | None:
    return session.get(Token, token_id)


def every(session: Session) -> Sequence[tuple[Token, str | None]]:
    """Every token, oldest first, with the log-in name of the account that it acts for."""
    wanted = select(Token, Account.login).outerjoin(Account, Account.id == Token.account_id)
    return [(row[0], row[1]) for row in session.execute(wanted.order_by(Token.created_at, Token.id))]


def of_nobody(session: Session) -> Sequence[Token]:
    """The tokens that act for no account, valid or not: what they entered names them."""
    return session.scalars(select(Token).where(Token.account_id.is_(None))).all()


def valid_of(session: Session, account_id: str) -> Sequence[Token]:
    """The tokens that act for an account and were not revoked."""
    return session.scalars(select(Token).where(Token.account_id == account_id, Token.revoked_at.is_(None))).all()
