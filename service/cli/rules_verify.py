"""``wenze rules verify``: the rulebook held against itself over every case, or against another version of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from rules.analysis.amendment import load_version
from rules.analysis.verification.comparison import difference
from rules.analysis.verification.facts import Facts
from rules.analysis.verification.faults import KINDS, faults
from rules.analysis.verification.reasoning import Reasoning, answers_in
from rules.analysis.verification.stubs import feature, scenario
from rules.book.rulebook import Rulebook
from service.books import books
from service.cli.options import NAMED


@click.command("verify")
@click.option(
    "--book",
    "named",
    type=NAMED,
    help="被核验的规则库文件夹，或者修改稿；默认为本系统所用的。",
)
@click.option(
    "--against",
    type=NAMED,
    help="与另一版本的规则库文件夹或者修改稿比较：等价，或者最小的不同案例。",
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="把反例写成场景桩（中文 Gherkin）的文件夹。"
)
def verify(named: Path | None, against: Path | None, out: Path | None) -> None:
    """对全部认定核验规则库：没有空白、重叠、永不适用、被包含、矛盾、不单调。有问题或者两个版本不等价的，退出码为 1。"""
    book = load_version(named).book if named else books().usual
    stubs = _compared(book, load_version(against).book) if against else _checked(book)
    if out is not None and stubs:
        out.mkdir(parents=True, exist_ok=True)
        target = out / "counterexamples.feature"
        target.write_text(feature("核验得出的反例，须由人补全", stubs), encoding="utf-8")
        click.echo(f"场景桩 {len(stubs)} 个：{target}")
    sys.exit(1 if stubs is not None else 0)


def _checked(book: Rulebook) -> list[str] | None:
    """Say every fault; the stubs of those with a case, or None without any fault."""
    facts = Facts()
    Reasoning(book, facts)
    found, stated = faults(book), book.monotonies
    click.echo(f"《{book.title}》：认定 {len(facts.terms)} 项，取值的组合 {_grouped(facts.size)} 种，逐一覆盖")
    click.echo(
        f"规则 {len(book.rules)} 条、结论 {len(book.outcomes)} 项、提示 {len(book.flags)} 项、单调性 {len(stated)} 项"
    )
    for fault in found:
        click.echo(f"{KINDS[fault.kind]}：{fault.message}" + (f"（{'、'.join(fault.places)}）" if fault.places else ""))
    click.echo(f"发现问题 {len(found)} 个" if found else "没有发现问题")
    if not found:
        return None
    return [
        scenario(book, f"{KINDS[fault.kind]}之{place}", fault.case, answers_in(book, fault.case), [fault.message])
        for place, fault in enumerate(found, 1)
        if fault.case is not None
    ]


def _compared(book: Rulebook, other: Rulebook) -> list[str] | None:
    found, readings = difference(book, other), list(_readings(book, other))
    for line in readings:
        click.echo(line)
    if found is None and readings:
        click.echo("在同一解释之下，两个版本等价：只是所采用的解释不同")
        return []
    if found is None:
        click.echo("两个版本等价：对每一种认定，结论、区间、提示和所依据的条款都相同")
        return None
    click.echo(f"两个版本不等价，最小的不同案例有 {len(found.case)} 项认定")
    lines = [f"{name}：{before} → {after}" for name, (before, after) in found.answers.items()]
    for line in lines:
        click.echo(f"  {line}")
    answers = answers_in(book, dict(found.case))
    return [scenario(book, "两个版本不同的最小案例", found.case, answers, lines)]


def _readings(book: Rulebook, other: Rulebook) -> Iterator[str]:
    """The readings that the two use otherwise: what is compared is compared under every reading."""
    for name, reading in book.readings.items():
        used, words = other.readings[name].default if name in other.readings else "", reading.alternatives
        if used != reading.default:
            yield f"所采用的解释不同：{name}（{reading.question}）：{words[reading.default]} → {words.get(used, '无')}"


def _grouped(number: int) -> str:
    """A large number as a power of ten."""
    return str(number) if number < 10_000 else f"{number / 10 ** (len(str(number)) - 1):.1f}×10^{len(str(number)) - 1}"
