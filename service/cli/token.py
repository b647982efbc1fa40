"""``wenze token``: API tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
from sqlalchemy.orm import Session

from models.store.database import connect, upgrade
from service.config import database_url
from service.usecases.api_tokens import create_token


@click.group("token")
def command() -> None:
    """访问令牌。"""


@command.command("create")
@click.option("--name", default="命令行", help="令牌名称，记入回执")
@click.option("--expires-days", type=click.IntRange(1, 3650), default=365, show_default=True, help="有效天数")
def create(name: str, expires_days: int) -> None:
    """生成访问令牌；只在此时显示一次。"""
    url, now = database_url(), datetime.now(UTC)
    if url.startswith("sqlite"):
        upgrade(url)
    with Session(connect(url)) as session:
        secret = create_token(session, name, now=now, expires_at=now + timedelta(days=expires_days))
        session.commit()
    click.echo(secret)
