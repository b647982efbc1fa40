"""What two rulebooks answer for the same person, held against each other: what changes, from what to what, by which provisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.book.logic import ESTABLISHED, OPEN
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredPerson
from rules.reasoning.evaluation import NOT_RAISED, Range

POLICY = "policy"
"""Stands among the provisions for the policy table, which is no law."""


@dataclass(frozen=True, slots=True)
class ComparedAnswer:
    """The part of an answer that is compared. Ranges are (lowest, highest); statuses: of the gates and of the situations raised."""

    outcome: str
    exemption: str
    discipline_track: str
    base: Range | None
    range_mandatory: Range | None
    range_if_discretion: Range | None
    grounds: tuple[str, ...]
    mitigation: tuple[str, ...]
    aggravation: tuple[str, ...]
    flags: tuple[str, ...]
    statuses: tuple[tuple[str, str], ...]

    @property
    def state(self) -> State:
        return self.outcome, self.range_mandatory


State = tuple[str, Range | None]
"""What a person stands at: the outcome, and the mandatory range where there is one."""
_ALWAYS = ("outcome", "discipline_track")
_RANGES = ("base", "range_mandatory", "range_if_discretion")
FIELDS = (*_ALWAYS, *_RANGES, "exemption", "grounds", "mitigation", "aggravation", "flags")
"""What counts as a change; after the first two, only where there is something to hold a person accountable for."""
HELD = "accountable"
"""The outcome on which there is."""


@dataclass(frozen=True, slots=True)
class Change:
    """One person's answer before and after. fields: the ones that differ; provisions: by which ones."""

    before: ComparedAnswer
    after: ComparedAnswer
    fields: tuple[str, ...]
    provisions: tuple[str, ...]


def answer_of(person: AnsweredPerson) -> ComparedAnswer:
    """A person's part of a recommendation, as it is made or as it was stored."""
    statuses = {f"gate.{name}": status for name, status in person.gates.items()} | person.situations
    return ComparedAnswer(
        outcome=person.outcome,
        exemption=person.exemption.state,
        discipline_track=person.discipline_track,
        base=person.base,
        range_mandatory=person.range_mandatory,
        range_if_discretion=person.range_if_discretion,
        grounds=person.exemption.grounds,
        mitigation=person.mitigation,
        aggravation=person.aggravation,
        flags=person.flags,
        statuses=tuple(statuses.items()),
    )


def answer_in(row: Mapping[str, Any], book: Rulebook) -> ComparedAnswer:
    """A row of the columns that ``rules.analysis.columns.decide`` makes."""

    def standing(kind: str, status: str) -> tuple[str, ...]:
        return tuple(rule.id for rule in book.of_kind(kind) if row[rule.id] == status)

    def between(name: str) -> Range | None:
        return (low, row[f"{name}.hi"]) if (low := row[f"{name}.lo"]) is not None else None

    raised = [rule.id for kind in ("gate", "situation") for rule in book.of_kind(kind) if row[rule.id] != NOT_RAISED]
    return ComparedAnswer(
        outcome=row["outcome"],
        exemption=row["exemption"],
        discipline_track=row["track"],
        base=between("base"),
        range_mandatory=between("mandatory"),
        range_if_discretion=between("discretionary"),
        grounds=standing("exempt", ESTABLISHED) or standing("exempt", OPEN),
        mitigation=standing("mitigate", ESTABLISHED),
        aggravation=standing("aggravate", ESTABLISHED),
        flags=tuple(sorted(name[5:] for name in row if name.startswith("flag:") and row[name])),
        statuses=tuple((rule, row[rule]) for rule in raised),
    )


def _fields(before: ComparedAnswer, after: ComparedAnswer) -> tuple[str, ...]:
    held = HELD in (before.outcome, after.outcome)
    return tuple(name for name in (FIELDS if held else _ALWAYS) if getattr(before, name) != getattr(after, name))


@dataclass
class Tally:
    """The changes between two rulebooks, counted. Without a rulebook ``before``, only what each person stands at."""

    before: Rulebook | None
    after: Rulebook
    persons: int = 0
    changed: int = 0
    states: Counter[tuple[State | None, State]] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    provisions: Counter[str] = field(default_factory=Counter)

    def unchanged(self, state: State, number: int) -> None:
        """So many persons stand at this state under both."""
        self.persons += number
        self.states[state if self.before else None, state] += number

    def add(self, before: ComparedAnswer | None, after: ComparedAnswer, number: int = 1) -> Change | None:
        """Count so many persons with these answers; the change, if it is one."""
        differing = _fields(before, after) if before else ()
        if before is None or not differing:
            self.unchanged(after.state, number)
            return None
        change = Change(before, after, differing, tuple(dict.fromkeys(self._through(before, after))))
        self.persons += number
        self.changed += number
        self.states[before.state, after.state] += number
        for name in change.fields:
            self.fields[name] += number
        for provision in change.provisions:
            self.provisions[provision] += number
        return change

    def ordered(self) -> list[tuple[State | None, State, int]]:
        """From, to and how many, the most numerous first; those who stay where they are, after those who move."""
        rows = [(before, after, number) for (before, after), number in self.states.items()]
        return sorted(rows, key=lambda row: (row[0] == row[1], -row[2], str(row)))

    def _through(self, before: ComparedAnswer, after: ComparedAnswer) -> Iterator[str]:
        """The provisions of the rules that stand otherwise; of the range, where it is fixed otherwise; else of the choice itself."""
        found = list(self._rules(before, after))
        if before.base and after.base and before.base != after.base:
            found += list(self._bases(before.base, after.base))
        return iter(found or self._choices(before, after))

    def _rules(self, before: ComparedAnswer, after: ComparedAnswer) -> Iterator[str]:
        old, new = dict(before.statuses), dict(after.statuses)
        differing = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        for name in ("grounds", "mitigation", "aggravation"):
            one, other = getattr(before, name), getattr(after, name)
            differing += [rule for rule in dict.fromkeys((*one, *other)) if (rule in one) != (rule in other)]
        for rule in differing:
            book = self.after if rule in self.after.rules else self.before
            if book is not None and rule in book.rules:
                yield book.rules[rule].provision

    def _bases(self, before: Range, after: Range) -> Iterator[str]:
        """By law where one of them is: the policy table has no measure that the law reserves."""
        books = [book for book in (self.before, self.after) if book is not None]
        laws = [choice.provision for book in books for choice, lo, hi in book.law_ranges if (lo, hi) in (before, after)]
        yield from laws or [POLICY]

    def _choices(self, before: ComparedAnswer, after: ComparedAnswer) -> Iterator[str]:
        book = self.after
        if before.outcome != after.outcome:
            yield from (choice.provision for choice in book.outcomes if choice.id == after.outcome)
        elif before.discipline_track != after.discipline_track:
            yield from (choice.provision for choice in book.tracks if choice.id == after.discipline_track)
        elif before.range_mandatory != after.range_mandatory:
            yield book.aggravation.provision
        elif before.range_if_discretion != after.range_if_discretion:
            yield book.mitigation.provision
        else:
            changed = set(before.flags) ^ set(after.flags)
            yield from (choice.provision for choice in book.flags if choice.id in changed)
