"""``wenze rules columns``: the columns of a population. ``check-columns``: columns held against the engine at every boundary."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rules.analysis.amendment import load_version
from rules.book.rulebook import Rulebook
from service.books import books
from service.cli.options import NAMED

if TYPE_CHECKING:  # else only where it is needed, since its libraries take half of a start-up
    from rules.analysis.columns import Column

_KINDS = {"text": "文字", "truth": "是否", "count": "次数", "word": "选项"}
_book = click.option("--book", "named", type=NAMED, help="规则库文件夹，或者修改稿；默认为本系统所用的。")


def _loaded(named: Path | None) -> Rulebook:
    return load_version(named).book if named else books().usual


@click.command("columns")
@_book
@click.option(
    "--sql",
    type=click.Choice(["spark", "duckdb"]),
    help="改为写出对视图 population 计算的 SQL，视图须有全部的列（@ 之后带数的除外）。",
)
def columns(named: Path | None, sql: str | None) -> None:
    """列出人群文件（Parquet、CSV、JSON 行）可以有的列：一行是一个案件中的一个人，空白即尚未查明。"""
    from rules.analysis.columns import plan, vocabulary

    book = _loaded(named)
    schema = vocabulary(book)
    if sql is not None:
        click.echo(plan(book).sql(sql, schema.plain))
        return
    for column in schema.columns.values():
        click.echo(f"{column.name}\t{_KINDS[column.kind]}{'（必填）' if column.needed else ''}\t{_labelled(column)}")


def _labelled(column: Column) -> str:
    if column.kind != "word":
        return column.label
    return f"{column.label}：" + "、".join(f"{word} {label}" for word, label in column.words.items())


@click.command("check-columns")
@_book
def check_columns(named: Path | None) -> None:
    """在规则库的全部边界上，把列式计算与规则引擎逐一比较。有一处不同的，说出该情形，退出码为 1。"""
    from rules.analysis.columns.boundaries import check

    book = _loaded(named)
    found = check(book)
    if found.first is None:
        click.echo(
            f"《{book.title}》：边界情形 {found.rows} 种，解释的组合 {found.readings} 种，列式计算与规则引擎完全一致"
        )
        return
    click.echo(str(found.first))
    for line in _facts(book, found.facts):
        click.echo(f"  {line}")
    sys.exit(1)


def _facts(book: Rulebook, facts: Mapping[str, Any]) -> list[str]:
    from rules.analysis.columns import vocabulary

    known = vocabulary(book).columns
    return [
        f"{name}（{known[name].label}）= {_told(value)}" if name in known else f"解释 {name} = {value}"
        for name, value in facts.items()
    ]


def _told(value: Any) -> str:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
