"""``wenze token``: API tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from service.cli.db import ledger_session
from service.cli.options import minute
from service.usecases.people.api_tokens import SCOPES, create_calendar_token, create_token, list_tokens, revoke_token

_PARTS = {"recommendation": "处理建议", "ledger": "台账", "case": "问责案件", "audit": "审计记录"}
_USUAL = ("recommendation",)
"""What a token of no person is confined to where nothing is said."""
_FOR_NOBODY = (
    "这个令牌不代表任何账号，只限{}：可以查阅、请求处理建议、导入导出表格，不能以任何人的名义办理事项和案件、登记督查或者上传材料；"
    "要办理的，用 wenze token create --for 账号"
)
_STATES = {"valid": "有效", "expired": "已过期", "revoked": "已撤销"}


@click.group("token")
def command() -> None:
    """访问令牌。"""


@command.command("create")
@click.option("--name", default="命令行", help="令牌名称，记入回执")
@click.option("--expires-days", type=click.IntRange(1, 3650), default=365, show_default=True, help="有效天数")
@click.option("--calendar", is_flag=True, help="生成日历订阅地址；知道地址的人都能看到其中的事项")
@click.option("--unit", help="日历只含这个单位承办的事项")
@click.option(
    "--only",
    "scopes",
    multiple=True,
    type=click.Choice(list(SCOPES)),
    help=f"只准使用这些部分，可以写多次：{'，'.join(f'{one} {label}' for one, label in _PARTS.items())}。"
    "不写的：代表账号的为全部，不代表账号的只有 recommendation",
)
@click.option(
    "--for", "login", help="代表哪个账号（登录名）；只能做该账号的角色准许的事。不写的，不代表任何账号，不能办理"
)
def create(
    name: str, expires_days: int, calendar: bool, unit: str | None, scopes: tuple[str, ...], login: str | None
) -> None:
    """生成访问令牌，或者日历订阅地址；只在此时显示一次。"""
    if unit is not None and not calendar:
        raise click.UsageError("--unit 只能与 --calendar 同用")
    if scopes and calendar:
        raise click.UsageError("--only 不能与 --calendar 同用")
    if login is not None and calendar:
        raise click.UsageError("--for 不能与 --calendar 同用")
    now = datetime.now(UTC)
    ends = now + timedelta(days=expires_days)
    with ledger_session(write=True) as session:
        if calendar:
            secret = create_calendar_token(session, name, unit=unit, now=now, expires_at=ends)
        else:
            held = scopes or (_USUAL if login is None else ())
            secret = create_token(session, name, now=now, expires_at=ends, scopes=held, login=login)
    if login is None and not calendar:
        click.echo(_FOR_NOBODY.format("、".join(_PARTS[one] for one in scopes or _USUAL)), err=True)
    click.echo(f"/calendar/{secret}.ics" if calendar else secret)


@command.command("list")
def list_command() -> None:
    """列出全部令牌（不含令牌本身）。"""
    with ledger_session() as session:
        rows = list_tokens(session, now=datetime.now(UTC))
    for row in rows:
        ends = minute(row.expires_at) if row.expires_at else "长期"
        hands = f"代表账号 {row.acts_for}" if row.acts_for else "不代表任何账号，不能办理"
        use = f"日历订阅（{row.unit or '全部单位'}）" if row.calendar else hands
        click.echo(f"{row.id}  {_STATES[row.state]}  {minute(row.created_at)} 至 {ends}  {row.name}  {use}")


@command.command("revoke")
@click.argument("token_id", metavar="令牌编号")
def revoke(token_id: str) -> None:
    """撤销令牌，两秒之内失效。"""
    with ledger_session(write=True) as session:
        revoke_token(session, token_id, now=datetime.now(UTC))
    click.echo("已撤销", err=True)
