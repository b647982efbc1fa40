"""``wenze org``: the school's units and the people who lead them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import click

from models.people.organisation import Post
from models.schemas.tables import TableColumn, read_table
from service.books import books
from service.cli.db import ledger_session
from service.cli.files import read_file, show
from service.cli.options import DAY, FILE, apply_option, today
from service.cli.trail import clerk
from service.usecases.exchange import import_people, import_units
from service.usecases.exchange.import_report import ImportReport
from service.usecases.people.organisation import UnitOnDay, posts_on, units_on


@click.group("org")
def command() -> None:
    """学校的单位和人员任职。"""


@command.command("import")
@click.argument("table", type=FILE, metavar="单位表")
@apply_option
def import_command(table: Path, apply: bool) -> None:
    """由 xlsx 或者 CSV 表导入单位（列：单位、起、止，可以有别名、邮箱）；有一行不对即全部不写。

    退出码：0 完成；2 表有误（逐行说明）；1 其他错误。
    """
    _import(table, import_units.COLUMNS, import_units.import_units, apply)


@command.command("import-people")
@click.argument("table", type=FILE, metavar="人员表")
@apply_option
def import_people_command(table: Path, apply: bool) -> None:
    """由 xlsx 或者 CSV 表导入任职（列：工号、姓名、单位、职务、职级、干部管理、起、止，可以有电话、邮箱）；同一工号的另一姓名为更名；有一行不对即全部不写。

    退出码：0 完成；2 表有误（逐行说明）；1 其他错误。
    """
    _import(
        table,
        import_people.COLUMNS,
        partial(import_people.import_people, books=books(), by=clerk(), now=datetime.now(UTC)),
        apply,
    )


@command.command("list")
@click.option("--on", type=DAY, default=today, help="哪一天的（默认今天，北京时间）")
def list_command(on: date) -> None:
    """列出某一天的单位、别名和任职。"""
    with ledger_session() as session:
        for unit in units_on(session, on):
            click.echo(_unit_line(unit))
            for post in posts_on(session, on, unit.name):
                click.echo(_post_line(post))


def _import(path: Path, columns: Sequence[TableColumn], bring_in: Callable[..., ImportReport], apply: bool) -> None:
    table = read_table(read_file(path), path.name, columns)
    with ledger_session(write=True) as session:
        report = bring_in(session, table=table, apply=apply)
    show(report, apply=apply)


def _span(first: date, last: date | None) -> str:
    return f"{first} 起" if last is None else f"{first} 至 {last}"


def _unit_line(unit: UnitOnDay) -> str:
    more = [f"别名：{'、'.join(unit.aliases)}" if unit.aliases else "", unit.email or ""]
    return "　".join([unit.name, _span(unit.from_on, unit.to_on), *(part for part in more if part)])


def _post_line(post: Post) -> str:
    managed, span = (
        books().usual.vocabulary.enumerations["managed_by"][post.managed_by],
        _span(post.from_on, post.to_on),
    )
    return f"  {post.name}（{post.staff_number}）　{post.post}　{post.rank}　{managed}　{span}"
