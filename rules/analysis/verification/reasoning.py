"""The reasoning of one book as terms of the solver: the same two stages as ``rules.reasoning.evaluation``, written anew.

A property test holds it against the engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rules.analysis.verification.facts import CaseTerms, Facts, Term
from rules.book.logic import ESTABLISHED, AtLeast, Condition, Element, Leaf, OneOf, folded
from rules.book.rulebook import Branch, Rule, Rulebook, rule_groups
from rules.reasoning.evaluation import NOT_RAISED

NONE = "∅"
"""Where an ordered list gives no answer."""


class Reasoning:
    """What follows in every case, as terms over its facts."""

    def __init__(self, book: Rulebook, facts: Facts, apart: Mapping[str, str] | None = None) -> None:
        self.book, self.facts, self.z3 = book, facts, facts.z3
        self.case = CaseTerms(book, facts, apart)
        self.rank = book.rank
        self.statuses = {rule.id: self._status(rule) for rule in book.rules.values()}
        self.record = {**self.statuses, **self._gathered(), **self.case.judged}
        self.outcome = self.first(book.outcomes, "id")
        self.accountable = self.is_(self.outcome, "accountable")
        self._ranges()

    def is_(self, term: Term, word: str) -> Term:
        return term == self.facts.code(word)

    # --- stage one ---

    def found(self, condition: Condition, *, may: bool = False) -> Term:
        """Whether a condition over findings holds, or may hold."""

        def leaf(leaf: Leaf) -> Term:
            match leaf:
                case Element(name, negated):
                    term = self.case.elements[name]
                    return term != (2 if negated else 0) if may else term == (0 if negated else 2)
                case AtLeast(name, number, negated):
                    term = self.case.elements[name]
                    return term < number if negated else term >= number
            raise TypeError(leaf)

        return folded(condition, leaf, self.z3.And, self.z3.Or)

    def raised(self, rule: Rule) -> Term:
        groups = rule_groups(rule, self.book.vocabulary)
        return self.z3.Or([self.is_(self.case.raised[group], "yes") for group in groups]) if groups else True

    def _status(self, rule: Rule) -> Term:
        def one(when: Condition) -> Term:
            return self.z3.If(self.found(when), 2, self.z3.If(self.found(when, may=True), 1, 0))

        result: Term = None
        for value, when in rule.when.items():
            if result is None:
                result = one(when)
            elif rule.reading is not None:
                result = self.z3.If(self.is_(self.case.readings[rule.reading], value), one(when), result)
        return self.z3.If(self.raised(rule), result, self.facts.code(NOT_RAISED))

    def _gathered(self) -> dict[str, Term]:
        z3, code, people = self.z3, self.facts.code, self.book.vocabulary.people_only
        situations = [self.statuses[rule.id] for rule in self.book.of_kind("situation") if rule.id not in people]
        exemptions = [self.statuses[rule.id] for rule in self.book.of_kind("exempt")]

        def some(terms: Sequence[Term], value: int) -> Term:
            return z3.Or([term == value for term in terms])

        def with_(kind: str) -> Term:
            held = z3.Or([self.statuses[rule.id] == 2 for rule in self.book.of_kind(kind)])
            return z3.If(held, code("yes"), code("no"))

        return {
            "situation": z3.If(some(situations, 2), 2, z3.If(some(situations, 1), 1, 0)),
            "exemption": z3.If(
                some(exemptions, 2), code("available"), z3.If(some(exemptions, 1), code("pending"), code("none"))
            ),
            "mitigated": with_("mitigate"),
            "aggravated": with_("aggravate"),
        }

    # --- stage two ---

    def holds(self, condition: Condition) -> Term:
        """Whether a condition on the derived record holds."""

        def leaf(leaf: Leaf) -> Term:
            if not isinstance(leaf, OneOf):
                raise TypeError(leaf)
            held = self.z3.Or([self.record[leaf.name] == self.facts.code(str(value)) for value in leaf.values])
            return self.z3.Not(held) if leaf.negated else held

        return folded(condition, leaf, self.z3.And, self.z3.Or)

    def first(self, choices: Sequence[Branch], field: str) -> Term:
        """The field of the first choice whose condition holds."""
        result: Term = self.z3.IntVal(self.facts.code(NONE))
        for choice in reversed(choices):
            result = self.z3.If(self.holds(choice.when), self.facts.code(getattr(choice, field)), result)
        return result

    def _ranges(self) -> None:
        """Base, mandatory and discretionary range as rungs; -1 where there is none."""
        z3, book = self.z3, self.book
        mitigated, aggravated = (self.is_(self.record[name], "yes") for name in ("mitigated", "aggravated"))
        ranged = z3.And(self.accountable, z3.Not(self.is_(self.record["harm"], "unknown")))
        lo, hi = (z3.If(ranged, self._base(end), -1) for end in (0, 1))
        raised, lowered = hi, lo
        for below, above in book.aggravation.raises.items():
            raised = z3.If(hi == self.rank[below], self.rank[above], raised)
        floor = self.rank[book.mitigation.floor]
        lowered = z3.If(lo - book.mitigation.lowers_by < floor, floor, lo - book.mitigation.lowers_by)
        raised = z3.If(aggravated, raised, hi)
        must = (z3.If(aggravated, hi, lo), raised)
        lightened = z3.If(mitigated, z3.If(aggravated, lo, z3.If(lo < 0, -1, lowered)), must[0])
        self.ranges = {"base": (lo, hi), "mandatory": must, "discretionary": (lightened, raised)}
        self.capped = z3.And(ranged, aggravated, raised == hi)

    def _base(self, end: int) -> Term:
        result: Term = self.z3.IntVal(-1)
        for (harm, role), bounds in self.book.policy.items():
            cell = self.z3.And(self.is_(self.record["harm"], harm), self.is_(self.record["role"], role))
            result = self.z3.If(cell, self.rank[bounds[end]], result)
        for choice, *limits in reversed(self.book.law_ranges):
            result = self.z3.If(self.holds(choice.when), self.rank[limits[end]], result)
        return result

    def answers(self) -> dict[str, Term]:
        """Everything that a recommendation says of a case, with what it cites: two books with equal answers are equivalent."""
        z3, code = self.z3, self.facts.code
        found: dict[str, Any] = {
            "outcome": self.outcome,
            "outcome.provision": self.first(self.book.outcomes, "provision"),
            "track": self.first(self.book.tracks, "id"),
            "exemption": self.record["exemption"],
            "track.provision": self.first(self.book.tracks, "provision"),
        }
        measures = [code(f"measure:{measure}") for measure in self.book.ladder]
        for name, ends in self.ranges.items():
            for label, end in zip(("lo", "hi"), ends, strict=True):
                term = z3.IntVal(code(NONE))
                for place, measure in enumerate(measures):
                    term = z3.If(end == place, measure, term)
                found[f"{name}.{label}"] = term
        laws = self.first(self.book.lists["law"], "provision")
        found["law"] = z3.If(self.ranges["base"][0] < 0, code(NONE), laws)
        for rule in self.book.rules.values():
            parts = (rule.kind, rule.id, rule.provision, rule.modality, "+".join(rule.cites))
            found[":".join(parts)] = self.statuses[rule.id]
        for choice in self.book.flags:
            shown = z3.And(self.accountable, self.holds(choice.when))
            found[f"flag:{choice.id}:{choice.provision}"] = z3.If(shown, code("yes"), code("no"))
        for choice, entry in self.book.discretion:
            name = f"slot:{choice.id}:{choice.provision}:{entry['question']}:{'+'.join(entry['options'])}"
            found[name] = z3.If(self.holds(choice.when), code("yes"), code("no"))
        return found | {"capped": z3.If(self.capped, code("yes"), code("no"))}


def answers_in(book: Rulebook, case: Mapping[str, str | int]) -> dict[str, str]:
    """The answers of a book in one case; facts that the book does not know are left out."""
    facts = Facts()
    answers = Reasoning(book, facts).answers()
    return facts.evaluate({name: value for name, value in case.items() if name in facts.terms}, answers)


def established(reasoning: Reasoning, rule: Rule) -> Term:
    return reasoning.statuses[rule.id] == reasoning.facts.code(ESTABLISHED)
