"""Every boundary of a rulebook as rows of a population, and the columns held against the engine in all of them.

Each rule over the whole lattice of what it reads (pairwise where that is too large), each count on both sides of each
threshold, each group alleged, not alleged and not said; then the second stage: every judgement with every situation,
and every two rules with every two statuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations, product
from math import prod
from typing import Any

import polars as pl

from rules.analysis.columns.checking import Engine, Mismatch, mismatch, status_of
from rules.analysis.columns.plans import Plan, complete, decide, dtype_of, plan
from rules.analysis.columns.schema import CASE, RAISED, role_facts, vocabulary
from rules.book.logic import ESTABLISHED, OPEN, REFUTED, AtLeast, Condition, Element, Status, kleene, leaves
from rules.book.rulebook import Rule, Rulebook, rule_groups

Row = dict[str, Any]
_MOST = 729
"""Rows of one rule that are all looked at: six elements of three statuses."""
_NO_ROLE = "undetermined"
_TRUTHS = (True, False, None)


@dataclass(frozen=True, slots=True)
class BoundariesChecked:
    """rows: how many boundaries were looked at, under each of ``readings`` combinations. first: where they differ first."""

    rows: int
    readings: int
    first: Mismatch | None
    facts: Mapping[str, Any]


def check(book: Rulebook) -> BoundariesChecked:
    """Decide every boundary under every combination of readings in both ways. Raises EngineFault."""
    frame = boundaries(book)
    under = [plan(book, readings) for readings in readings_of(book)]
    engines = [Engine(compiled) for compiled in under]
    results = [decide(compiled, frame) for compiled in under]
    asked = complete(under[0].schema, frame)
    for place in range(len(asked)):
        row = asked.row(place, named=True)
        stage_one = engines[0].statuses(row)
        for engine, result in zip(engines, results, strict=True):
            found = mismatch(place, row, result.row(place, named=True), engine.told(*stage_one))
            if found:
                known = {name: value for name, value in row.items() if value is not None}
                return BoundariesChecked(len(asked), len(under), found, known | _sensitive(book, engine.plan))
    return BoundariesChecked(len(asked), len(under), None, {})


def boundaries(book: Rulebook) -> pl.DataFrame:
    """The boundaries as a population."""
    schema = vocabulary(book)
    rows = dict.fromkeys(frozenset(row.items()) for row in Boundaries(book).rows())
    made = [dict(row) | {CASE: f"boundary-{number}"} for number, row in enumerate(rows, 1)]
    return pl.DataFrame(made, schema={name: dtype_of(schema.columns[name]) for name in schema.plain})


def _sensitive(book: Rulebook, compiled: Plan) -> dict[str, str]:
    return {rule.reading: compiled.readings[rule.reading] for rule in book.rules.values() if rule.reading}


def readings_of(book: Rulebook) -> Iterator[dict[str, str]]:
    """Every combination of the readings on which rules depend."""
    names = list(dict.fromkeys(rule.reading for rule in book.rules.values() if rule.reading))
    for chosen in product(*(book.readings[name].alternatives for name in names)):
        yield dict(zip(names, chosen, strict=True))


class Boundaries:
    """The rows; what a row does not say is NULL."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self._known: dict[tuple[str, Status], Row | None] = {}
        by_role = self.by_role = role_facts(book)
        gates = [when for rule in book.of_kind("gate") for when in rule.when.values()]
        expected = {leaf.name: not leaf.negated for when in gates for leaf in leaves(when) if isinstance(leaf, Element)}
        derived = {name: expected.get(name, False) for name in book.vocabulary.derived if name not in by_role}
        self.counts = {count.field: 0 for count in book.vocabulary.counts.values()}
        harms = list(book.vocabulary.enumerations["harm"])
        self.usual: Row = {**derived, **self.counts, "party_member": True, "role": self._roles()[0], "harm": harms[-1]}
        found = [rule for rule in book.of_kind("situation") if rule.id not in book.vocabulary.people_only]
        lightest = min(found, key=lambda rule: harms.index(rule.harm_at_least or harms[0]))
        self.held: Row = next(iter(self.ways(lightest, ESTABLISHED)), {})
        """The situation with which the most harms go together, established."""

    def _roles(self) -> list[str]:
        return list(self.book.vocabulary.enumerations["role"])

    def rows(self) -> Iterator[Row]:
        yield self.usual
        for rule in self.book.rules.values():
            yield from self.of_rule(rule)
        for group in self.book.vocabulary.groups:
            yield from self._of_group(group)
        yield from self._judged()
        yield from self._in_pairs()
        yield from self._adjusted()

    def of_rule(self, rule: Rule) -> Iterator[Row]:
        """The lattice of what one rule reads, beside a situation that is established."""
        beside = {} if rule.kind == "situation" else self.held
        alleged = {RAISED + group: True for group in rule_groups(rule, self.book.vocabulary)}
        values = self._values(rule.when.values())
        for found in _lattice(values):
            yield self.usual | beside | alleged | found

    def _values(self, conditions: Iterable[Condition]) -> dict[str, list[Any]]:
        """What a field can be, as far as it makes a difference. What follows from the role is varied by the role."""
        found: dict[str, list[Any]] = {}
        for leaf in (leaf for when in conditions for leaf in leaves(when)):
            if leaf.name in self.by_role:
                found["role"] = [*self._roles(), None]
            elif isinstance(leaf, AtLeast):
                around = {number for number in range(leaf.number - 1, leaf.number + 2) if number >= 0}
                found[leaf.name] = sorted(around | set(found.get(leaf.name, [None])[1:]))
                found[leaf.name].insert(0, None)
            else:
                found[leaf.name] = list(_TRUTHS)
        return found

    def _of_group(self, group: str) -> Iterator[Row]:
        """Alleged, not alleged and not said, with all of its elements alike."""
        elements = [f"{group}.{name}" for name in self.book.vocabulary.groups[group].elements]
        for said, value in product(_TRUTHS, _TRUTHS):
            if not (said is False and value is True):
                yield self.usual | {RAISED + group: said} | dict.fromkeys(elements, value)

    def _judgements(self, *names: str) -> Iterator[Row]:
        words = self.book.vocabulary.enumerations
        values: dict[str, list[Any]] = {
            "harm": [*words["harm"], None],
            "role": [*words["role"], None],
            "unfit_for_post": list(_TRUTHS),
            "party_member": [True, False],
            "distinct_periods": [True, False],
        }
        for chosen in product(*(values[name] for name in names)):
            yield dict(zip(names, chosen, strict=True))

    def _judged(self) -> Iterator[Row]:
        """Every judgement with every harm and every situation, and without any."""
        situations = [found for rule in self.book.of_kind("situation") for found in self.ways(rule, ESTABLISHED, OPEN)]
        every = (
            self._judgements("harm", "role", "unfit_for_post"),
            self._judgements("harm", "party_member", "distinct_periods"),
        )
        for situation, judged in product([{}, *situations], chain(*every)):
            yield self.usual | situation | judged

    def _in_pairs(self) -> Iterator[Row]:
        """Every two rules with every two statuses, beside a situation that is established and beside none."""
        for one, other in combinations(self.book.rules.values(), 2):
            for first, second in product(*(self.ways(rule, ESTABLISHED, OPEN, REFUTED) for rule in (one, other))):
                yield self.usual | first | second
                yield self.usual | self.held | first | second

    def _adjusted(self) -> Iterator[Row]:
        """Every two rules that exempt, mitigate or aggravate, with every harm and with every gate that is not passed."""
        rules = [rule for kind in ("exempt", "mitigate", "aggravate") for rule in self.book.of_kind(kind)]
        judgements = list(self._judgements("harm", "unfit_for_post", "distinct_periods"))
        shut = [found for gate in self.book.of_kind("gate") for found in self.ways(gate, OPEN, REFUTED)]
        for one, other in combinations(rules, 2):
            for first, second in product(self.ways(one, ESTABLISHED), self.ways(other, ESTABLISHED)):
                for beside in (*judgements, *shut):
                    yield self.usual | self.held | first | second | beside

    def ways(self, rule: Rule, *statuses: Status) -> list[Row]:
        """Facts under which the rule has each of these statuses, whatever the readings; without those it cannot have."""
        for status in statuses:
            if (rule.id, status) not in self._known:
                self._known[rule.id, status] = next(self._with_status(rule, status), None)
        return [found for status in statuses if (found := self._known[rule.id, status]) is not None]

    def _with_status(self, rule: Rule, status: Status) -> Iterator[Row]:
        alleged = {RAISED + group: True for group in rule_groups(rule, self.book.vocabulary)}
        for found in _lattice(self._values(rule.when.values())):
            record = {name: value if name in self.counts else status_of(value) for name, value in found.items()}
            if "role" in found:
                record |= {name: roles[found["role"] or _NO_ROLE] for name, roles in self.by_role.items()}
            if None not in record.values() and all(kleene(when, record) == status for when in rule.when.values()):
                yield alleged | found


def _lattice(values: Mapping[str, list[Any]]) -> Iterator[Row]:
    """Every combination of values; where they are too many, every two of them beside others that are all alike."""
    if prod(len(found) for found in values.values()) <= _MOST:
        for chosen in product(*values.values()):
            yield dict(zip(values, chosen, strict=True))
        return
    for place in range(len(_TRUTHS)):
        alike = {name: found[place % len(found)] for name, found in values.items()}
        for one, other in combinations(values, 2):
            for pair in product(values[one], values[other]):
                yield alike | {one: pair[0], other: pair[1]}
