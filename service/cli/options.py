"""What many commands are told alike: a day, a file to read, a file format, where to write; and how one ends that was told wrongly."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from rules.reasoning.calendar import LOCAL

_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MADE = click.Path(dir_okay=False, path_type=Path)
NAMED = click.Path(exists=True, path_type=Path)


class _Day(click.DateTime):
    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if type(value) is date else super().convert(value, param, ctx).date()


DAY = _Day()


def today() -> date:
    """The local day."""
    return datetime.now(LOCAL).date()


def minute(moment: datetime) -> str:
    """A moment by the local clock."""
    return moment.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


def format_option(kinds: Sequence[str], usual: str) -> _Decorator:
    """``--format`` of a file."""
    return click.option("--format", "kind", type=click.Choice(kinds), default=usual, show_default=True)


def text_or_json(help: str | None = None) -> _Decorator:
    """``--format`` of what is shown."""
    return click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help=help)


today_option = click.option("--today", "day", type=DAY, default=today, help="按哪一天（默认今天，北京时间）")
out_option = click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="文件",
    help="写入文件；不写的，送到标准输出",
)
package_option = click.option("--out", type=MADE, required=True, metavar="文件.zip", help="写入的文件")
"""``--out`` of a package, which has to be a file."""
apply_option = click.option("--apply", is_flag=True, help="写入；不加此项只试读，逐行说明问题")


def end(*lines: str, status: int = 2) -> NoReturn:
    """Say what is wrong, with the input or else, and end."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(status)
