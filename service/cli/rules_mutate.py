"""``wenze rules mutate``: the encoded law changed one place at a time, and whether the features notice."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from rules.analysis.mutation.mutants import Mutant, mutants
from rules.analysis.verification.facts import solver
from rules.packaged import ROOT, packaged
from service.books import books
from service.cli.options import end
from service.documents.analysis.mutation_report import STATES, rows, write_report


@click.command("mutate")
@click.option(
    "--features",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=packaged("features"),
    help="场景的文件夹，默认为 features。",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "build" / "mutation",
    help="报告的文件夹，默认为 build/mutation。",
)
@click.option("--only", multiple=True, help="只审计这些条款（编号，可以重复）。")
@click.option("--operator", multiple=True, help="只用这些改动（可以重复）。")
@click.option(
    "--nearest", type=click.IntRange(1), help="每处改动最多运行多少个最相近的场景；由此没有被发现的不是结论。"
)
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="同时进行的个数。")
def mutate(
    features: Path, out: Path, only: tuple[str, ...], operator: tuple[str, ...], nearest: int | None, workers: int
) -> None:
    """条文变异审计：逐处改动规则数据，运行中文场景，写出报告。有没有被发现的改动，退出码为 1。"""
    if not (ROOT / "tests" / "bdd" / "run_features.py").exists():
        end("变异审计要运行场景的步骤（tests/bdd），只能在源代码目录中进行")
    solver()
    book = books().usual
    chosen = [
        mutant
        for mutant in mutants(book)
        if (not only or mutant.provision in only) and (not operator or mutant.operator in operator)
    ]
    from service.cli.mutation_run import Audit, MutantVerdict, run_features

    found: list[tuple[Mutant, str, str]] = []

    def told(mutant: Mutant, verdict: MutantVerdict) -> None:
        found.append((mutant, verdict.state, verdict.by))
        click.echo(f"{len(found)}/{len(chosen)} {STATES[verdict.state]}　{mutant.name}", err=True)

    audit = Audit(chosen, workers, told, nearest)
    run_features(ROOT, features.resolve(), audit)
    if audit.base:
        end(f"场景在原规则库上没有通过，不能审计：{audit.base}")
    write_report(book, rows(found), out)
    numbers = Counter(state for _, state, _ in found)
    click.echo(f"共 {len(found)} 处改动：" + "，".join(f"{label} {numbers[state]}" for state, label in STATES.items()))
    click.echo(f"报告：{out / 'report.md'}")
    sys.exit(1 if numbers["survived"] or numbers["failed"] else 0)
