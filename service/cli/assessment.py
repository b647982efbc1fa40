"""``wenze assessment``: what a year's assessment of units is told."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from models.store.database import connect, reading
from service.books import books
from service.cli.db import ready_database
from service.cli.files import out_option, put
from service.documents.exports import ASSESSMENT, assessment_file
from service.usecases.act_on_matter import LOCAL
from service.usecases.bulletin import assessment


@click.command("assessment")
@click.argument("year", type=click.IntRange(1900, 2200), metavar="年")
@click.option("--format", "kind", type=click.Choice(ASSESSMENT), default="csv", show_default=True)
@out_option
def command(year: int, kind: str, out: Path | None) -> None:
    """年度考核所用的各单位数据，以及当年决定取消评优评先资格的人员和单位。本年的统计至今天。"""
    today = datetime.now(LOCAL).date()
    if year > today.year:
        raise click.BadParameter(f"不得晚于本年（{today.year}）")
    with reading(connect(ready_database())) as session:
        found = assessment(session, books(), year=year, today=today)
    put(assessment_file(found, kind), kind, out)
