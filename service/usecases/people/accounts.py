"""Accounts and the roles that they hold: made, granted, revoked, disabled; nothing of it is ever deleted."""

from __future__ import annotations

import secrets
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from models.case import cases
from models.people import accounts, log_ins, persons, tokens, units
from models.people.accounts import Account, RoleGrant
from models.people.names import bare, name_fault
from models.records.signs import unseen
from models.schemas.errors import CaseFileError, FieldError, shown
from models.store.audit_notes import tell
from rules.book.contract.people import PersonRef
from rules.reasoning.calendar import LOCAL
from rules.reasoning.editions import Books
from service import config
from service.access import access
from service.usecases.people.api_tokens import CALENDAR
from service.usecases.people.passwords import Owner, first_password, password_faults

HASHER = PasswordHasher()
"""argon2id, with the parameters that the library recommends."""
LONGEST_LOGIN = 100
_FIRST = {"system_administrator": "admin", "security_administrator": "security", "audit_administrator": "audit"}
"""Role of an administrator → the log-in name of the first one."""


class AccountUnknown(LookupError):
    """No account has this log-in name."""


class GrantUnknown(LookupError):
    """No grant of a role has this id."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A role asked for: from a day to a day, both included; unit, case_id, person: where the role is held for one."""

    role: str
    from_on: date
    to_on: date | None = None
    unit: str | None = None
    case_id: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class FirstLogIn:
    """An account of the first start. role: in words; password: shown once, to be changed at the first log-in."""

    login: str
    role: str
    password: str


def first_administrators(session: Session, books: Books, *, now: datetime, today: date) -> list[FirstLogIn]:
    """Where there is no account at all: one of each administrator. Nothing where there are accounts."""
    if accounts.any_there(session):
        return []
    made = []
    for role, login in _FIRST.items():
        label = access().roles[role].label
        made.append(FirstLogIn(login, label, add_account(session, books, login, label, now=now)))
        grant_role(session, login, Asked(role, today), by="系统设置", now=now)
    return made


def wanting_administrators(session: Session, today: date) -> Iterator[str]:
    """What to do, in Chinese, where an administrator is not named yet, or one holds what excludes it and therefore does not count."""
    held = accounts.holding(session, [role.id for role in access().administrators], today)
    groups = {account: {access().group_of(grant.role) for grant in grants} for account, grants in held.items()}
    for role in access().administrators:
        if {access().group_of(role.id)} not in groups.values():
            yield (
                f"还没有{role.label}，其职责无人办理：请掌握服务器的人员执行 wenze user add 登录名 姓名，"
                f"再执行 wenze user grant 登录名 {role.id}（另一人，不得是其他管理员）"
            )
    for account, found in groups.items():
        if len(found) > 1:
            labels = dict.fromkeys(
                access().roles[one.role].label for one in held[account] if one.role in access().roles
            )
            yield (
                f"账号 {account.login} 同时持有{'、'.join(labels)}，互相排斥，其管理员角色不生效：请撤销其中的一种"
                "（wenze user list 查授予编号，wenze user revoke 授予编号）"
            )


def add_account(
    session: Session,
    books: Books,
    login: str,
    name: str,
    *,
    now: datetime,
    subject: str | None = None,
    person: str | None = None,
) -> str:
    """A new account; its first password is returned and has to be changed. subject: at the single sign-on; person: whose it is, by
    id or number in the registry; where nobody in it bears the name, an entry is made.

    Raises CaseFileError, where names are unusable or taken.
    """
    faults = [*_name_faults("登录名", login, LONGEST_LOGIN), *_name_faults("姓名", name, 200)]
    unseen = name_fault(name)
    if not faults and unseen is not None:
        faults.append(FieldError("姓名", unseen))
    usable = not faults
    if usable and accounts.by_login(session, login) is not None:
        faults.append(FieldError("登录名", "已有这个登录名的账号"))
    whose = persons.named(session, {person}, unproved=True).get(person) if person is not None else None
    if usable:
        faults += _person_faults(session, name, person, whose)
    if usable and _of_token(session, name):
        faults.append(
            FieldError(
                "姓名",
                "有不代表账号的令牌用过这个名称，或者看上去相同的名称，录入的记录不能区分；请注明单位，如“张三（教务处）”",
            )
        )
    if subject is not None:
        faults += _subject_faults(session, subject)
    if faults:
        raise CaseFileError(faults)
    password = first_password(Owner(login, name), books)
    made = str(uuid.uuid4())
    whose = whose or persons.add(session, name, by=login, now=now)
    session.add(
        Account(
            id=made,
            login=login,
            name=whose.name,
            person_id=whose.id,
            subject=subject,
            password_hash=HASHER.hash(password),
            must_change=True,
            created_at=now,
        )
    )
    session.flush()
    tell(session, subject=("account", made))
    return password


