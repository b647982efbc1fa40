"""``wenze config``: the settings there are, and whether those that are set can be used."""

from __future__ import annotations

import click

from service import config
from service.cli.db import unknown_approvers
from service.cli.options import end


@click.group("config")
def command() -> None:
    """设置（环境变量）。"""


@command.command("list")
def list_command() -> None:
    """列出全部设置，格式为 Markdown 表格。"""
    click.echo("| 设置 | 用途 | 取值 | 没有设置的 |\n|---|---|---|---|")
    for setting in config.SETTINGS:
        click.echo(f"| `{setting.name}` | {setting.about} | {setting.allowed} | {setting.usual} |")


@command.command("check")
@click.option("--host", help="假定 wenze serve 用这个监听地址")
def check_command(host: str | None) -> None:
    """列出各项设置现在的值（密钥、密码不显示），并指出全部错误；有错误的退出码为2。"""
    for setting in config.SETTINGS:
        value = config.as_shown(setting)
        click.echo(f"{setting.name}：{setting.usual}（没有设置）" if value is None else f"{setting.name}：{value}")
    for line in config.warnings(host):
        click.echo(f"注意：{line}", err=True)
    try:
        config.check(host)
    except config.ConfigError as error:
        end(str(error))
    place = config.embedded_path()
    if (place is None or place.exists()) and (lines := unknown_approvers(config.database_url())):
        end(*lines)
