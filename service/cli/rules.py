"""``wenze rules check``: load and validate the rulebook, and say what was loaded. ``coverage``: the text to the character."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

import click

from rules.book.coverage import links
from rules.book.rulebook import MARKS, Rulebook
from rules.reasoning.engine import NAME, VERSION
from service.books import books
from service.cli.rules_columns import check_columns, columns
from service.cli.rules_mutate import mutate
from service.cli.rules_verify import verify
from service.documents.rulebook.compliance import SPANS, TREATMENTS, coverage_rows

_KINDS = {
    "gate": "前提",
    "situation": "应予问责",
    "exempt": "可以不予、免予",
    "mitigate": "可以从轻、减轻",
    "aggravate": "应当从重、加重",
}

_STATUS = {"project_default": "项目默认，尚未由有权机构通过", "adopted": "已通过"}


@click.group("rules")
def command() -> None:
    """规则库。"""


command.add_command(verify)
command.add_command(mutate)
command.add_command(columns)
command.add_command(check_columns)


@command.command("check")
def check() -> None:
    """加载并校验规则库的每一版，列出所载内容。"""
    book = books().usual
    click.echo(f"《{book.title}》（{book.number}），{book.in_force_from} 起施行")
    for other in (books().ready(edition).book for edition in books().editions):
        if other.in_force_from != book.in_force_from:
            click.echo(
                f"另有一版：《{other.title}》（{other.number}），{other.in_force_from} 起施行，sha256 {other.sha256}"
            )
    click.echo(f"标识 {book.id}　sha256 {book.sha256}　引擎 {NAME} {VERSION}　策略表 {book.policy_id}")
    treatments = Counter(provision.treatment for provision in book.provisions.values())
    click.echo(
        f"条款 {len(book.provisions)} 条："
        + "、".join(f"{TREATMENTS[name]} {number}" for name, number in treatments.items())
    )
    kinds = Counter(rule.kind for rule in book.rules.values())
    click.echo(f"规则 {len(book.rules)} 条：" + "、".join(f"{_KINDS[name]} {number}" for name, number in kinds.items()))
    click.echo(
        f"解释 {len(book.readings)} 项，其中同时推算 {sum(reading.evaluated for reading in book.readings.values())} 项："
    )
    for reading in book.readings.values():
        click.echo(
            f"  {reading.id} {reading.question}——采用：{reading.alternatives[reading.default]}（{_STATUS[reading.status]}）"
        )
    for line in _unconfirmed(book):
        click.echo(line)


@command.command("coverage")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="json 逐段列出原文和落实之处"
)
def coverage(form: str) -> None:
    """原文逐字的处理方式：各归入多少字；有遗漏、重复或者无处落实的，规则库不能加载，退出码 2。"""
    book = books().usual
    linked = links(book)
    if form == "json":
        rows = [asdict(span) | {"carried_by": linked.get(span.provision or "", ())} for span in book.segments]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    counts = coverage_rows(book)
    total = sum(row["characters"] for row in counts)
    click.echo(f"《{book.title}》原文 {total} 字，分为 {len(book.segments)} 段，没有遗漏，没有重复")
    for row in counts:
        click.echo(
            f"  {SPANS[row['treatment']]}　{row['segments']} 段　{row['characters']} 字　{row['characters'] / total:.1%}"
        )


def _unconfirmed(book: Rulebook) -> Iterator[str]:
    """What has been read from no original, or adopted by nobody: shown, and nothing is derived from it."""
    periods = [period for period in book.periods if period.confirmed is None]
    bases = [(reading, basis) for reading in book.readings.values() for basis in reading.basis if basis["mark"] != "V"]
    duties = [row for row in book.duties if row["source"] == "unconfirmed"]
    yield f"尚未确认、不作为依据的行 {len(periods) + len(bases) + len(duties)} 项："
    for period in periods:
        months = f"{period.months}个月" if period.months else "没有查到期限"
        yield f"  影响期表 {period.label}：{months}（{period.basis}，{MARKS[period.mark]}）"
    for reading, basis in bases:
        yield f"  解释 {reading.id} 所参照的{basis['document']}（{MARKS[basis['mark']]}）"
    for row in duties:
        yield f"  职责 {row['what']}"
