"""``wenze access``: the table of who may do what."""

from __future__ import annotations

from pathlib import Path

import click

from service.access import access
from service.books import books
from service.cli.files import out_option, put
from service.documents.access_table import access_markdown, access_paper

_KINDS = ("md", "docx", "pdf")


@click.command("access")
@click.option("--format", "kind", type=click.Choice(_KINDS), help="格式；不写的，按文件的扩展名，没有文件的为 md")
@out_option
def command(kind: str | None, out: Path | None) -> None:
    """权限表：哪种角色、与案件是何关系的，可以做什么。"""
    chosen = kind or (out.suffix.lower().removeprefix(".") if out else "md")
    if chosen not in _KINDS:
        raise click.UsageError("文件扩展名应为 .md、.docx 或者 .pdf，或者用 --format 写明格式")
    put(
        access_markdown(access(), books().usual.proceedings.actors).encode() if chosen == "md" else _drawn(chosen),
        chosen,
        out,
    )


def _drawn(kind: str) -> bytes:
    from service.documents.drawing import as_docx, as_pdf  # here, since its libraries take long to load

    return (as_docx if kind == "docx" else as_pdf)(access_paper(access(), books().usual.proceedings.actors))
