"""The first administrator, made by the set-up of an empty database: the password is shown once, on the terminal."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from models.store.audit_notes import keep_silent
from models.store.database import connect, writing
from service.books import books
from service.usecases.accounts import first_administrator
from service.usecases.act_on_matter import LOCAL


def make_first_administrator(url: str) -> None:
    """Nothing happens where there is an account already."""
    engine, now = connect(url), datetime.now(UTC)
    try:
        with writing(engine) as session:
            password = first_administrator(session, books(), now=now, today=now.astimezone(LOCAL).date())
            if password is None:
                keep_silent(session)
    finally:
        engine.dispose()
    if password is not None:
        click.echo(f"已建立系统管理员账号 admin，初始密码（只在此处显示，首次登录须修改）：{password}")
