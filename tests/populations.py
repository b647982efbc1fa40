"""Populations made up by chance, the same for the same seed: columns as a ministry might have them."""

from __future__ import annotations

import polars as pl

from rules.analysis.columns.plans import dtype_of
from rules.analysis.columns.schema import CASE, RAISED, Column, vocabulary
from rules.book.rulebook import Rulebook

_PER_MILLE = 1000


class Chance:
    """Independent numbers from 0 to 999, a row each."""

    def __init__(self, rows: int, seed: int) -> None:
        self.rows, self.seed = rows, seed

    def below(self, per_mille: int) -> pl.Expr:
        self.seed += 1
        return pl.int_range(0, self.rows).hash(self.seed) % _PER_MILLE < per_mille

    def one_of(self, values: tuple[str | int | None, ...], dtype: pl.DataType) -> pl.Expr:
        self.seed += 1
        found = pl.int_range(0, self.rows).hash(self.seed) % len(values)
        made = pl.lit(values[0], dtype)
        for place, value in enumerate(values):
            made = pl.when(found == place).then(pl.lit(value, dtype)).otherwise(made)
        return made


def population(book: Rulebook, rows: int, seed: int = 2021) -> pl.DataFrame:
    """Cases of which most pass the gates; each group is alleged in some, and then most of its elements are established."""
    schema, chance = vocabulary(book), Chance(rows, seed * 10_000)
    refuted = {name for name in book.vocabulary.derived if name == "accepted_in_time"}
    shown = [
        _cells(book, schema.columns[name], chance, most=name not in refuted).alias(name) for name in schema.plain
    ]  # fmt: skip
    frame = pl.select(shown)
    alleged = [name for name in frame.columns if name.startswith(RAISED)]
    return frame.with_columns(
        pl.when(pl.col(name)).then(pl.col(element)).otherwise(None).alias(element)
        for name in alleged for element in schema.of_group(name.removeprefix(RAISED))
    ).with_columns(pl.when(pl.col(name)).then(True).otherwise(None).alias(name) for name in alleged)  # fmt: skip


def _cells(book: Rulebook, column: Column, chance: Chance, most: bool) -> pl.Expr:
    dtype = dtype_of(column)
    if column.kind == "text":
        number = pl.int_range(0, chance.rows).cast(pl.String)
        return pl.lit("A-") + number if column.name == CASE else pl.lit("P") + number
    if column.kind == "word":
        return chance.one_of((*column.words, *column.words, None), dtype)
    if column.kind == "count":
        return chance.one_of((0, 1, 2, 3, 4, 5, None), dtype)
    if column.name.startswith(RAISED):
        return chance.below(150)
    found = chance.below(250 if column.name in book.vocabulary.judgements else 930 if column.group is None else 800)
    known = pl.lit(True) if column.needed else chance.below(970)
    return pl.when(known).then(found if most else ~found).otherwise(None)
