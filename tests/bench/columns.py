"""A whole population from columns: how many times as fast as one case at a time, how much memory, and on Spark.

Before anything is measured, all are held against each other on the same cases; nothing may differ.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median

import polars as pl

from rules.analysis.columns import Engine, Plan, batches, decide, plan
from rules.analysis.columns.plans import complete
from rules.book.loading import load_rulebook
from rules.book.logic import ESTABLISHED, OPEN, REFUTED, Value
from rules.reasoning.facts import PersonFacts
from tests import spark
from tests.bench.measure import Measure, seconds
from tests.bench.rules_in_turn import Record, Subject
from tests.populations import population

Question = tuple[PersonFacts, Mapping[str, Value]]
_SAMPLE = 2_000
"""Cases that are asked one at a time in a round: others in every round, since the engine remembers conclusions."""
_STREAM = """
import sys
from pathlib import Path
from rules.analysis.columns import batches, decide, plan
from rules.book.loading import load_rulebook
compiled = plan(load_rulebook())
print(sum(len(decide(compiled, frame)) for frame in batches(Path(sys.argv[1]), compiled.schema)))
"""


class Subjects:
    """The same cases in columns, as the engine's prepared questions, and as the records of zen-engine."""

    def __init__(self, rows: int, rounds: int) -> None:
        self.plan = plan(load_rulebook())
        counts = [name for name, column in self.plan.schema.columns.items() if column.kind == "count"]
        self.people = population(self.plan.book, rows).with_columns(pl.col(counts).fill_null(0))
        self.engine, self.subject = Engine(self.plan), Subject(0)
        asked = complete(self.plan.schema, self.people.head(_SAMPLE * rounds))
        self.questions: list[Question] = [self.engine.question(row) for row in asked.iter_rows(named=True)]

    def of_round(self, number: int) -> list[Question]:
        return self.questions[number * _SAMPLE : (number + 1) * _SAMPLE]

    def records(self, number: int) -> list[Record]:
        short = self.subject.short
        return [{short[name]: record[name] for name in short} for _, record in self.of_round(number)]

    def by_engine(self, number: int) -> None:
        evaluator, readings = self.engine.evaluator, self.plan.readings
        for person, record in self.of_round(number):
            evaluator.conclude(person, evaluator.statuses(record), readings)

    def by_columns(self) -> None:
        decide(self.plan, self.people)


def differences(subjects: Subjects, zen: Callable[[Record], list[str]]) -> int:
    """Cases of the sample in which the engine or zen-engine answers otherwise than the columns."""
    people = subjects.people.head(_SAMPLE)
    result = decide(subjects.plan, people)
    wrong = {found.row - 1 for found in subjects.engine.mismatches(people, result)}
    for place, (record, told) in enumerate(zip(subjects.records(0), result.iter_rows(named=True), strict=True)):
        fired = {tuple(name.split("|")) for name in zen(record)}
        for rule in subjects.plan.book.rules.values():
            value = subjects.plan.readings[rule.reading] if rule.reading else ""
            held, may = ((rule.id, value, half) in fired for half in ("holds", "may"))
            status = ESTABLISHED if held else OPEN if may else REFUTED
            if told[rule.id] != status and not (told[rule.id] == "not_raised" and status == REFUTED):
                wrong.add(place)
    return len(wrong)


def measures(rows: int, rounds: int) -> Iterator[Measure]:
    from tests.bench import peers

    subjects = Subjects(rows, rounds)
    zens = {"zen_table": peers.zen_table(subjects.subject), "zen_expressions": peers.zen_expressions(subjects.subject)}
    wrong = sum(differences(subjects, zen) for zen in zens.values())
    what = f"列式、规则引擎、zen-engine 在 {_SAMPLE} 例中答案不同的例数"
    yield Measure("columns_differences", what, [wrong], 0, "at_most")
    times = timed(subjects, zens, rounds)
    found = [one * rows for one in times["columns"]]
    yield Measure("columns_seconds", f"列式计算 {rows} 例的用时（秒）", found, None, "at_most")
    faster = min(zens, key=lambda name: median(times[name]))
    what = "列式计算一例的速度是{}的几倍"
    for name, other, words, target in (
        ("engine", "engine", "规则引擎逐例得出同样结论（全部校验，问题已备好）", 500),
        ("zen", faster, f" {faster} 逐例（只做第一阶段）", 20),
    ):
        ratios = [one / ours for one, ours in zip(times[other], times["columns"], strict=True)]
        yield Measure(f"columns_vs_{name}", what.format(words), ratios, target, "at_least")
    with tempfile.TemporaryDirectory() as folder:
        yield from _from_files(subjects, Path(folder), rows, min(rounds, 3))
        if spark.missing() is None:
            yield from _on_spark(subjects.plan, Path(folder), rows, min(rounds, 3))


