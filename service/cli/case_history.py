"""``wenze case history``: what was written in a case, and who looked at it."""

from __future__ import annotations

from datetime import datetime

import click

from service.audit import OUTCOMES
from service.books import books
from service.cli.ledger_session import ledger_session
from service.cli.trail import label
from service.usecases.act_on_matter import LOCAL
from service.usecases.case_history import Happened, case_history


@click.command("history")
@click.argument("case_id", metavar="案件")
def history_command(case_id: str) -> None:
    """一个案件的经过：全部记录，以及何人何时查阅；本次查阅也记入。"""
    with ledger_session(write=False) as session:
        for row in case_history(session, books(), case_id, label):
            click.echo(_line(row))


def _line(row: Happened) -> str:
    at = f"{datetime.fromisoformat(row.at).astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"
    what = f"第{row.record}号记录　{row.label}" if row.record is not None else row.label
    trail = f"　审计第{row.event}条" if row.event is not None else "　没有审计记录"
    return f"{at}　{what}　{row.by}　{OUTCOMES[row.outcome]}{trail}"
