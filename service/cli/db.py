"""``wenze db``: migrations."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from models.store.database import connect, is_current, upgrade
from service.cli.first_account import make_first_administrator
from service.cli.trail import arm, take_in
from service.config import database_url


@click.group("db")
def command() -> None:
    """数据库。"""


@command.command("upgrade")
def upgrade_command() -> None:
    """把数据库结构升级到当前版本。"""
    url = database_url()
    try:
        upgrade(url)
    except DBAPIError as error:
        _unreachable(error)
    click.echo("数据库结构已是当前版本", err=True)
    arm()
    _take_in(url)
    make_first_administrator(url)


def ready_database() -> str:
    """The URL of a database whose schema is current; the embedded one is brought up to date on the way.

    Ends the command with one line where PostgreSQL cannot be reached or has not been upgraded.
    """
    url = database_url()
    engine = connect(url)
    try:
        current = is_current(engine)
    except DBAPIError as error:
        _unreachable(error)
    finally:
        engine.dispose()
    arm()
    if not current and url.startswith("sqlite"):
        upgrade(url)
        _take_in(url)
    elif not current:
        click.echo("数据库结构不是当前版本，请先执行 wenze db upgrade", err=True)
        sys.exit(1)
    return url


@contextmanager
def opened_database() -> Iterator[Engine]:
    """An engine over a ready database, closed when the command ends."""
    engine = connect(ready_database())
    try:
        yield engine
    finally:
        engine.dispose()


def _take_in(url: str) -> None:
    engine = connect(url)
    try:
        take_in(engine)
    finally:
        engine.dispose()


def _unreachable(error: DBAPIError) -> NoReturn:
    click.echo(f"无法连接数据库，请检查 DATABASE_URL 和数据库服务（{type(error.orig).__name__}）", err=True)
    sys.exit(1)
