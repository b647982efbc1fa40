"""``wenze bulletin``: the figures of a period, as a table."""

from __future__ import annotations

import csv
import sys
from datetime import datetime

import click

from models.store.database import connect, reading
from service.cli.db import ready_database
from service.usecases.bulletin import bulletin

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("bulletin")
@click.argument("first", type=_DAY, metavar="起日")
@click.argument("last", type=_DAY, metavar="止日")
def command(first: datetime, last: datetime) -> None:
    """督查通报（或者年度考核）的数字，逐单位列出，CSV；含起止两日。只统计，不产生问责记录。"""
    if last < first:
        raise click.BadParameter("止日不得早于起日")
    with reading(connect(ready_database())) as session:
        found = bulletin(session, first=first.date(), last=last.date())
    csv.writer(sys.stdout).writerows(found.lines())
