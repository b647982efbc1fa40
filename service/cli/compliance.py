"""``wenze compliance``: the results of the scenarios → the compliance report."""

from __future__ import annotations

import json
from pathlib import Path

import click

from service.books import books
from service.documents.rulebook.compliance import compliance_rows, render


@click.command("compliance")
@click.argument("results", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def command(results: Path, folder: Path) -> None:
    """由场景结果（JSON）生成合规报告：文件夹中的 index.html 和 compliance.json。"""
    book = books().usual
    rows = compliance_rows(book, json.loads(results.read_text(encoding="utf-8")))
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    (folder / "compliance.json").write_text(text, encoding="utf-8")
    (folder / "index.html").write_text(render(book, rows), encoding="utf-8")
    click.echo(f"合规报告：{folder / 'index.html'}")
