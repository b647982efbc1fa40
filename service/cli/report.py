"""``wenze report``: the monthly written report to the leaders."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from models.store.database import connect, reading
from service.books import books
from service.cli.db import ready_database
from service.cli.files import out_option, put
from service.documents.exports import WRITTEN_REPORT, report_file
from service.usecases.act_on_matter import LOCAL
from service.usecases.written_report import MonthToCome, written_report


@click.command("report")
@click.argument("month", type=click.DateTime(["%Y-%m"]), metavar="月")
@click.option("--format", "kind", type=click.Choice(WRITTEN_REPORT), default="docx", show_default=True)
@click.option("--issued-on", type=click.DateTime(["%Y-%m-%d"]), help="成文日期（默认今天，北京时间）")
@out_option
def command(month: datetime, kind: str, issued_on: datetime | None, out: Path | None) -> None:
    """向校领导书面报告一个月（如 2026-05）的重要会议决议、决定贯彻落实情况。"""
    today = datetime.now(LOCAL).date()
    with reading(connect(ready_database())) as session:
        try:
            found = written_report(session, books(), month=month.date(), today=today)
        except MonthToCome:
            raise click.BadParameter(f"不得晚于本月（{today:%Y-%m}）") from None
    day = issued_on.date() if issued_on else today
    put(report_file(found, kind, issued_on=day, book=books().usual), kind, out)