def _person_faults(session: Session, name: str, person: str | None, whose: PersonRef | None) -> list[FieldError]:
    """What is wrong with whose an account is to be."""
    if person is None:
        bearing = persons.bearing(session, {name})[name]
        if not bearing:
            return []
        numbers = "、".join(sorted(row.number for id in bearing if (row := persons.find(session, id)) is not None))
        return [FieldError("工号", f"人员登记中已有“{name}”（{numbers}）：请写明是其中哪一人；是另一人的，先登记")]
    if whose is None or whose.id is None:
        return [FieldError("工号", f"人员登记中没有“{shown(person)}”")]
    if whose.name != name:
        return [FieldError("姓名", f"人员登记中这个工号是“{whose.name}”")]
    if accounts.by_person(session, whose.id) is not None:
        return [FieldError("工号", "此人已有账号")]
    return []


def _of_token(session: Session, name: str) -> bool:
    """Whether a token of no person was ever called so, or alike; what the account's name has in brackets tells it from others."""
    used = {
        one.name for one in tokens.of_nobody(session) if one.permissions != CALENDAR and bare(one.name) == bare(name)
    }
    told_apart = unicodedata.category(name[-1]) == "Pe" and _looks(name) not in map(_looks, used)
    return bool(used) and not told_apart


def _looks(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", name) if not unseen(sign))


def _name_faults(label: str, given: str, most: int) -> list[FieldError]:
    if not 0 < len(given.strip()) <= most or given != given.strip() or not given.isprintable():
        return [FieldError(label, f"应为1至{most}个字，前后没有空格，不含控制字符")]
    return []


def _subject_faults(session: Session, subject: str) -> list[FieldError]:
    faults = _name_faults("统一身份", subject, 200)
    if not faults and accounts.by_subject(session, subject) is not None:
        faults.append(FieldError("统一身份", "已有这个统一身份的账号"))
    return faults


def bind(session: Session, login: str, subject: str, *, now: datetime) -> None:
    """From now on this identity at the single sign-on is the account's, and no other; its roles sleep until that is confirmed.

    Raises AccountUnknown, CaseFileError.
    """
    account = _account(session, login)
    faults = _subject_faults(session, subject)
    if faults:
        raise CaseFileError(faults)
    account.subject = subject
    _made_a_way_in(session, account, now=now)


def grant_role(session: Session, login: str, asked: Asked, *, by: str, now: datetime) -> str:
    """Give a role; its id is returned. Raises AccountUnknown, CaseFileError.

    The account is locked, so that of two grants at once that exclude each other the second is told of the first.
    """
    account = _account(session, login)
    faults = _role_faults(session, asked) or _excluded(accounts.grants_of(session, account.id), asked)
    if faults:
        raise CaseFileError(faults)
    unit = units.aliases(session).get(asked.unit, asked.unit) if asked.unit else None
    made = RoleGrant(
        id=str(uuid.uuid4()),
        account_id=account.id,
        role=asked.role,
        unit=unit,
        case_id=asked.case_id,
        person=asked.person,
        from_on=asked.from_on,
        to_on=asked.to_on,
        granted_by=by,
        granted_at=now,
    )
    session.add(made)
    session.flush()
    tell(session, grant=made.id)
    return made.id


def _role_faults(session: Session, asked: Asked) -> list[FieldError]:
    roles = {role.id: role for role in access().roles.values() if not role.of_token}
    role = roles.get(asked.role)
    if role is None:
        return [FieldError("角色", f"只能取：{'、'.join(roles)}")]
    faults = []
    if asked.to_on is not None and asked.to_on < asked.from_on:
        faults.append(FieldError("止", f"不得早于起（{asked.from_on}）"))
    if role.of_unit is not (asked.unit is not None):
        faults.append(FieldError("单位", f"{role.label}须写明单位" if role.of_unit else f"{role.label}不按单位授予"))
    elif asked.unit is not None:
        known = units.aliases(session).get(asked.unit, asked.unit)
        if known not in {row.name for row in units.every(session)}:
            faults.append(FieldError("单位", "单位表中没有这个单位"))
    given = [value is not None for value in (asked.case_id, asked.person)]
    if not (all(given) if role.of_case else not any(given)):
        said = "须写明案件和调查对象的编号" if role.of_case else "不按案件授予"
        faults.append(FieldError("案件", f"{role.label}{said}"))
    elif asked.case_id is not None and cases.find(session, asked.case_id) is None:
        faults.append(FieldError("案件", "没有这个案件"))
    return faults


def _excluded(grants: Iterable[RoleGrant], asked: Asked) -> list[FieldError]:
    """Why the role cannot be held beside what is held on one of its days."""
    wanted = access().group_of(asked.role)
    beside = [
        grant
        for grant in grants
        if grant.revoked_at is None
        and (asked.to_on is None or grant.from_on <= asked.to_on)
        and (grant.to_on is None or grant.to_on >= asked.from_on)
        and access().group_of(grant.role) not in (wanted, None)
    ]
    return [
        FieldError(
            "角色",
            f"{access().roles[asked.role].label}不得与{access().roles[grant.role].label}由同一账号同时持有"
            f"（{grant.from_on} 至 {grant.to_on or '长期'}）；先撤销，或者由另一人担任",
        )
        for grant in beside
    ]


def revoke_role(session: Session, grant_id: str, *, by: str, now: datetime) -> None:
    """End a role at once; a second time changes nothing. Raises GrantUnknown."""
    found = accounts.grant(session, grant_id)
    if found is None:
        raise GrantUnknown(grant_id)
    tell(session, subject=("account", found.account_id), grant=grant_id)
    if found.revoked_at is None:
        found.revoked_at, found.revoked_by = now, by


def set_disabled(session: Session, login: str, disabled: bool, *, now: datetime) -> None:
    """Disable an account and end all that is open for it, or enable it again; not that of an entry in whose place another stands.

    Raises AccountUnknown, CaseFileError.
    """
    account = _account(session, login)
    person = persons.find(session, account.person_id) if account.person_id is not None else None
    if not disabled and person is not None and person.merged_into is not None:
        raise CaseFileError([FieldError("登录名", "此账号的人员登记已经并入另一登记，不能恢复；请用另一登记的账号")])
    account.disabled_at = now if disabled else None
    if disabled:
        _end_all(session, account, now=now)


def reset_password(session: Session, books: Books, login: str, *, now: datetime) -> str:
    """A new first password, to be changed; its roles sleep until somebody else confirms whose it is. Raises AccountUnknown."""
    account = _account(session, login)
    password = first_password(_owner(session, account), books)
    _replace(session, account, password, must_change=True, now=now)
    _made_a_way_in(session, account, now=now)
    return password


def confirm_owner(session: Session, login: str) -> None:
    """Whoever has the new way in is its owner, as somebody else than who made it has seen: the roles count. Raises AccountUnknown."""
    _account(session, login).unconfirmed_at = None


def _made_a_way_in(session: Session, account: Account, *, now: datetime) -> None:
    """Somebody else may come in now: all that was open ends, and any role that is or will be held sleeps."""
    _end_all(session, account, now=now)
    today = now.astimezone(LOCAL).date()
    held = (grant for grant in accounts.grants_of(session, account.id) if grant.revoked_at is None)
    if any(grant.to_on is None or grant.to_on >= today for grant in held):
        account.unconfirmed_at = now


def _end_all(session: Session, account: Account, *, now: datetime) -> None:
    """Its sessions and its tokens end."""
    end_sessions(session, account.id, now=now)
    log_ins.end_devices(session, account.id, now=now)
    for token in tokens.valid_of(session, account.id):
        token.revoked_at = now


def change_password(
    session: Session, books: Books, account: Account, old: str, new: str, *, fits: bool, used: bool, now: datetime
) -> None:
    """A password of the account's own; every session ends. fits: whether the old one is right; used: whether the new one was the
    account's before. Raises CaseFileError.
    """
    faults = [] if fits else [FieldError("原密码", "不对")]
    if new == old:
        faults.append(FieldError("新密码", "不得与原密码相同"))
    elif used:
        faults.append(FieldError("新密码", f"不得与最近用过的{config.password_history()}个密码相同"))
    faults += [FieldError("新密码", said) for said in password_faults(new, _owner(session, account), books)]
    if faults:
        raise CaseFileError(faults)
    _replace(session, account, new, must_change=False, now=now)
    end_sessions(session, account.id, now=now)


def _replace(session: Session, account: Account, password: str, *, must_change: bool, now: datetime) -> None:
    """Another password; the one of before is remembered."""
    log_ins.keep_password(session, account, config.password_history(), now=now)
    account.password_hash, account.must_change = HASHER.hash(password), must_change


def _owner(session: Session, account: Account) -> Owner:
    held = {grant.unit for grant in accounts.grants_of(session, account.id) if grant.unit}
    return Owner(account.login, account.name, tuple(sorted(held)))


def password_fits(account: Account | None, password: str) -> bool:
    """Whether this is the account's password; takes as long where there is no account, or no password."""
    known, stand_in = account.password_hash if account is not None else None, _nobody()
    return _is_of(known or stand_in, password) and known is not None


def used_before(session: Session, account: Account, password: str) -> bool:
    """Whether the account had this password lately."""
    past = log_ins.past_passwords(session, account.id, config.password_history())
    return any(_is_of(known, password) for known in past)


def _is_of(known: str, password: str) -> bool:
    try:
        return HASHER.verify(known, password)
    except Exception as error:
        if type(error).__module__ != "argon2.exceptions":
            raise
        return False


_NOBODY: list[str] = []


def _nobody() -> str:
    """The hash of a password that nobody has."""
    if not _NOBODY:
        _NOBODY.append(HASHER.hash(secrets.token_urlsafe(24)))
    return _NOBODY[0]


def end_sessions(
    session: Session, account_id: str, *, now: datetime, only: str | None = None, but: str | None = None
) -> None:
    """End every session of an account. only, but: the one that alone ends, that alone stays."""
    for found in accounts.open_sessions(session, account_id):
        if found.id_sha256 != but and only in (None, found.id_sha256):
            found.ended_at = now


def _account(session: Session, login: str) -> Account:
    """The account, kept from every log-in until the transaction ends. Raises AccountUnknown."""
    named = accounts.by_login(session, login)
    found = accounts.lock(session, named.id) if named is not None else None
    if found is None:
        raise AccountUnknown(login)
    tell(session, subject=("account", found.id))
    return found
