"""``wenze demo``: a demonstration year with an account for each role, in an empty database on this machine; passwords are shown once."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from models.store.database import connect, reading, writing
from service import config
from service.books import books
from service.cli.db import make_first_administrators, ready_database
from service.cli.options import end
from service.usecases.administration.demonstration import LogIn, NotEmpty, is_demonstration, new_passwords, seed


@click.command("demo")
def command() -> None:
    """写入示范数据：一所虚构学校的一年，每个角色一个账号。再次执行只换新的密码。

    只能用于本机地址、嵌入式的空数据库。退出码：0 完成；1 库中已有其他数据，没有写入；2 设置不允许。
    """
    try:
        config.check(sample=True)
    except config.ConfigError as error:
        end(str(error))
    url = ready_database(new=True)
    make_first_administrators(url)
    engine = connect(url)
    try:
        with reading(engine) as session:
            known = is_demonstration(session)
        with writing(engine) as session:
            now = datetime.now(UTC)
            made = new_passwords(session, books(), now=now) if known else seed(session, books(), now=now)
    except NotEmpty:
        end("库中已有其他数据，没有写入示范数据；要示范的，用 WENZE_DATA_DIR 指一个空文件夹", status=1)
    finally:
        engine.dispose()
    _show(made)


def _show(made: list[LogIn]) -> None:
    click.echo("示范数据的账号（登录名、密码、角色、姓名；密码每次执行都换新的，只在此处显示）：")
    for one in made:
        click.echo(f"　　{one.login:<13}{one.password}　{one.role}　{one.name}")
