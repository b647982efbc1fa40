"""Where a command puts the file it made: into a file, or on standard output where that is no terminal."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from models.store import whole_files

_TEXTS = ("csv", "json", "md")


def out_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--out``."""
    path = click.Path(dir_okay=False, writable=True, path_type=Path)
    return click.option("--out", type=path, metavar="文件", help="写入文件；不写的，送到标准输出")(command)


def package_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--out`` of a package, which has to be a file."""
    path = click.Path(dir_okay=False, path_type=Path)
    return click.option("--out", type=path, required=True, metavar="文件.zip", help="写入的文件")(command)


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
    if kind in _TEXTS:
        sys.stdout.buffer.write(raw.removeprefix(codecs.BOM_UTF8))
        sys.stdout.flush()
        return
    if sys.stdout.isatty():
        raise click.UsageError(f"{kind} 不能显示在终端上，请用 --out 写明文件")
    sys.stdout.buffer.write(raw)
    sys.stdout.flush()
