"""A person's question in independent parts: which facts can still vary, and what each part makes of them.

Rules that share no fact make a part each; everything derived from the matter (gates, counts, role) is one part. A part is
small, so it is looked at exhaustively: 3 to the number of its open elements (at most 6 in one rule), times what varies of
the matter; only what the parts come to is then combined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import product
from typing import Any

from rules.book.logic import OPEN, Value, fields
from rules.book.rulebook import Rule
from rules.latitude.residual import Part
from rules.latitude.spans import due_spans
from rules.reasoning.derivation import count_supervision, derive_matter, derive_person
from rules.reasoning.evaluation import NOT_RAISED, Evaluator
from rules.reasoning.facts import CaseFacts
from rules.reasoning.flips import MATTER, TURNS, Fact, Question, elements, unknown_of_matter, unknown_of_person

ACTS = f"{MATTER}acts."
_KINDS = ("matter", "act", "person", "finding", "reading")
"""The kinds of facts in the order in which they vary."""


Assignment = tuple[tuple[str, Any], ...]
"""Facts by name with the values they are given, in the order of the part's facts."""


@dataclass(frozen=True, eq=False)
class Component:
    """Rules (or one judgement) and the facts that they alone depend on. derived: whether anything of it follows from the matter."""

    question: Question
    evaluator: Evaluator
    rules: tuple[Rule, ...]
    judged: str | None
    derived: bool
    facts: tuple[Fact, ...]

    def part(self, assigned: Mapping[str, Any]) -> Part:
        """The fields of stage two that this component decides, with some of its facts given other values."""
        if self.judged is not None:
            was = getattr(self.question.person, self.judged)
            return ((self.judged, assigned.get(self.judged, was) or "unknown"),)
        used = self.question.readings
        record = self._record(assigned)
        found = []
        for rule in self.rules:
            groups = self.evaluator.groups[rule.id]
            raised = not groups or any(group in self.question.person.findings for group in groups)
            key = (rule.id, assigned.get(rule.reading, used[rule.reading]) if rule.reading else "")
            found.append((rule.id, self.evaluator.status(key, record) if raised else NOT_RAISED))
        if self.derived:
            found.append(("role", assigned.get("role", self.question.person.role)))
        return tuple(found)

    def _record(self, assigned: Mapping[str, Any]) -> dict[str, Value]:
        record = self.question.record | {name: to for name, to in assigned.items() if name in self.question.record}
        if "role" in assigned:
            record |= derive_person(replace(self.question.person, role=assigned["role"]))
        if any(name.startswith(MATTER) for name in assigned):
            case, book = _altered(self.question.case, assigned), self.evaluator.book
            record |= derive_matter(case, count_supervision(case, book), book)
        return record

    @cached_property
    def now(self) -> Part:
        return self.part({})

    def assignments(self) -> Iterator[tuple[Any, ...]]:
        """Every choice of facts and values: one value or None (left as it is) a fact."""
        return product(*((None, *fact.to) for fact in self.facts))

    def named(self, chosen: tuple[Any, ...]) -> Assignment:
        return tuple((fact.name, to) for fact, to in zip(self.facts, chosen, strict=True) if to is not None)


def _altered(case: CaseFacts, assigned: Mapping[str, Any]) -> CaseFacts:
    """The case with fields of its matter replaced, and without the disputed acts that turn out not to count."""
    gone = {date.fromisoformat(name.removeprefix(ACTS)) for name, to in assigned.items() if to == "not_counted"}
    values = {
        name.removeprefix(MATTER): to.day if name == "matter.due_on" else to
        for name, to in assigned.items()
        if name.startswith(MATTER) and not name.startswith(ACTS)
    }
    acts = tuple(act for act in case.matter.acts if act.on not in gone)
    return replace(case, matter=replace(case.matter, **values, acts=acts))


def components(question: Question, evaluator: Evaluator, facts: Iterable[Fact]) -> tuple[Part, tuple[Component, ...]]:
    """What does not vary at all, and the parts that do: those of the matter first, then judgements, then rules."""
    person = question.person
    varying = {fact.name: fact for fact in sorted(facts, key=lambda fact: _KINDS.index(fact.kind))}
    found = []
    for rules, read, derived in _independent(evaluator):
        own = [fact for fact in varying.values() if fact.name in read or (derived and _of_matter(fact))]
        found.append(Component(question, evaluator, rules, None, derived, tuple(own)))
    for name in ("harm", "unfit_for_post"):
        own = [varying[name]] if name in varying else []
        found.append(Component(question, evaluator, (), name, False, tuple(own)))
    fixed: Part = tuple(pair for component in found if not component.facts for pair in component.now)
    yes = {True: "yes", False: "no"}
    fixed += (("party_member", yes[person.party_member]), ("distinct_periods", yes[person.distinct_periods]))
    moving = sorted((component for component in found if component.facts), key=_order)
    return fixed, tuple(moving)


def _order(component: Component) -> int:
    return 1 if component.judged else 0 if any(_of_matter(fact) for fact in component.facts) else 2


def _of_matter(fact: Fact) -> bool:
    return fact.kind in ("matter", "act", "reading") or fact.name == "role"


def _read(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset(fields(condition for rule in rules for condition in rule.when.values()))


@lru_cache(maxsize=8)
def _independent(evaluator: Evaluator) -> tuple[tuple[tuple[Rule, ...], frozenset[str], bool], ...]:
    """The rules in groups that share no field with each other; all that is derived counts as one field.

    With each group the fields that it reads, and whether one of them is derived. The same for every case of a rulebook.
    """
    groups: list[tuple[set[str], list[Rule]]] = []
    for rule in evaluator.book.rules.values():
        read = {"derived" if evaluator.book.vocabulary.is_derived(name) else name for name in _read([rule])}
        members = [rule]
        for other in [group for group in groups if not read.isdisjoint(group[0])]:
            groups.remove(other)
            read |= other[0]
            members = [*other[1], *members]
        groups.append((read, members))
    return tuple((tuple(members), _read(members), "derived" in read) for read, members in groups)


# --- the facts that vary ----------------------------------------------------------------------------------------


def open_facts(question: Question, evaluator: Evaluator, disputed: Iterable[date] = ()) -> Iterator[Fact]:
    """What has still to be found. disputed: days whose acts of the Office may turn out not to count."""
    matter = question.case.matter
    if spans := due_spans(question.case, evaluator.book):
        yield Fact("matter", "matter.due_on", None, spans)
    yield from unknown_of_matter(matter)
    for day in sorted({act.on for act in matter.acts} & set(disputed)):
        yield Fact("act", f"{ACTS}{day.isoformat()}", None, ("counted", "not_counted"))
    yield from unknown_of_person(question.person, evaluator.book)
    for name, was in elements(question, evaluator):
        if was == OPEN:
            yield Fact("finding", name, was, TURNS[OPEN])
