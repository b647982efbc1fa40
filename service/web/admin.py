"""The administrators' pages: accounts, made by the system's, with their roles from day to day, given by that of security.

Nothing of a case is shown but the ids that a role names. Nobody changes their own account: that is for another administrator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from models.people import accounts
from models.people.accounts import Account, RoleGrant
from models.schemas.errors import CaseFileError
from models.schemas.fields import Block, Day, KnownWord, PersonId, Text
from models.store.database import reading, writing
from rules.reasoning.calendar import LOCAL
from service.access import access
from service.request_context import context
from service.routes import Routes, Writes
from service.usecases.people.accounts import (
    Asked,
    add_account,
    confirm_owner,
    end_sessions,
    grant_role,
    reset_password,
    revoke_role,
    set_disabled,
    wanting_administrators,
)
from service.usecases.people.second_factor import has_factor
from service.usecases.send_once import send_once
from service.web.fields import Filled, shown
from service.web.matters import unit_words
from service.web.pages import page, see_other, sent_form
from service.web.periods_asked import today
from service.web.plain_forms import filled_in, form_page

routes = Routes(Blueprint("admin-pages", __name__, template_folder="templates"))
_MOST, _SESSIONS = 50, 20
_SHOWN_ONCE = "同一份表单已经提交过，账号只建立了一个。初始密码只显示一次；没有看到的，请在账号页重设密码。"
ROLES: Mapping[str, str] = {role.id: role.label for role in access().roles.values() if not role.of_token}
_ACCOUNT = Block("账号", dict, {
    "login": Text("登录名", 100, required=True), "name": Text("姓名", 200, required=True), "person": PersonId("工号"),
    "subject": Text("统一身份", 200),
})  # fmt: skip
_GRANT = Block("角色", dict, {
    "role": KnownWord("角色", ROLES, required=True), "unit": Text("单位", 200), "case_id": Text("案件", 36), "person": Text("调查对象", 100),
    "from_on": Day("起", required=True), "to_on": Day("止"),
})  # fmt: skip


@routes.get("/admin", "accounts:read", None)
def home() -> Response:
    """The accounts, a page at a time, with the roles that they hold today."""
    asked = {name: request.args.get(name, "")[:100] for name in ("containing", "after")}
    with reading(current_app.extensions["database"]) as session:
        rows = accounts.page(session, **asked, limit=_MOST + 1)
        held = accounts.held_by(session, [row.id for row in rows[:_MOST]], today())
        wanting = list(wanting_administrators(session, today()))
    more = rows[_MOST - 1].login if len(rows) > _MOST else None
    shown_to = {account_id: _told(grants) for account_id, grants in held.items()}
    return page(
        "admin/accounts.html", rows=rows[:_MOST], held=shown_to, roles=ROLES, asked=asked, more=more, wanting=wanting
    )


@routes.form("/admin/accounts/new", "accounts:manage", Writes("建立账号", privileged=True), confirms=True)
def add() -> Response:
    """The form of an account, and the account with its first password, which is shown here alone."""
    about = "账号属于人员登记中的一人：登记中有同名人员的，写明工号；没有的，另行编号登记。统一身份为学校统一身份认证中的标识（学工号），可以不填。"

    def again(**told: Any) -> Response:
        return form_page(_ACCOUNT, title="建立账号", back="/admin", about=about, **told)

    if request.method == "GET":
        return again()
    try:
        said, password = filled_in(_ACCOUNT), ""
        with writing(current_app.extensions["database"]) as session:

            def make() -> str:
                nonlocal password
                password = add_account(session, context().books, **said, now=datetime.now(UTC))
                account = accounts.by_login(session, said["login"])
                return account.id if account is not None else ""

            account_id = send_once(session, sent_form(), make, now=datetime.now(UTC))
    except CaseFileError as error:
        return again(errors=_at_fields(_ACCOUNT, error), said="没有建立", status=422)
    if not password:
        return page("told.html", title="账号已经建立", said=_SHOWN_ONCE, back=f"/admin/accounts/{account_id}")
    return page("admin/password.html", account_id=account_id, name=said["name"], password=password)


def _at_fields(block: Block, error: CaseFileError) -> dict[str, list[str]]:
    """The faults by the fields of the form; a use case names them as people call them."""
    names = {field.label: name for name, field in block.fields.items()}
    return {names.get(path, path): told for path, told in error.by_path().items()}


@routes.get("/admin/accounts/<account_id>", "accounts:read", None)
def one(account_id: str) -> Response:
    return _account_page(account_id)


def _account_page(account_id: str, status: int = 200, errors: Mapping[str, list[str]] | None = None) -> Response:
    """An account: its roles with their days, its log-ins, and what can be done."""
    with reading(current_app.extensions["database"]) as session:
        account = _found(session, account_id)
        grants = [(grant, _state(grant, today())) for grant in _told(accounts.grants_of(session, account.id))]
        logins = accounts.latest_sessions(session, account.id, _SESSIONS)
        factor = has_factor(session, account.id)
    form: MultiDict[str, str] = MultiDict(request.form if errors else {"from_on": today().isoformat()})
    filled = Filled(form, unit_words(), errors or {})
    fields = [shown(name, field, filled) for name, field in _GRANT.fields.items()]
    return page(
        "admin/account.html",
        status,
        account=account,
        grants=grants,
        logins=logins,
        factor=factor,
        roles=ROLES,
        fields=fields,
        own=account_id == g.principal.id,
        said="；".join(["没有授予", *errors.get("$", ())]) if errors else "",
        local=LOCAL,
    )


def _found(session: Session, account_id: str) -> Account:
    account = accounts.find(session, account_id)
    if account is None:
        raise NotFound
    return account


def _told(grants: Sequence[RoleGrant]) -> list[RoleGrant]:
    """The roles as far as whoever asks is told of them: who is investigated, those alone who grant or oversee that."""
    knows = any(g.principal.relations(one) for one in ("roles:grant", "privileges:read"))
    return [grant for grant in grants if knows or grant.case_id is None]


def _state(grant: RoleGrant, on: date) -> str:
    if grant.revoked_at is not None:
        return f"{grant.revoked_at.astimezone(LOCAL):%Y-%m-%d} 由{grant.revoked_by}撤销"
    if grant.from_on > on:
        return "未到期"
    return "已到期" if grant.to_on is not None and grant.to_on < on else "有效"


@routes.post("/admin/accounts/<account_id>/grants", "roles:grant", Writes("授予角色", privileged=True), confirms=True)
def grant(account_id: str) -> Response:
    """Give a role."""
    try:
        asked = Asked(**filled_in(_GRANT))

        def give(session: Session, account: Account, now: datetime) -> None:
            def made() -> str:
                grant_role(session, account.login, asked, by=g.actor, now=now)
                return f"/admin/accounts/{account_id}"

            send_once(session, sent_form(), made, now=now)

        return _done(account_id, give)
    except CaseFileError as error:
        return _account_page(account_id, 422, _at_fields(_GRANT, error))


@routes.post(
    "/admin/accounts/<account_id>/grants/<grant_id>/revoke",
    "roles:grant",
    Writes("撤销角色", privileged=True),
    confirms=True,
)
def revoke(account_id: str, grant_id: str) -> Response:
    """End a role at once."""

    def take(session: Session, account: Account, now: datetime) -> None:
        found = accounts.grant(session, grant_id)
        if found is None or found.account_id != account.id:
            raise NotFound
        revoke_role(session, grant_id, by=g.actor, now=now)

    return _done(account_id, take)


@routes.post("/admin/accounts/<account_id>/confirm", "roles:grant", Writes("核实本人", privileged=True), confirms=True)
def confirm(account_id: str) -> Response:
    """Who comes in by the new way is the owner: the roles count again."""
    return _done(account_id, lambda session, account, _: confirm_owner(session, account.login))


@routes.post("/admin/accounts/<account_id>/disable", "accounts:manage", Writes("停用账号", privileged=True))
def disable(account_id: str) -> Response:
    """Disable an account and end all that is open for it."""
    return _done(account_id, lambda session, account, now: set_disabled(session, account.login, True, now=now))


@routes.post("/admin/accounts/<account_id>/enable", "accounts:manage", Writes("恢复账号", privileged=True))
def enable(account_id: str) -> Response:
    return _done(account_id, lambda session, account, now: set_disabled(session, account.login, False, now=now))


@routes.post(
    "/admin/accounts/<account_id>/sessions/end", "accounts:manage", Writes("退出账号的全部登录", privileged=True)
)
def end(account_id: str) -> Response:
    """End every session of an account."""
    return _done(account_id, lambda session, account, now: end_sessions(session, account.id, now=now))


@routes.post(
    "/admin/accounts/<account_id>/password", "accounts:manage", Writes("重设密码", privileged=True), confirms=True
)
def reset(account_id: str) -> Response:
    """A new first password, shown here alone."""
    made: list[tuple[str, str]] = []

    def anew(session: Session, account: Account, now: datetime) -> None:
        made.append((account.name, reset_password(session, context().books, account.login, now=now)))

    refused = _done(account_id, anew)
    if not made:
        return refused
    return page("admin/password.html", account_id=account_id, name=made[0][0], password=made[0][1])


def _done(account_id: str, do: Callable[[Session, Account, datetime], None]) -> Response:
    """What is done to an account, which is never one's own."""
    if account_id == g.principal.id:
        said = "任何人不得办理自己的账号和角色，请由另一位管理员办理"
        return page("told.html", 409, title="没有办理", said=said, back=f"/admin/accounts/{account_id}")
    with writing(current_app.extensions["database"]) as session:
        do(session, _found(session, account_id), datetime.now(UTC))
    return see_other(f"/admin/accounts/{account_id}")
