"""The table that a command reads, within bounds, and its report; and where it puts the file it made: not on a terminal."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from models.schemas.tables import MOST_BYTES
from models.store import whole_files
from service.cli.options import end
from service.usecases.exchange.import_report import ImportReport

_TEXTS = ("csv", "json", "md")
_TRIED = "试读；加 --apply 写入"


@contextmanager
def whole_file(out: Path) -> Iterator[IO[bytes]]:
    """A file to write into: it is there when the block ends well, and as it was before otherwise."""
    folder = out.resolve().parent
    if not folder.is_dir():
        raise click.BadParameter(f"没有文件夹 {folder}", param_hint="--out")
    with whole_files.whole_file(out) as made:
        yield made
    click.echo(f"已写入 {out}", err=True)


def put(raw: bytes, kind: str, out: Path | None) -> None:
    """Write a file of a kind. On a terminal only texts are shown, without the mark that spreadsheets need."""
    if out is not None:
        with whole_file(out) as made:
            made.write(raw)
        return
    if kind not in _TEXTS and sys.stdout.isatty():
        raise click.UsageError(f"{kind} 不能显示在终端上，请用 --out 写明文件")
    sys.stdout.buffer.write(raw.removeprefix(codecs.BOM_UTF8) if kind in _TEXTS else raw)
    sys.stdout.flush()


def read_file(path: Path) -> bytes:
    """The bytes of a file; a longer one ends the command before it is read."""
    if path.stat().st_size > MOST_BYTES:
        end(f"文件过大，最多 {MOST_BYTES // 1_000_000} MB")
    return path.read_bytes()


def show(report: ImportReport, *, apply: bool) -> None:
    """Every problem, then the sum; ends the command with 2 where a row was refused."""
    for row in report.refused:
        for problem in row.problems:
            click.echo(f"第{row.line}行 {row.subject}：{problem}", err=True)
    for row in report.rows:
        if row.renamed is not None:
            click.echo(f"第{row.line}行 {row.subject}")
    if report.refused:
        end(report.summary())
    click.echo(report.summary() if apply else f"{report.summary()}（没有问题。这是{_TRIED}）")
