"""``wenze org``: the school's units."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from models.store.database import connect, writing
from service.cli.db import ready_database
from service.usecases.import_units import TableUnreadable, import_units, read_units


@click.group("org")
def command() -> None:
    """学校的单位。"""


@command.command("import")
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="单位表.csv")
@click.option("--apply", "apply", is_flag=True, help="写入；不加此项只试读，逐行说明问题")
def import_command(table: Path, apply: bool) -> None:
    """由 CSV 表（列：单位、起、止）导入单位；有一行不对即全部不写。"""
    try:
        rows = read_units(table.read_bytes())
    except TableUnreadable as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    wrong = [row for row in rows if row.problem]
    for row in wrong:
        click.echo(f"第{row.line}行：{row.problem}", err=True)
    if wrong:
        click.echo(f"{len(rows)} 行中有 {len(wrong)} 行不对，没有写入", err=True)
        sys.exit(2)
    if not apply:
        click.echo(f"试读 {len(rows)} 行，没有问题；加 --apply 写入")
        return
    with writing(connect(ready_database())) as session:
        click.echo(f"已写入 {import_units(session, rows)} 个单位")
