"""A population put to one rulebook or to two, in batches; a sample of each batch is asked of the engine too. Nobody is written down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import polars as pl

from rules.analysis.columns import Engine, Plan, batches, decide, plan
from rules.analysis.columns.schema import CASE, PERSON
from rules.analysis.replay import HELD, Change, ComparedAnswer, Tally, answer_in
from rules.book.rulebook import Rulebook
from rules.reasoning.engine import EngineFault
from service.usecases.analysis.replay import Disagreement, Keep, Replayed

_STATE = ("outcome", "mandatory.lo", "mandatory.hi")
_BEFORE, _AFTER, _PLACE = "before:", "after:", "place"


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many rows of each batch are asked of the engine, and how they are drawn."""

    rows: int
    seed: int


def replay_population(path: Path, before: Rulebook | None, after: Rulebook, sampling: Sampling, keep: Keep) -> Replayed:
    """The persons of a file under ``after``, and what changes from ``before``. keep: given each change, in the file's order.

    What was kept counts only once this returns. Raises PopulationError with every bad row, Disagreement.
    """
    return _Population([book for book in (before, after) if book is not None], sampling, keep).of(path)


class _Population:
    def __init__(self, books: list[Rulebook], sampling: Sampling, keep: Keep) -> None:
        self.plans = [plan(book) for book in books]
        self.engines = [Engine(made) for made in self.plans]
        self.sampling, self.keep = sampling, keep
        self.done = Replayed(Tally(books[0] if len(books) > 1 else None, books[-1]))

    def of(self, path: Path) -> Replayed:
        schema, seen = self.plans[0].schema | self.plans[-1].schema, 0
        for number, frame in enumerate(batches(path, schema)):
            results = [decide(made, frame) for made in self.plans]
            for engine, result in zip(self.engines, results, strict=True):
                self._sample(engine, frame, result, number, seen)
            if len(results) == 1:
                self._count(results[0])
            else:
                self._compare(*results)
            if not seen:
                self.done.notes += list(self._notes(frame.columns))
            seen += len(frame)
        return self.done

    def _sample(self, engine: Engine, frame: pl.DataFrame, result: pl.DataFrame, number: int, seen: int) -> None:
        try:
            mismatch = engine.sample(frame, result, self.sampling.rows, self.sampling.seed + number)
        except EngineFault as fault:
            raise Disagreement(f"第{seen + 1}行起的一批：{fault}", engine.book) from fault
        if mismatch is not None:
            raise Disagreement(replace(mismatch, row=mismatch.row + seen), engine.book)
        self.done.sampled += min(self.sampling.rows, len(frame))

    def _count(self, result: pl.DataFrame) -> None:
        """Those who stand at each state, by a single rulebook or alike by both."""
        for outcome, lo, hi, number in result.group_by(_STATE).len().iter_rows():
            self.done.tally.unchanged((outcome, (lo, hi) if lo is not None else None), number)

    def _compare(self, before: pl.DataFrame, after: pl.DataFrame) -> None:
        differs = _differing(before, after)
        self._count(after.filter(~differs))
        pairs = _prefixed(before, _BEFORE).hstack(_prefixed(after, _AFTER)).filter(differs)
        changes: dict[int, Change] = {}
        patterns = pairs.with_row_index(_PLACE).group_by(pairs.columns).agg(_PLACE)
        for row in patterns.iter_rows(named=True):
            answers = [
                self._answer(row, prefix, made) for prefix, made in zip((_BEFORE, _AFTER), self.plans, strict=True)
            ]
            change = self.done.tally.add(answers[0], answers[1], len(row[_PLACE]))
            if change is not None:
                changes |= dict.fromkeys(row[_PLACE], change)
        named = after.filter(differs).select(CASE, PERSON)
        for place, (case, person) in enumerate(named.iter_rows()):
            if place in changes:
                self.keep(case, person or "", changes[place])

    def _answer(self, row: Mapping[str, Any], prefix: str, made: Plan) -> ComparedAnswer:
        own = {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)}
        return answer_in(own, made.book)

    def _notes(self, present: list[str]) -> Iterator[str]:
        """Facts that depend on a number in which the two differ, and which the file tells only once."""
        first, last = self.plans[0].schema, self.plans[-1].schema
        for name, apart in last.numbered.items():
            if first.numbered.get(name) != apart and apart not in present and name in present:
                yield f"人群文件没有“{apart}”一列：“{last.columns[name].label}”按“{name}”一列推算，与前一规则集所用的是同一列"


def _differing(before: pl.DataFrame, after: pl.DataFrame) -> pl.Series:
    """The rows that may have changed: in the outcome or the track, or in anything where a person is held accountable."""
    names = [name for name in after.columns if name not in (CASE, PERSON) and name in before.columns]
    others = [_differs(before, after, name) for name in names]
    held = (before["outcome"].cast(pl.String) == HELD) | (after["outcome"].cast(pl.String) == HELD)
    if before.columns == after.columns:
        held = held & reduce(or_, others)
    return held | _differs(before, after, "outcome") | _differs(before, after, "track")


def _differs(before: pl.DataFrame, after: pl.DataFrame, name: str) -> pl.Series:
    one, other = before[name], after[name]
    if one.dtype != other.dtype:
        one, other = one.cast(pl.String), other.cast(pl.String)
    return one.ne_missing(other)


def _prefixed(frame: pl.DataFrame, prefix: str) -> pl.DataFrame:
    return frame.drop(CASE, PERSON).rename(lambda name: f"{prefix}{name}")
