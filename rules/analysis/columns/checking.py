"""The columns held against the engine, one row at a time: every answer of the plan, by the way a case file takes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import polars as pl

from rules.analysis.columns.plans import Plan, complete
from rules.analysis.columns.schema import CASE, RAISED
from rules.book.logic import ESTABLISHED, OPEN, REFUTED, AtLeast, Status, Value, leaves
from rules.reasoning.derivation import derive_person
from rules.reasoning.evaluation import Evaluator, Statuses
from rules.reasoning.facts import FindingFacts, PersonFacts

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A row (from 1, within its frame) in which columns and engine differ. answers: column → (columns, engine)."""

    row: int
    case: str
    answers: Mapping[str, tuple[Any, Any]]

    def __str__(self) -> str:
        told = "；".join(
            f"{name}：列式 {_shown(one)}，引擎 {_shown(other)}" for name, (one, other) in self.answers.items()
        )
        return f"第{self.row}行（{self.case}）列式计算与规则引擎不一致：{told}"


class Engine:
    """A rulebook under one set of readings, asked by the rows of a population."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.book = plan, plan.book
        self.evaluator = Evaluator(plan.book)
        self._groups = {group: plan.schema.of_group(group) for group in plan.book.vocabulary.groups}
        conditions = [when for rule in self.book.rules.values() for when in rule.when.values()]
        found = [leaf for when in conditions for leaf in leaves(when) if isinstance(leaf, AtLeast)]
        self._counts = {
            count.field: sorted({0, *(leaf.number for leaf in found if leaf.name == count.field)})
            for count in self.book.vocabulary.counts.values()
        }
        """Each count with one number on each side of every threshold: all that a count not known may turn out to be."""

    def answers(self, row: Row) -> dict[str, Any]:
        """The answers of the plan, by the engine with its checks. Raises EngineFault."""
        return self.told(*self.statuses(row))

    def statuses(self, row: Row) -> tuple[PersonFacts, Statuses]:
        """The first stage, the same under all readings."""
        person, known = self.question(row)
        return person, self._together([self.evaluator.statuses({**known, **counts}) for counts in self._possible(row)])

    def question(self, row: Row) -> tuple[PersonFacts, dict[str, Value]]:
        """The person and the record of stage one; a count that is not known is none."""
        person = self._person(row)
        counts = {name: row[name] or 0 for name in self._counts}
        return person, {**derive_person(person), **self._found(row, person), **self._derived(row), **counts}

    def _person(self, row: Row) -> PersonFacts:
        alleged: dict[str, dict[str, FindingFacts]] = {
            group: {} for group, elements in self._groups.items() if _alleged(row, group, elements)
        }
        return PersonFacts(
            id=str(row[CASE]),
            managed_by="other",
            party_member=bool(row["party_member"]),
            role=row["role"] or "undetermined",
            harm=row["harm"],
            unfit_for_post=status_of(row["unfit_for_post"]),
            distinct_periods=bool(row["distinct_periods"]),
            findings=alleged,
        )

    def _found(self, row: Row, person: PersonFacts) -> dict[str, Value]:
        return {
            name: status_of(row[name]) if group in person.findings else REFUTED
            for group, elements in self._groups.items()
            for name in elements
        }

    def _derived(self, row: Row) -> dict[str, Value]:
        known = self.plan.schema.columns
        return {name: status_of(row[name]) for name in self.book.vocabulary.derived if name in known}

    def _possible(self, row: Row) -> Iterator[dict[str, int]]:
        """The counts as they are; for one that is not known, every number that makes a difference."""
        numbers = [[row[name]] if row[name] is not None else possible for name, possible in self._counts.items()]
        for chosen in product(*numbers):
            yield dict(zip(self._counts, chosen, strict=True))

    def _together(self, found: list[dict[tuple[str, str], Status]]) -> Statuses:
        if len(found) == 1:
            return found[0]
        return {key: value if all(value == each[key] for each in found) else OPEN for key, value in found[0].items()}

    def told(self, person: PersonFacts, statuses: Statuses) -> dict[str, Any]:
        """The second stage under the readings of the plan."""
        book, found = self.book, self.evaluator.conclude(person, statuses, self.plan.readings)
        told: dict[str, Any] = {
            "outcome": found.outcome,
            "exemption": found.exemption,
            "outcome.provision": next(choice.provision for choice in book.outcomes if choice.id == found.outcome),
            "track": found.track.id,
            "track.provision": found.track.provision,
            "law": found.law and found.law.id,
            "law.provision": found.law and found.law.provision,
            "mitigated": bool(found.mitigation),
            "aggravated": bool(found.aggravation),
        }
        for name in ("base", "mandatory", "discretionary"):
            told[f"{name}.lo"], told[f"{name}.hi"] = getattr(found, name) or (None, None)
        flags = [choice.id for choice in (*book.flags, book.aggravation.capped) if choice is not None]
        told |= {f"flag:{flag}": flag in found.flags for flag in flags}
        shown = found.choices if found.outcome == "accountable" else ()
        told |= {f"slot:{choice.id}": place in shown for place, (choice, _) in enumerate(book.discretion)}
        return told | {rule: found.record[rule] for rule in book.rules}

    def mismatches(
        self, frame: pl.DataFrame, result: pl.DataFrame, rows: Iterable[int] | None = None
    ) -> Iterator[Mismatch]:
        """The rows (from 0; without ``rows`` all) whose answers are not the engine's."""
        asked = complete(self.plan.schema, frame)
        for place in range(len(asked)) if rows is None else rows:
            row = asked.row(place, named=True)
            found = mismatch(place, row, result.row(place, named=True), self.answers(row))
            if found:
                yield found

    def sample(self, frame: pl.DataFrame, result: pl.DataFrame, n: int, seed: int) -> Mismatch | None:
        """The first of ``n`` rows drawn by ``seed`` that differs; None where none does."""
        drawn = sorted(random.Random(seed).sample(range(len(frame)), min(n, len(frame))))
        return next(self.mismatches(frame, result, drawn), None)


_NO = object()


def mismatch(place: int, row: Row, told: Mapping[str, Any], expected: Mapping[str, Any]) -> Mismatch | None:
    """What columns told of a row (from 0) and what the engine does; None where they agree."""
    wanted = {CASE: row[CASE], **expected}
    differing = {name: (told.get(name), value) for name, value in wanted.items() if told.get(name, _NO) != value}
    return Mismatch(place + 1, str(row[CASE]), differing) if differing else None


def _alleged(row: Row, group: str, elements: Iterable[str]) -> bool:
    said = row[RAISED + group]
    return any(row[name] is not None for name in elements) if said is None else bool(said)


def status_of(value: bool | None) -> Status:
    return OPEN if value is None else ESTABLISHED if value else REFUTED


def _shown(value: Any) -> str:
    return "无" if value is None else {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
