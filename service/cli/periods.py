"""``wenze periods``: the influence-period table; a row drives nothing until somebody competent has confirmed it on a document."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from models.schemas.periods import STARTS
from rules.book.rulebook import MARKS, Period
from service.books import books
from service.cli.db import ledger_session
from service.cli.trail import clerk
from service.usecases.adopting.influence_periods import book_in_use, confirm_period, withdraw_period


@click.group("periods")
def command() -> None:
    """影响期表：根据上级文件执行。未经确认的行只作提示，不产生任何日期。"""


@command.command("list")
def list_command() -> None:
    """列出各行：期限、起点、出处、核对情况、由谁依据什么文件确认。"""
    with ledger_session() as session:
        for row in book_in_use(session, books()).periods:
            click.echo(_line(row))


@command.command("confirm")
@click.argument("row", metavar="行")
@click.option("--by", required=True, help="确认机构")
@click.option("--on", required=True, help="确认日期，YYYY-MM-DD")
@click.option("--document", required=True, help="确认所依据的文件")
@click.option("--months", type=int, help="文件规定的月数（表中没有，或者与表中不同的）")
@click.option("--start", help=f"起点：{'、'.join(f'{word}（{label}）' for word, label in STARTS.items())}")
def confirm(row: str, by: str, on: str, document: str, months: int | None, start: str | None) -> None:
    """确认一行，此后的办理据以推算影响期；须由有权确认的机构依据文件作出。"""
    asked = {"row": row, "by": by, "on": on, "document": document, "months": months, "start": start}
    with ledger_session(write=True) as session:
        made = confirm_period(session, books(), asked, now=datetime.now(UTC), entered_by=clerk())
        found = next(one for one in book_in_use(session, books()).periods if one.id == made.row)
    click.echo(_line(found))


@command.command("withdraw")
@click.argument("row", metavar="行")
@click.option("--reason", required=True, help="撤回的理由")
def withdraw(row: str, reason: str) -> None:
    """撤回一行的确认；案件中已经记录的影响期满不因此改变。"""
    with ledger_session(write=True) as session:
        made = withdraw_period(
            session, books(), {"row": row, "reason": reason}, now=datetime.now(UTC), entered_by=clerk()
        )
    click.echo(f"已撤回：{made.row}")


def _line(row: Period) -> str:
    months = f"{row.months}个月" if row.months else "没有查到期限"
    start = f"，自{STARTS[row.start]}起" if row.start else ""
    head = f"{row.id}　{row.label}　{months}{start}　{row.basis}（{MARKS[row.mark]}）"
    if row.confirmed is None:
        return f"{head}　尚未确认，不产生日期"
    by = f"{row.confirmed['by']} {row.confirmed['on']} 依据{row.confirmed['document']}确认"
    return f"{head}　{by}" + ("" if row.applied else "；没有月数或者不自决定之日起算，不推算日期")
