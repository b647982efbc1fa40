"""``wenze db``: migrations."""

from __future__ import annotations

import click

from models.store.database import upgrade
from service.config import database_url


@click.group("db")
def command() -> None:
    """数据库。"""


@command.command("upgrade")
def upgrade_command() -> None:
    """把数据库结构升级到当前版本。"""
    upgrade(database_url())
    click.echo("数据库结构已是当前版本", err=True)