def timed(subjects: Subjects, zens: Mapping[str, Callable[[Record], list[str]]], rounds: int) -> dict[str, list[float]]:
    """Seconds a case of each, a round at a time; all in one run."""
    times: dict[str, list[float]] = {name: [] for name in ("columns", "engine", *zens)}
    subjects.by_columns()
    for number in range(rounds):
        records = subjects.records(number)
        times["columns"].append(seconds(subjects.by_columns) / len(subjects.people))
        times["engine"].append(seconds(lambda number=number: subjects.by_engine(number)) / _SAMPLE)  # type: ignore[misc]
        for name, zen in zens.items():
            times[name].append(seconds(lambda zen=zen, records=records: [zen(one) for one in records]) / _SAMPLE)  # type: ignore[misc]
    return times


def _from_files(subjects: Subjects, folder: Path, rows: int, rounds: int) -> Iterator[Measure]:
    for form, write in (("parquet", pl.DataFrame.write_parquet), ("csv", pl.DataFrame.write_csv)):
        few, many = folder / f"few.{form}", folder / f"many.{form}"
        write(subjects.people.head(rows // 10), few)
        write(subjects.people, many)
        runs = [(_stream(few), _stream(many)) for _ in range(rounds)]
        what = f"读取 {form} 文件 {rows} 例并计算"
        yield Measure(f"columns_{form}", f"{what}的用时，含启动（秒）", [one[1][0] for one in runs], None, "at_most")
        peaks = [one[1][1] / 1024 for one in runs]
        yield Measure(f"columns_{form}_peak", f"{what}的内存峰值（MiB）", peaks, None, "at_most")
        ratios = [one[1][1] / one[0][1] for one in runs]
        yield Measure(f"columns_{form}_memory", f"{what}与其十分之一的内存峰值之比", ratios, 1.2, "at_most")


def _stream(path: Path) -> tuple[float, int]:
    """Seconds, and peak resident KiB, of a process that decides the file batch by batch."""

    def run() -> None:
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.execv(sys.executable, [sys.executable, "-c", _STREAM, str(path)])
        _, status, usage = os.wait4(child, 0)
        if status:
            raise RuntimeError(f"exit status {status}")
        peaks.append(usage.ru_maxrss)

    peaks: list[int] = []
    return seconds(run), peaks[0]


def _on_spark(compiled: Plan, folder: Path, rows: int, rounds: int) -> Iterator[Measure]:
    """Read, decide and write a Parquet file: Spark in local mode beside the plan in process."""
    source, target = folder / "many.parquet", folder / "result"

    def in_process() -> None:
        for number, frame in enumerate(batches(source, compiled.schema)):
            decide(compiled, frame).write_parquet(folder / f"ours-{number}.parquet")

    with spark.local_spark() as session:
        spark.decide_on_spark(session, compiled, source, target)
        differ = spark.differing(decide(compiled, pl.read_parquet(source)), target)
        theirs = [seconds(lambda: spark.decide_on_spark(session, compiled, source, target)) for _ in range(rounds)]
    ours = [seconds(in_process) for _ in theirs]
    yield Measure("columns_spark_differences", f"Spark 与列式计算在 {rows} 例中答案不同的例数", [differ], 0, "at_most")
    yield Measure("columns_spark", f"Spark（本机，已启动）读、算、写 {rows} 例的用时（秒）", theirs, None, "at_most")
    yield Measure(
        "columns_vs_spark",
        "同样读、算、写，Spark 的用时是本机列式计算的几倍",
        [one / other for one, other in zip(theirs, ours, strict=True)],
        None,
        "at_least",
    )
