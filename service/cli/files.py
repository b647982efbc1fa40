"""Where a command puts the file it made: into a file, or on standard output where that is no terminal."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

_TEXTS = ("csv", "json")


def out_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--out``."""
    path = click.Path(dir_okay=False, writable=True, path_type=Path)
    return click.option("--out", type=path, metavar="文件", help="写入文件；不写的，送到标准输出")(command)


def put(raw: bytes, kind: str, out: Path | None) -> None:
    """Write a file of a kind. On a terminal only texts are shown, without the mark that spreadsheets need."""
    if out is not None:
        out.write_bytes(raw)
        click.echo(f"已写入 {out}", err=True)
        return
    if kind in _TEXTS:
        sys.stdout.buffer.write(raw.removeprefix(codecs.BOM_UTF8))
        sys.stdout.flush()
        return
    if sys.stdout.isatty():
        raise click.UsageError(f"{kind} 不能显示在终端上，请用 --out 写明文件")
    sys.stdout.buffer.write(raw)
    sys.stdout.flush()
