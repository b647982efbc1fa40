"""``wenze bulletin``: the 督查通报 of a period."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from models.store.database import connect, reading
from service.books import books
from service.cli.db import ready_database
from service.cli.files import out_option, put
from service.documents.exports import BULLETIN, bulletin_file
from service.usecases.act_on_matter import LOCAL
from service.usecases.bulletin import LONGEST_YEARS, bulletin

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("bulletin")
@click.argument("first", type=_DAY, metavar="起日")
@click.argument("last", type=_DAY, metavar="止日")
@click.option("--format", "kind", type=click.Choice(BULLETIN), default="csv", show_default=True)
@click.option("--number", type=click.IntRange(1, 9999), help="期号；不写的，留空由人填写")
@click.option("--issued-on", type=_DAY, help="成文日期（默认今天，北京时间）")
@out_option
def command(
    first: datetime, last: datetime, kind: str, number: int | None, issued_on: datetime | None, out: Path | None
) -> None:
    """一个时期的督查通报，含起止两日：docx、pdf 为全文，csv、json 为数字。只统计，不产生问责记录。"""
    today = datetime.now(LOCAL).date()
    if last < first:
        raise click.BadParameter("止日不得早于起日")
    if last.date() > today:
        raise click.BadParameter(f"止日不得晚于今天（{today}）")
    if last.year - first.year >= LONGEST_YEARS:
        raise click.BadParameter(f"一期通报最多跨{LONGEST_YEARS}个年度")
    with reading(connect(ready_database())) as session:
        found = bulletin(session, books(), first=first.date(), last=last.date())
    day = issued_on.date() if issued_on else today
    put(bulletin_file(found, kind, number=number, issued_on=day, book=books().usual), kind, out)
