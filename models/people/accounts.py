"""Accounts, the roles that they hold from day to day, their sessions in the browser, and failed log-ins.

Only hashes of secrets are kept. An account is of one person of the registry; two persons of one name have two accounts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, Date, ForeignKey, String, and_, case, delete, false, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.people.persons import other_names
from models.store.audit_head import Head, last_event
from models.store.database import Base, Moment


class Account(Base):
    """login: for the local log-in; subject: the identity at the school's single sign-on. password_hash: argon2id.

    person_id: whose it is; None where the upgrade could not tell, then it stands in no relation to any case.
    unconfirmed_at: since when its roles sleep, as somebody else has made a way in, until another one confirms whose it is.
    told, acknowledged: the last events of the audit trail that its owner is to be told of, and has taken note of.
    """

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    login: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    person_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("persons.id"), unique=True)
    subject: Mapped[str | None] = mapped_column(String(200), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    must_change: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Moment)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    unconfirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    told: Mapped[int] = mapped_column(default=0)
    acknowledged: Mapped[int] = mapped_column(default=0)


class RoleGrant(Base):
    """A role from a day to a day, both included. unit: of who acts for one; case_id, person: of who is investigated there."""

    __tablename__ = "role_grants"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(36), ForeignKey("accounts.id"), index=True)
    role: Mapped[str] = mapped_column(String(50))
    unit: Mapped[str | None] = mapped_column(String(200))
    case_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("cases.id"))
    person: Mapped[str | None] = mapped_column(String(100))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
    granted_by: Mapped[str] = mapped_column(String(200))
    granted_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_by: Mapped[str | None] = mapped_column(String(200))


class WebSession(Base):
    """A log-in. id_sha256: of what the cookie holds; csrf: what a form has to send with it.

    credential_sha256: of what opened it at the single sign-on, where that did; good once. confirmed_at: when whoever holds it last
    showed the password or a one-time password; code_at: when a one-time password was shown; awaits_code: nothing is open before.
    """

    __tablename__ = "web_sessions"

    id_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(36), ForeignKey("accounts.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    credential_sha256: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    code_at: Mapped[datetime | None] = mapped_column(Moment)
    awaits_code: Mapped[bool] = mapped_column(server_default=false(), default=False)


class FailedLogin(Base):
    """How often in a row a log-in failed, and until when the next attempt waits. key_sha256: of what the failures have in common."""

    __tablename__ = "failed_logins"

    key_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Moment, index=True)
    until: Mapped[datetime] = mapped_column(Moment)


class _Credential(Protocol):
    """What is shown for an account."""

    account_id: Any


_By = TypeVar("_By", bound=_Credential)


@dataclass(frozen=True, slots=True)
class Asking(Generic[_By]):
    """by: what was shown; account: whose it is, None: nobody's; grants: those that are good on the day; former: other names of its
    owner, whom older records may mean by them.

    last_event: of the audit trail at that moment.
    """

    by: _By
    account: Account | None
    grants: Sequence[RoleGrant]
    last_event: Head | None
    former: frozenset[str] = frozenset()


def by_login(session: Session, login: str) -> Account | None:
    return session.scalar(select(Account).where(Account.login == login))


def by_person(session: Session, person_id: str) -> Account | None:
    return session.scalar(select(Account).where(Account.person_id == person_id))


def by_subject(session: Session, subject: str) -> Account | None:
    return session.scalar(select(Account).where(Account.subject == subject))


def find(session: Session, account_id: str) -> Account | None:
    return session.get(Account, account_id)


def lock(session: Session, account_id: str) -> Account | None:
    """The account as it is now, kept from every other writer until the transaction ends."""
    wanted = select(Account).where(Account.id == account_id).with_for_update()
    return session.scalars(wanted, execution_options={"populate_existing": True}).one_or_none()


def by_ids(session: Session, account_ids: Collection[str | None]) -> Mapping[str, Account]:
    return {row.id: row for row in session.scalars(select(Account).where(Account.id.in_(account_ids)))}


def to_be_told(session: Session, account_id: str, number: int) -> None:
    """Its owner is to be told of an event of the audit trail."""
    session.execute(update(Account).where(Account.id == account_id).values(told=number))


def every(session: Session) -> Sequence[Account]:
    return session.scalars(select(Account).order_by(Account.login)).all()


def page(session: Session, *, containing: str, after: str, limit: int) -> Sequence[Account]:
    """Accounts by their log-in names, from behind ``after`` on. containing: in the log-in name or in the name."""
    wanted = select(Account).where(Account.login > after)
    if containing:
        wanted = wanted.where(
            or_(*(column.contains(containing, autoescape=True) for column in (Account.login, Account.name)))
        )
    return session.scalars(wanted.order_by(Account.login).limit(limit)).all()


def any_there(session: Session) -> bool:
    return bool(session.scalar(select(func.count()).select_from(Account)))


def grants_of(session: Session, account_id: str) -> Sequence[RoleGrant]:
    """Every grant, also those that are over, in the order in which they were made."""
    return _grants(session, RoleGrant.account_id == account_id)


def grants_by_name(session: Session, names: Collection[str]) -> Mapping[str, Sequence[RoleGrant]]:
    """The name of accounts → every grant of them, in the order in which they were made, by one question."""
    found: dict[str, list[RoleGrant]] = {}
    wanted = select(Account.name, RoleGrant).join(RoleGrant, RoleGrant.account_id == Account.id)
    wanted = wanted.where(Account.name.in_(names)).order_by(RoleGrant.granted_at, RoleGrant.id)
    for name, row in session.execute(wanted):
        found.setdefault(name, []).append(row)
    return found


def held_by(session: Session, account_ids: Sequence[str], today: date) -> Mapping[str, Sequence[RoleGrant]]:
    """Account → its grants that are good on a local day, by one question."""
    found: dict[str, list[RoleGrant]] = {account_id: [] for account_id in account_ids}
    for row in _grants(session, RoleGrant.account_id.in_(account_ids), *_good_on(today)):
        found[row.account_id].append(row)
    return found


def holding(session: Session, roles: Collection[str], today: date) -> Mapping[Account, Sequence[RoleGrant]]:
    """The accounts, not disabled, that hold one of these roles on a local day, each with all that it holds, by one question."""
    theirs = select(RoleGrant.account_id).where(RoleGrant.role.in_(roles), *_good_on(today))
    wanted = select(Account, RoleGrant).join(RoleGrant, RoleGrant.account_id == Account.id)
    wanted = wanted.where(Account.id.in_(theirs), Account.disabled_at.is_(None), *_good_on(today))
    found: dict[Account, list[RoleGrant]] = {}
    for account, row in session.execute(wanted.order_by(Account.login, RoleGrant.granted_at, RoleGrant.id)):
        found.setdefault(account, []).append(row)
    return found


def _grants(session: Session, *wanted: ColumnElement[bool]) -> Sequence[RoleGrant]:
    return session.scalars(select(RoleGrant).where(*wanted).order_by(RoleGrant.granted_at, RoleGrant.id)).all()


def _good_on(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        RoleGrant.revoked_at.is_(None),
        RoleGrant.from_on <= today,
        or_(RoleGrant.to_on.is_(None), RoleGrant.to_on >= today),
    )


def grant(session: Session, grant_id: str) -> RoleGrant | None:
    return session.get(RoleGrant, grant_id)


def grants_by_id(session: Session, grant_ids: Collection[str]) -> Mapping[str, RoleGrant]:
    return {row.id: row for row in _grants(session, RoleGrant.id.in_(grant_ids))}


def web_session(session: Session, id_sha256: str) -> WebSession | None:
    return session.get(WebSession, id_sha256)


def asking(session: Session, by: type[_By], which: ColumnElement[bool], today: date) -> Asking[_By] | None:
    """Who asks by a session or a token, by one question."""
    good = (RoleGrant.account_id == Account.id, *_good_on(today))
    names = other_names().subquery()
    wanted = select(by, Account, RoleGrant, names.c.name, *last_event())
    wanted = wanted.outerjoin(Account, Account.id == by.account_id).outerjoin(RoleGrant, and_(*good))
    wanted = wanted.outerjoin(names, names.c.person_id == Account.person_id).where(which)
    rows = session.execute(wanted.order_by(RoleGrant.granted_at, RoleGrant.id)).all()
    if not rows:
        return None
    shown, account, _, _, number, made = rows[0]
    last = None if number is None or made is None else (number, made)
    grants = dict.fromkeys(row[2] for row in rows if row[2] is not None)
    return Asking(shown, account, list(grants), last, frozenset(row[3] for row in rows if row[3] is not None))


def web_session_by(session: Session, credential_sha256: str) -> WebSession | None:
    return session.scalar(select(WebSession).where(WebSession.credential_sha256 == credential_sha256))


def open_sessions(session: Session, account_id: str) -> Sequence[WebSession]:
    wanted = select(WebSession).where(WebSession.account_id == account_id, WebSession.ended_at.is_(None))
    return session.scalars(wanted).all()


def latest_sessions(session: Session, account_id: str, limit: int) -> Sequence[WebSession]:
    """The last log-ins of an account, the newest first."""
    wanted = select(WebSession).where(WebSession.account_id == account_id)
    return session.scalars(wanted.order_by(WebSession.created_at.desc()).limit(limit)).all()


def count_failures(
    session: Session, keys: Sequence[str], *, now: datetime, since: datetime
) -> Mapping[str, FailedLogin]:
    """One more failure under each of these keys, as their rows are then, kept from others until the end. since: what is older is forgotten.

    One statement makes, counts and locks the rows, in the order of the keys, so that nobody reads a count that another is raising.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    rows = [{"key_sha256": key, "failures": 1, "last_at": now, "until": now} for key in sorted(set(keys))]
    one_more = {"failures": case((FailedLogin.last_at < since, 1), else_=FailedLogin.failures + 1)}
    wanted = insert(FailedLogin).values(rows).on_conflict_do_update(index_elements=["key_sha256"], set_=one_more)
    found = session.scalars(wanted.returning(FailedLogin), execution_options={"populate_existing": True})
    return {row.key_sha256: row for row in found}


def uncount_failure(session: Session, key: str) -> None:
    """One failure less under a key."""
    counted = update(FailedLogin).where(FailedLogin.key_sha256 == key, FailedLogin.failures > 0)
    session.execute(counted.values(failures=FailedLogin.failures - 1))


def forget_failures(session: Session, keys: Sequence[str]) -> None:
    session.execute(delete(FailedLogin).where(FailedLogin.key_sha256.in_(keys)))


_AT_ONCE = 100


def forget_failures_before(session: Session, moment: datetime) -> None:
    """Some failures whose last one is longer ago are forgotten; those that somebody is counting are left alone."""
    old = select(FailedLogin.key_sha256).where(FailedLogin.last_at < moment).order_by(FailedLogin.key_sha256)
    some = old.limit(_AT_ONCE).with_for_update(skip_locked=True)
    forget_failures(session, session.scalars(some).all())
