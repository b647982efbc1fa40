"""``wenze user``: accounts, the roles that they hold from day to day, their first passwords."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import click

from models.people import accounts
from models.people.accounts import RoleGrant
from service.access import access
from service.books import books
from service.cli.db import ledger_session
from service.cli.options import DAY, today
from service.cli.trail import clerk
from service.usecases.people.accounts import (
    Asked,
    add_account,
    bind,
    confirm_owner,
    grant_role,
    reset_password,
    revoke_role,
    set_disabled,
)
from service.usecases.people.second_factor import take_away

_ROLES = {role.id: role.label for role in access().roles.values() if not role.of_token}
_SLEEPS = "账号持有角色的，角色暂不生效，由安全管理员在“管理”中核实本人之后恢复"
_login = click.argument("login", metavar="登录名")


@click.group("user")
def command() -> None:
    """账号：建立、授予和撤销角色（有起止日期）、停用、重设密码。"""


@command.command("roles")
def roles() -> None:
    """列出各种角色。"""
    for role in access().roles.values():
        if not role.of_token:
            held = "（按单位授予）" if role.of_unit else "（按案件授予）" if role.of_case else ""
            click.echo(f"{role.id}　{role.label}{held}")


@command.command("add")
@_login
@click.argument("name", metavar="姓名")
@click.option("--subject", help="在学校统一身份认证中的标识（学工号）")
@click.option("--number", help="人员登记中的工号；登记中没有同名人员的，可以不写，另行编号登记")
def add(login: str, name: str, subject: str | None, number: str | None) -> None:
    """建立账号，显示一次初始密码；本人首次登录须修改。一个账号属于人员登记中的一人。"""
    with ledger_session(write=True) as session:
        password = add_account(session, books(), login, name, now=datetime.now(UTC), subject=subject, person=number)
    click.echo(f"初始密码（只在此处显示，首次登录须修改）：{password}")


@command.command("bind")
@_login
@click.argument("subject", metavar="统一身份")
def bind_command(login: str, subject: str) -> None:
    """为已有的账号绑定（或者改换）统一身份，退出其全部登录，撤销其令牌。"""
    with ledger_session(write=True) as session:
        bind(session, login, subject, now=datetime.now(UTC))
    click.echo(f"已绑定。{_SLEEPS}", err=True)


@command.command("list")
def list_command() -> None:
    """列出账号和现有的角色。"""
    with ledger_session() as session:
        for account in accounts.every(session):
            off = "　已停用" if account.disabled_at else ""
            click.echo(f"{account.login}　{account.name}{off}")
            for grant in accounts.grants_of(session, account.id):
                click.echo(f"　　{_shown(grant, today())}")


def _shown(grant: RoleGrant, on: date) -> str:
    over = grant.to_on is not None and grant.to_on < on
    state = "已撤销" if grant.revoked_at else "已到期" if over else "未到期" if grant.from_on > on else "有效"
    of = grant.unit or (f"{grant.case_id} {grant.person}" if grant.case_id else "")
    return f"{grant.id}　{_ROLES.get(grant.role, grant.role)}{f'（{of}）' if of else ''}　{grant.from_on} 至 {grant.to_on or '长期'}　{state}"


@command.command("grant")
@_login
@click.argument("role", metavar="角色", type=click.Choice(list(_ROLES)))
@click.option("--unit", help="单位联络员、单位负责人所代表的单位")
@click.option("--case", "case_id", help="调查对象所在的案件")
@click.option("--person", help="调查对象在案件中的编号")
@click.option("--from", "from_on", type=DAY, default=today, help="起（默认今天，北京时间）")
@click.option("--to", "to_on", type=DAY, help="止，含当日（默认长期）")
def grant(login: str, **asked: Any) -> None:
    """授予角色；角色见 wenze user roles。"""
    with ledger_session(write=True) as session:
        click.echo(grant_role(session, login, Asked(**asked), by=clerk(), now=datetime.now(UTC)))


@command.command("revoke")
@click.argument("grant_id", metavar="授予编号")
def revoke(grant_id: str) -> None:
    """撤销一次授予，下一次请求即不再有效；编号见 wenze user list。"""
    with ledger_session(write=True) as session:
        revoke_role(session, grant_id, by=clerk(), now=datetime.now(UTC))
    click.echo("已撤销", err=True)


@command.command("disable")
@_login
def disable(login: str) -> None:
    """停用账号，退出其全部登录，撤销其令牌。"""
    with ledger_session(write=True) as session:
        set_disabled(session, login, True, now=datetime.now(UTC))
    click.echo("已停用", err=True)


@command.command("enable")
@_login
def enable(login: str) -> None:
    """恢复停用的账号。"""
    with ledger_session(write=True) as session:
        set_disabled(session, login, False, now=datetime.now(UTC))
    click.echo("已恢复", err=True)


@command.command("password")
@_login
def password(login: str) -> None:
    """重设密码，显示一次；退出其全部登录，撤销其令牌，本人登录时须修改。"""
    with ledger_session(write=True) as session:
        made = reset_password(session, books(), login, now=datetime.now(UTC))
    click.echo(f"新的初始密码（只在此处显示，登录时须修改）：{made}")
    click.echo(_SLEEPS, err=True)


@command.command("confirm")
@_login
def confirm(login: str) -> None:
    """核实重设密码（绑定统一身份）之后登录的是本人，其角色恢复生效；通常由安全管理员在“管理”中办理。"""
    with ledger_session(write=True) as session:
        confirm_owner(session, login)
    click.echo("已核实", err=True)


@command.command("second-factor")
@_login
def second_factor(login: str) -> None:
    """停用账号的动态验证码（本人的手机和恢复码都没有了的），退出其全部登录；本人下次登录时得知。"""
    with ledger_session(write=True) as session:
        take_away(session, login, by=clerk(), now=datetime.now(UTC))
    click.echo("已停用", err=True)
