"""The columns at large: on Spark, over the mutants of the rulebook, and of another law as of the shipped one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from rules.analysis.columns import Plan, decide, plan, vocabulary
from rules.analysis.columns.boundaries import boundaries, check, readings_of
from rules.analysis.mutation.mutants import Mutant, mutants
from rules.analysis.verification.comparison import difference
from rules.book.loading import BOOK as FOLDER
from rules.book.loading import RulebookError, load_rulebook
from rules.book.overlay import load_changed
from rules.book.rulebook import Rulebook
from tests import spark
from tests.populations import population

pytestmark = pytest.mark.soak
BOOK = load_rulebook()
_DECIDING = ("connective", "value", "drop_condition", "negation", "number", "measure", "reading", "order", "drop_rule")
_FILES = ("gates", "situations", "exemptions", "mitigations", "aggravations", "outcomes", "measures", "policy/default")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(spark.missing() is not None, reason=str(spark.missing()))
def test_spark_answers_as_the_plan_in_process(tmp_path: Path) -> None:
    people = pl.concat([population(BOOK, 50_000).drop("case"), boundaries(BOOK).drop("case")], how="diagonal")
    people = people.with_columns(case=pl.int_range(pl.len()).cast(pl.String).str.zfill(8))
    people.write_parquet(tmp_path / "people.parquet")
    with spark.local_spark() as session:
        for readings in readings_of(BOOK):
            compiled = plan(BOOK, readings)
            spark.decide_on_spark(session, compiled, tmp_path / "people.parquet", tmp_path / "result")
            assert spark.differing(decide(compiled, people), tmp_path / "result") == 0, readings


def changed_books() -> Iterator[tuple[Mutant, Rulebook]]:
    """The mutants of what decides; those that the loading refuses are no rulebooks."""
    for mutant in mutants(BOOK):
        if mutant.operator in _DECIDING and mutant.file in _FILES:
            try:
                yield mutant, load_changed(FOLDER, mutant.files)
            except RulebookError:
                continue


def test_the_boundaries_tell_every_other_law_apart() -> None:
    people, plans = boundaries(BOOK), [plan(BOOK, readings) for readings in readings_of(BOOK)]
    ours = [decide(compiled, people).cast(pl.String) for compiled in plans]
    told, alike = 0, []
    for mutant, book in changed_books():
        if vocabulary(book).numbered != vocabulary(BOOK).numbered:
            continue  # other days and counts are other facts: columns of their own
        if all(_same(plan(book, found.readings), people, before) for found, before in zip(plans, ours, strict=True)):
            alike.append((mutant.name, difference(BOOK, book)))
        else:
            told += 1
    assert told > 200
    assert [name for name, found in alike if found is not None] == []


def _same(compiled: Plan, people: pl.DataFrame, before: pl.DataFrame) -> bool:
    after = decide(compiled, people).cast(pl.String)
    return after.columns == before.columns and after.equals(before)


def test_another_law_is_decided_as_by_its_engine() -> None:
    asked = {mutant.operator: (mutant.name, book) for mutant, book in changed_books()}
    assert len(asked) > 5
    for name, book in asked.values():
        assert check(book).first is None, name
