"""``wenze ratings``: what decisions say of the ratings of persons and units. It follows from decisions; it takes none."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click

from models.office import rating_bars
from models.office.ratings import RatingBar
from service.cli.db import ledger_session
from service.cli.options import DAY
from service.cli.trail import clerk
from service.usecases.matters.bar_from_ratings import bar_from_ratings


@click.group("ratings")
def command() -> None:
    """评优评先资格：登记决定所取消的资格，列出一个年度的名单。"""


@command.command("bar")
@click.argument("decision_number", metavar="决定书文号")
@click.option("--on", type=DAY, required=True, help="决定日期；取消决定当年的资格")
@click.option("--unit", required=True, help="单位")
@click.option("--person", help="受到问责的领导干部；不写的，对象为单位")
@click.option("--statement", help="对象为单位的，决定中写明取消资格的原文")
@click.option("--rating-final", is_flag=True, help="当年考核已经评定，须由人处理")
def bar(
    decision_number: str, on: date, unit: str, person: str | None, statement: str | None, rating_final: bool
) -> None:
    """登记决定所取消的资格。"""
    kind = "person" if person else "unit"
    asked = RatingBar(decision_number, on, kind, person or unit, unit, statement, rating_final)
    with ledger_session(write=True) as session:
        found = bar_from_ratings(session, asked, now=datetime.now(UTC), entered_by=clerk())
    click.echo(f"已登记：{found.name}，{found.year}年度")


@command.command("list")
@click.argument("year", type=click.IntRange(2000, 2200), metavar="年度")
def list_command(year: int) -> None:
    """一个年度取消评优评先资格的人员和单位。"""
    with ledger_session() as session:
        for found in rating_bars.of_year(session, year):
            final = "　当年考核已经评定，须由人处理" if found.rating_final else ""
            said = f"　决定写明：{found.statement}" if found.statement else ""
            click.echo(f"{found.name}　{found.unit}　{found.decision_number}（{found.decided_on}）{said}{final}")
