"""``wenze restore``: a backup put back into a new, empty database and empty folders."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from models.store.database import connect
from service.cli.backup import check_hash, folders, tell
from service.cli.db import chosen_database, tell_database
from service.cli.options import FILE
from service.usecases.administration.restore import restore


def at_terminal() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin.isatty()


@click.command("restore")
@click.argument("archive", type=FILE, metavar="文件")
@click.option("--sha256", metavar="散列值", help="备份时打印的散列值；写明的，整个文件须与之相符")
def command(archive: Path, sha256: str | None) -> None:
    """把一份备份恢复到空库和空的数据文件夹；先逐个核对散列值，恢复之后核对各表行数和审计记录的末条。

    在终端上没有写明 --sha256 的，先请填写，以确认恢复的是哪一份。

    退出码：0 完成；1 备份不完整或者没有完成；2 不能恢复到这里（例如库不是空的）。
    """
    os.umask(0o077)
    if sha256 is None and at_terminal():
        sha256 = click.prompt("请填写备份时打印、另行保存的 sha256，确认恢复的是这一份")
    check_hash(archive, sha256)
    url = chosen_database(new=any(os.environ.get(name) for name in ("DATABASE_URL", "WENZE_DATA_DIR")))
    tell_database(url)
    engine = connect(url)
    try:
        found = restore(archive, engine, folders())
    except DBAPIError as error:
        raise click.ClickException(f"无法连接数据库（{type(error.orig).__name__}）") from None
    finally:
        engine.dispose()
    tell(found, archive)
    click.echo("已恢复；再执行 wenze db upgrade 和 wenze audit verify", err=True)
