"""``wenze status-table``: annex 3 drawn, and read back as the units filled it in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from models.store.database import connect, reading, writing
from service.books import books
from service.cli.db import ready_database
from service.cli.tables import TABLE, clerk, read, refuse, show
from service.usecases.act_on_matter import LOCAL
from service.usecases.forms import status_table_of
from service.usecases.import_status_table import Sender, import_status_table, read_status_table

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("status-table")
def command() -> None:
    """办理情况表（附件3）：发出和读回。"""


@command.command("draw")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path), metavar="文件.xlsx")
@click.option("--cutoff", type=_DAY, required=True, help="统计截止日期")
@click.option("--submit-by", type=_DAY, required=True, help="上交日期")
def draw(out: Path, cutoff: datetime, submit_by: datetime) -> None:
    """画出办理情况表，供单位填报；按扩展名为 xlsx、docx 或者 pdf，只有 xlsx 可以读回。"""
    from service.documents.drawing import DRAW  # here, since its libraries take long to load

    if submit_by < cutoff:
        refuse("上交日期不得早于统计截止日期")
    drawing = DRAW.get(out.suffix.lower().removeprefix("."))
    if drawing is None:
        refuse("文件扩展名应为 .xlsx、.docx 或者 .pdf")
    with reading(connect(ready_database())) as session:
        day = cutoff.date()
        table = status_table_of(session, books(), month=day, cutoff=day, submit_by=submit_by.date())
    out.write_bytes(drawing(table))
    click.echo(f"共 {len(table.rows)} 个事项：{out}")


@command.command("import")
@click.argument("table", type=TABLE, metavar="办理情况表.xlsx")
@click.option("--unit", required=True, help="填报的单位")
@click.option("--actor", required=True, help="填报人")
@click.option("--on", type=_DAY, help="填报日期（默认今天，北京时间）")
@click.option("--apply", is_flag=True, help="写入；不加此项只试读，逐行说明问题")
def import_command(table: Path, unit: str, actor: str, on: datetime | None, apply: bool) -> None:
    """读回单位填好的办理情况表：写“是”的报结，其余记为进展，没有改动的不记；有一行不对即全部不写。

    退出码：0 完成；2 表有误（逐行说明）；1 其他错误。
    """
    now = datetime.now(UTC)
    found = read(table, lambda raw: read_status_table(raw, table.name, books()))
    sender = Sender(unit, actor, on.date() if on else now.astimezone(LOCAL).date(), clerk())
    with writing(connect(ready_database())) as session:
        report = import_status_table(session, books(), found, sender, apply=apply, now=now)
    show(report, apply=apply)
