"""The plan of a rulebook: its query, ready to be put to any number of rows. In process by polars, elsewhere by its SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlglot import exp

from rules.columns.query import POPULATION, Words, written
from rules.columns.schema import Column, Schema, vocabulary
from rules.rulebook import Rulebook


@dataclass(frozen=True)
class Plan:
    """One rulebook under one set of readings, compiled. words: column of the result → what its numbers stand for."""

    book: Rulebook
    readings: Mapping[str, str]
    schema: Schema
    query: exp.Select
    words: Words

    def sql(self, dialect: str) -> str:
        """The query over the view ``population`` in one dialect of SQL (``spark``, ``duckdb``, ``postgres``)."""
        return self.query.sql(dialect=dialect)


def plan(book: Rulebook, readings: Mapping[str, str] | None = None) -> Plan:
    """The plan under the readings that the book uses, some of them replaced by ``readings``. Raises ValueError."""
    for name, value in (readings or {}).items():
        if name not in book.readings or value not in book.readings[name].alternatives:
            raise ValueError(f"解释 {name} 没有取值“{value}”")
    used = {reading.id: reading.default for reading in book.readings.values()} | dict(readings or {})
    schema = vocabulary(book)
    query, words = written(book, schema, used)
    return Plan(book, used, schema, query, words)


def decide(plan: Plan, frame: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """The result, a row for each row of the population and in its order.

    frame: columns of ``plan.schema``; one that is missing is NULL throughout. Columns: case, person, outcome and its
    provision, exemption, track, law and its provision (NULL: the policy table, or no range), both ends of the ranges base,
    mandatory and discretionary, mitigated, aggravated, ``flag:…``, ``slot:…``, and each rule by its id with its status.
    """
    context = pl.SQLContext({POPULATION: completed(plan.schema, frame.lazy())})
    return context.execute(plan.sql("postgres")).with_columns(*_in_words(plan)).collect()


def completed(schema: Schema, frame: pl.LazyFrame) -> pl.LazyFrame:
    """The columns of the schema and no others: the numbered ones in the place of their facts, the missing ones NULL."""
    present = set(frame.collect_schema().names())
    shown = []
    for name, column in schema.columns.items():
        source = schema.numbered.get(name, name)
        source = source if source in present else name
        shown.append(pl.col(source).alias(name) if source in present else pl.lit(None, dtype_of(column)).alias(name))
    return frame.select(shown)


def dtype_of(column: Column) -> Any:
    """The type of polars in which a column is kept."""
    if column.kind == "word":
        return pl.Enum(list(column.words))
    return {"text": pl.String, "truth": pl.Boolean, "count": pl.UInt32}[column.kind]()


def _in_words(plan: Plan) -> list[pl.Expr]:
    shown = [(name, plan.words[name]) for name in plan.query.named_selects if name in plan.words]
    return [pl.col(name).cast(pl.UInt8).cat.to(pl.Enum(words)) for name, words in shown]
