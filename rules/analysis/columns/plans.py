"""The plan of a rulebook: its query, ready to be put to any number of rows. In process by polars, elsewhere by its SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from sqlglot import exp

from rules.analysis.columns.query import COMPLETED, Words, completed, in_words, written
from rules.analysis.columns.schema import Column, Schema, vocabulary
from rules.book.rulebook import Rulebook

POPULATION = "population"
"""The view over which the query is made."""
_DIALECT = "duckdb"
"""The dialect nearest to the one that polars takes."""


@dataclass(frozen=True)
class Plan:
    """One rulebook under one set of readings, compiled. words: column of the result → what its numbers stand for."""

    book: Rulebook
    readings: Mapping[str, str]
    schema: Schema
    query: exp.Select
    words: Words
    _known: dict[tuple[str, ...], str] = field(default_factory=dict, compare=False)

    def sql(self, dialect: str, present: Collection[str], view: str = POPULATION) -> str:
        """The query in one dialect of SQL (``spark``, ``duckdb`` …) over a view that has the columns ``present``.

        Every answer is a word.
        """
        return in_words(self._numbers(present, view), self.words).sql(dialect=dialect)

    def in_process(self, present: Sequence[str]) -> str:
        """The query as polars takes it, with the numbers that stand for words: much faster to make."""
        known = self._known.get(tuple(present))
        if known is None:
            known = self._known[tuple(present)] = self._numbers(present, POPULATION).sql(dialect=_DIALECT)
        return known

    def _numbers(self, present: Collection[str], view: str) -> exp.Select:
        return self.query.with_(COMPLETED, as_=completed(self.schema, present, view))


def plan(book: Rulebook, readings: Mapping[str, str] | None = None) -> Plan:
    """The plan under the readings that the book uses, some of them replaced by ``readings``. Raises ValueError."""
    for name, value in (readings or {}).items():
        if name not in book.readings or value not in book.readings[name].alternatives:
            raise ValueError(f"解释 {name} 没有取值“{value}”")
        if value != book.readings[name].default and not book.readings[name].evaluated:
            raise ValueError(f"解释 {name} 未登记为可推算")
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
    lazy = frame.lazy()
    query = pl.SQLContext({POPULATION: lazy}).execute(plan.in_process(lazy.collect_schema().names()))
    return query.with_columns(*_worded(plan)).collect()


def complete(schema: Schema, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the columns of the schema and no others, as the plan sees them."""
    return (
        pl.SQLContext({POPULATION: frame})
        .execute(completed(schema, frame.columns, POPULATION).sql(dialect=_DIALECT))
        .collect()
    )


def dtype_of(column: Column) -> Any:
    """The type of polars in which a column is kept."""
    if column.kind == "word":
        return pl.Enum(list(column.words))
    return {"text": pl.String, "truth": pl.Boolean, "count": pl.UInt32}[column.kind]()


def _worded(plan: Plan) -> list[pl.Expr]:
    shown = [(name, plan.words[name]) for name in plan.query.named_selects if name in plan.words]
    return [pl.col(name).cat.to(pl.Enum(words)) for name, words in shown]
