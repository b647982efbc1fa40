"""``wenze archive``: a matter's file as one package."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from models.store.attachments import ContentLost
from models.store.database import connect, reading
from service import config
from service.cli.db import ready_database
from service.usecases.act_on_matter import MatterUnknown, matter_id_of
from service.usecases.archive_package import write_archive_package


@click.command("archive")
@click.argument("named", metavar="事项")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="文件.zip", help="写入的文件"
)
def command(named: str, out: Path) -> None:
    """一个事项的归档材料：登记表、催办通知、办理记录、附件、目录和各文件的散列值。同一事项每次生成的文件相同。"""
    with tempfile.NamedTemporaryFile(dir=out.resolve().parent, delete=False) as made:
        try:
            with reading(connect(ready_database())) as session:
                write_archive_package(
                    session, matter_id_of(session, named), made.file, folder=config.attachments_folder()
                )
        except BaseException as error:
            os.unlink(made.name)
            if isinstance(error, MatterUnknown):
                raise click.BadParameter("没有这个事项") from None
            if isinstance(error, ContentLost):
                raise click.ClickException(f"附件的内容已经缺失或者被改动（sha256 {error}），没有生成") from None
            raise
    os.replace(made.name, out)
    click.echo(f"已写入 {out}", err=True)
