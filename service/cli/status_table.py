"""``wenze status-table``: annex 3 drawn, and read back as the units filled it in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from models.records.record import Actor
from service.books import books
from service.cli.db import ledger_session
from service.cli.files import read_file, show
from service.cli.options import DAY, FILE, MADE, apply_option, end, today
from service.cli.trail import clerk
from service.usecases.chosen import by_person
from service.usecases.exchange.import_status_table import Sender, import_status_table, read_status_table
from service.usecases.matters.forms import status_table_of


@click.group("status-table")
def command() -> None:
    """办理情况表（附件3）：发出和读回。"""


@command.command("draw")
@click.argument("out", type=MADE, metavar="文件.xlsx")
@click.option("--cutoff", type=DAY, required=True, help="统计截止日期")
@click.option("--submit-by", type=DAY, required=True, help="上交日期")
def draw(out: Path, cutoff: date, submit_by: date) -> None:
    """画出办理情况表，供单位填报；按扩展名为 xlsx、docx 或者 pdf，只有 xlsx 可以读回。"""
    from service.documents.drawing.formats import DRAW  # here, since its libraries take long to load

    if submit_by < cutoff:
        end("上交日期不得早于统计截止日期")
    drawing = DRAW.get(out.suffix.lower().removeprefix("."))
    if drawing is None:
        end("文件扩展名应为 .xlsx、.docx 或者 .pdf")
    with ledger_session() as session:
        table = status_table_of(session, books(), month=cutoff, cutoff=cutoff, submit_by=submit_by)
    out.write_bytes(drawing(table))
    click.echo(f"共 {len(table.rows)} 个事项：{out}")


@command.command("import")
@click.argument("table", type=FILE, metavar="办理情况表.xlsx")
@click.option("--unit", required=True, help="填报的单位")
@click.option("--actor", required=True, help="填报人")
@click.option("--on", type=DAY, default=today, help="填报日期（默认今天，北京时间）")
@click.option("--late-reason", help="补录理由（填报日期早于今天的必须填写）")
@apply_option
def import_command(table: Path, unit: str, actor: str, on: date, late_reason: str | None, apply: bool) -> None:
    """读回单位填好的办理情况表：写“是”的报结，其余记为进展，没有改动的不记；有一行不对即全部不写。

    退出码：0 完成；2 表有误（逐行说明）；1 其他错误。
    """
    found = read_status_table(read_file(table), table.name, books())
    with ledger_session(write=True) as session:
        sender = Sender(by_person(session, Actor(actor, "unit", unit)), on, clerk(), late_reason=late_reason)
        report = import_status_table(session, books(), found, sender, apply=apply, now=datetime.now(UTC))
    show(report, apply=apply)
