"""A table named on the command line: read within bounds, and its report shown row by row."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from models.schemas.tables import MOST_BYTES, TableUnreadable
from service.cli.trail import clerk
from service.usecases.import_report import ImportReport

__all__ = ["TABLE", "clerk", "read", "read_file", "refuse", "show"]

T = TypeVar("T")
TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
_TRIED = "试读；加 --apply 写入"


def read_file(path: Path) -> bytes:
    """The bytes of a file; a longer one ends the command before it is read."""
    if path.stat().st_size > MOST_BYTES:
        refuse(f"文件过大，最多 {MOST_BYTES // 1_000_000} MB")
    return path.read_bytes()


def read(path: Path, reader: Callable[[bytes], T]) -> T:
    """The table of a file; one that cannot be read ends the command with the reason."""
    try:
        return reader(read_file(path))
    except TableUnreadable as error:
        refuse(str(error))


def refuse(reason: str) -> NoReturn:
    """End the command: the input is wrong."""
    click.echo(reason, err=True)
    sys.exit(2)


def show(report: ImportReport, *, apply: bool) -> None:
    """Every problem, then the sum; ends the command with 2 where a row was refused."""
    for row in report.refused:
        for problem in row.problems:
            click.echo(f"第{row.line}行 {row.subject}：{problem}", err=True)
    if report.refused:
        refuse(report.summary())
    click.echo(report.summary() if apply else f"{report.summary()}（没有问题。这是{_TRIED}）")
