"""``wenze calendar``: the yearly notice of holidays and make-up working days."""

from __future__ import annotations

from pathlib import Path

import click

from rules.reasoning.calendar import CalendarFault, shipped_years
from service.cli.options import FILE, end
from service.usecases.adopting.calendar_years import YearKnown, calendar_in_use, import_year, imported_years

_MOST_BYTES = 100_000


@click.group("calendar")
def command() -> None:
    """工作日历：每年的节假日安排。没有导入的年份只提示，不推算。"""


@command.command("import")
@click.argument("table", type=FILE, metavar="年度.yaml")
@click.option("--replace", is_flag=True, help="替换已经导入的同一年")
def import_command(table: Path, replace: bool) -> None:
    """由 YAML 文件导入一年的安排：year、source（通知）、holidays、workdays。正在运行的服务随即采用。"""
    if table.stat().st_size > _MOST_BYTES:
        end(f"文件过大，最多 {_MOST_BYTES} 字节")
    try:
        year = import_year(table.read_bytes(), replace=replace)
    except YearKnown as error:
        end(f"{error}（--replace）")
    except CalendarFault as error:
        end(str(error))
    click.echo(f"已导入{year}年")


@command.command("list")
def list_command() -> None:
    """列出已知的年份和核对情况。"""
    known = calendar_in_use()
    sources = {row["year"]: row["source"] for row in (*shipped_years(), *imported_years())}
    for year in sorted(known.years):
        state = "未与通知原文核对" if year in known.unconfirmed else "已按通知"
        click.echo(f"{year}　{state}　{sources[year]}")
