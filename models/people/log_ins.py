"""What log-ins are held against beside the password: known devices, passwords of before, the second factor. Hashes, never secrets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.people.accounts import Account
from models.store.database import Base, Moment


class KnownDevice(Base):
    """A browser from which the account has logged in. id_sha256: of what its cookie holds; good for this account alone."""

    __tablename__ = "known_devices"

    id_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(36), ForeignKey("accounts.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class PastPassword(Base):
    """A password that the account had. password_hash: argon2id."""

    __tablename__ = "past_passwords"

    account_id: Mapped[str] = mapped_column(String(36), ForeignKey("accounts.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    password_hash: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime] = mapped_column(Moment)


class SecondFactor(Base):
    """The one-time passwords of an account. secret: as ``sealed``, empty once it was taken away; confirmed_at: None until the first
    code was right; last_step: of the last code that was taken, so that none is taken twice.

    reset_at, reset_by: who took it away; seen_at: when the owner was told of that.
    """

    __tablename__ = "second_factors"

    account_id: Mapped[str] = mapped_column(String(36), ForeignKey("accounts.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(500))
    made_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_step: Mapped[int]
    reset_at: Mapped[datetime | None] = mapped_column(Moment)
    reset_by: Mapped[str | None] = mapped_column(String(200))
    seen_at: Mapped[datetime | None] = mapped_column(Moment)


class RecoveryCode(Base):
    """Stands in for a one-time password, once."""

    __tablename__ = "recovery_codes"

    code_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(36), ForeignKey("accounts.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


def device(session: Session, login: str, id_sha256: str, *, since: datetime) -> KnownDevice | None:
    """The device, where it is one of this log-in name, has not ended, and was used since."""
    wanted = select(KnownDevice).join(Account, Account.id == KnownDevice.account_id)
    return session.scalar(
        wanted.where(
            KnownDevice.id_sha256 == id_sha256,
            Account.login == login,
            KnownDevice.ended_at.is_(None),
            KnownDevice.seen_at > since,
        )
    )


def devices(session: Session, account_id: str) -> Sequence[KnownDevice]:
    """The devices of an account that have not ended, the last used first."""
    wanted = select(KnownDevice).where(KnownDevice.account_id == account_id, KnownDevice.ended_at.is_(None))
    return session.scalars(wanted.order_by(KnownDevice.seen_at.desc())).all()


def end_devices(session: Session, account_id: str, *, now: datetime) -> None:
    """No device is known any more."""
    standing = (KnownDevice.account_id == account_id, KnownDevice.ended_at.is_(None))
    session.execute(update(KnownDevice).where(*standing).values(ended_at=now))


def past_passwords(session: Session, account_id: str, most: int) -> Sequence[str]:
    """The hashes of the last passwords before the present one, the newest first."""
    wanted = select(PastPassword.password_hash).where(PastPassword.account_id == account_id)
    return session.scalars(wanted.order_by(PastPassword.number.desc()).limit(most)).all()


def keep_password(session: Session, account: Account, most: int, *, now: datetime) -> None:
    """The present password is about to be another one: it is kept as one of the last ``most``; the account is locked."""
    if account.password_hash is None:
        return
    of = PastPassword.account_id == account.id
    last = session.scalar(select(PastPassword.number).where(of).order_by(PastPassword.number.desc()).limit(1)) or 0
    session.add(PastPassword(account_id=account.id, number=last + 1, password_hash=account.password_hash, ended_at=now))
    session.execute(delete(PastPassword).where(of, PastPassword.number <= last + 1 - most))


def second_factor(session: Session, account_id: str) -> SecondFactor | None:
    return session.get(SecondFactor, account_id)


def take_step(session: Session, account_id: str, step: int) -> bool:
    """Whether no code of this step or a later one was taken before; from now on one was."""
    mine = (SecondFactor.account_id == account_id, SecondFactor.last_step < step)
    return bool(
        session.execute(
            update(SecondFactor).where(*mine).values(last_step=step).returning(SecondFactor.account_id)
        ).all()
    )


def take_code(session: Session, account_id: str, code_sha256: str, *, now: datetime) -> bool:
    """Whether this recovery code was there and is used now."""
    mine = (
        RecoveryCode.code_sha256 == code_sha256,
        RecoveryCode.account_id == account_id,
        RecoveryCode.used_at.is_(None),
    )
    used = update(RecoveryCode).where(*mine).values(used_at=now).returning(RecoveryCode.code_sha256)
    return bool(session.execute(used).all())


def codes_left(session: Session, account_id: str) -> int:
    """How many recovery codes are not used."""
    mine = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return len(session.scalars(select(RecoveryCode.code_sha256).where(*mine)).all())


def forget_codes(session: Session, account_id: str) -> None:
    """The recovery codes of an account are gone, used or not."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
