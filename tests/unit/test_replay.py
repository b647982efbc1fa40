"""Two rulebooks over the same persons: the changes are those worked out by hand, by the engine and by columns alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from rules.analysis.amendment import load_amendment
from rules.analysis.columns import PopulationError
from rules.analysis.replay import POLICY, Change, State, Tally, answer_of
from rules.book.loading import load_rulebook
from rules.book.rulebook import Rulebook
from rules.reasoning.recommendation import Recommender
from service.usecases.analysis import replay_population as columns
from service.usecases.analysis.replay_population import Disagreement, Sampling, replay_population
from tests.conftest import ROOT
from tests.replayed_people import PEOPLE, Someone, row_of

DRAFTS = ROOT / "examples" / "amendments"
NOW, FIVE, YEAR, TABLE = load_rulebook(), *(
    load_amendment(DRAFTS / f"{name}.yaml").book for name in ("five-times", "calendar-year", "stricter-table")
)  # fmt: skip
ENGINE = {book.id: Recommender(book, replay=True) for book in (NOW, FIVE, YEAR, TABLE)}
TIMES = next(rule for rule in NOW.rules.values() if rule.still_unfulfilled_after)
WINDOW = next(rule for rule in NOW.rules.values() if rule.months)
Kept = dict[str, Change]


def by_engine(someone: Someone, other: Rulebook) -> tuple[State, State, Change | None]:
    old, new = (
        answer_of(ENGINE[book.id].recommend(someone.case(), "").persons["P1"]) for book in (NOW, other)
    )  # fmt: skip
    return old.state, new.state, Tally(NOW, other).add(old, new)


def population(folder: Path, *books: Rulebook, kind: str = "parquet") -> Path:
    frame = pl.DataFrame([row_of(someone, *books) for someone in PEOPLE], infer_schema_length=None)
    path = folder / f"people.{kind}"
    {"parquet": frame.write_parquet, "csv": frame.write_csv, "jsonl": frame.write_ndjson}[kind](path)
    return path


def by_columns(path: Path, other: Rulebook, before: Rulebook | None = NOW) -> tuple[Kept, Tally]:
    kept: Kept = {}
    done = replay_population(
        path, before, other, Sampling(1000, 7), lambda case, _, change: kept.update({case: change})
    )
    return kept, done.tally


@pytest.mark.parametrize("someone", PEOPLE, ids=lambda someone: someone.why)
def test_each_person_stands_where_the_text_puts_them(someone: Someone) -> None:
    now, five, change = by_engine(someone, FIVE)
    assert (now, five) == (someone.now, someone.five or someone.now)
    assert (set(change.fields) if change else set()) == someone.fields
    if change:
        assert change.provisions == (TIMES.provision,)
    _, year, change = by_engine(someone, YEAR)
    assert year == (someone.year or someone.now)
    if someone.year:
        assert change is not None
        assert change.provisions == (WINDOW.provision,)


@pytest.mark.parametrize(
    ("kind", "others"),
    [("parquet", (FIVE, YEAR, TABLE)), ("csv", (FIVE,)), ("jsonl", (FIVE,))],
    ids=["parquet", "csv", "jsonl"],
)
def test_columns_come_to_the_same_changes_as_the_engine(
    tmp_path: Path, kind: str, others: tuple[Rulebook, ...]
) -> None:
    for other in others:
        kept, tally = by_columns(population(tmp_path, NOW, other, kind=kind), other)
        expected = {someone.why: by_engine(someone, other) for someone in PEOPLE}
        for why, (old, new, change) in expected.items():
            found = kept.get(why)
            if change is not None and set(change.fields) == {"flags"}:
                assert found is None  # what depends on a reading is told of a case, not of a population
                continue
            assert (found is None) == (change is None), why
            if found is not None and change is not None:
                assert (found.before.state, found.after.state, found.provisions) == (old, new, change.provisions), why
        assert (tally.persons, tally.changed) == (len(PEOPLE), len(kept))
        assert sum(number for *_, number in tally.ordered()) == len(PEOPLE)


def test_another_policy_table_is_told_as_such_and_as_no_provision(tmp_path: Path) -> None:
    someone = replace(PEOPLE[0], person={"harm": "grave"})
    now, stricter, change = by_engine(someone, TABLE)
    assert now == ("accountable", ("notice_of_criticism", "admonition"))
    assert stricter == ("accountable", ("admonition", "admonition"))
    assert change is not None
    assert change.provisions == (POLICY,)


def test_a_number_that_the_file_does_not_tell_apart_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    rows = [{name: value for name, value in row_of(one, NOW).items() if "@" not in name} for one in PEOPLE]
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    done = replay_population(path, NOW, FIVE, Sampling(5, 1), lambda *_: None)
    assert len(done.notes) == 2
    assert all("按“unfulfilled." in note for note in done.notes)


def test_one_rulebook_alone_only_counts(tmp_path: Path) -> None:
    kept, tally = by_columns(population(tmp_path, NOW), NOW, before=None)
    assert (kept, tally.changed, tally.persons) == ({}, 0, len(PEOPLE))
    assert {before for before, *_ in tally.ordered()} == {None}


def test_the_same_rulebook_twice_changes_nobody(tmp_path: Path) -> None:
    kept, tally = by_columns(population(tmp_path, NOW), NOW)
    assert (kept, tally.changed) == ({}, 0)


def test_a_result_that_is_not_the_engines_stops_the_replay_and_names_the_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide: Callable[..., pl.DataFrame] = columns.decide

    def tampered(made: Any, frame: pl.DataFrame) -> pl.DataFrame:
        result = decide(made, frame)
        spoilt = pl.int_range(pl.len()) == 3
        return result.with_columns(
            pl.when(spoilt).then(~pl.col("aggravated")).otherwise("aggravated").alias("aggravated")
        )

    monkeypatch.setattr(columns, "decide", tampered)
    with pytest.raises(Disagreement, match=r"第4行（four acts）.*aggravated.*没有写出任何结果"):
        by_columns(population(tmp_path, NOW, FIVE), FIVE)


def test_every_bad_row_is_told_by_row_and_column(tmp_path: Path) -> None:
    path = population(tmp_path, NOW, FIVE, kind="csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    column = lines[0].split(",").index("harm")
    for at in (2, 4):
        cells = lines[at].split(",")
        lines[at] = ",".join([*cells[:column], "巨大", *cells[column + 1 :]])
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(PopulationError) as caught:
        by_columns(path, FIVE)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(3, "harm"), (5, "harm")]
