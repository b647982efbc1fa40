"""The whole space of findings as variables of the solver, with what every case keeps to.

A derived element that depends on a number or a day of its book bears that number in its name: the same element of two books
with other numbers is another fact.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from math import prod
from typing import Any

from rules.book.logic import ESTABLISHED, OPEN, REFUTED, AtLeast, Element, leaves
from rules.book.rulebook import Rulebook
from rules.reasoning.derivation import carried, numbered
from rules.reasoning.evaluation import STATUSES

Term = Any
"""A term of the solver, which has no types."""


_FROM_DUE = ("due_in_force", "accepted_in_time", "after_due", "within_rolling_year", "same_calendar_year")


def solver() -> Any:
    """The solver's module. Raises ModuleNotFoundError where the libraries of the analysis are not installed."""
    return importlib.import_module("z3")


class Facts:
    """The facts of a case, each a variable with its values; shared by the books that are held against each other."""

    def __init__(self) -> None:
        self.z3 = solver()
        self.values: dict[str, tuple[str | int, ...]] = {}
        self.usual: dict[str, str | int] = {}
        self.terms: dict[str, Term] = {}
        self.kept: list[Term] = []
        self._codes: dict[str, int] = {REFUTED: 0, OPEN: 1, ESTABLISHED: 2}

    def code(self, word: str | int) -> int:
        """The number that stands for a value; refuted, open, established are 0, 1, 2."""
        return word if isinstance(word, int) else self._codes.setdefault(word, len(self._codes))

    def word(self, code: int) -> str:
        return next(word for word, number in self._codes.items() if number == code)

    def add(self, name: str, values: Iterable[str | int], usual: str | int) -> Term:
        """The variable of this name; made at the first call. usual: its value where a case says nothing of it."""
        if name not in self.terms:
            self.values[name], self.usual[name] = tuple(values), usual
            term = self.terms[name] = self.z3.Int(name)
            self.kept.append(self.z3.Or([term == self.code(value) for value in self.values[name]]))
        return self.terms[name]

    @property
    def size(self) -> int:
        """The number of combinations of values."""
        return prod(len(values) for values in self.values.values())

    def smallest(self, *wanted: Term) -> dict[str, str | int] | None:
        """A case that satisfies the terms and departs from what is usual in the fewest facts; None if there is none.

        Only the facts that depart are told.
        """
        search = self.z3.Solver()
        search.add(*self.kept, *wanted)
        if search.check() != self.z3.sat:
            return None
        departs = [(term != self.code(self.usual[name]), 1) for name, term in self.terms.items()]
        low, high = 0, len(self._departing(search.model()))
        while low < high:
            middle = (low + high) // 2
            search.push()
            search.add(self.z3.PbLe(departs, middle))
            found = search.check() == self.z3.sat
            high = len(self._departing(search.model())) if found else high
            low = low if found else middle + 1
            search.pop()
        search.add(self.z3.PbLe(departs, high))
        search.check()
        return self._departing(search.model())

    def possible(self, *wanted: Term) -> bool:
        search = self.z3.Solver()
        search.add(*self.kept, *wanted)
        return bool(search.check() == self.z3.sat)

    def evaluate(self, case: Mapping[str, str | int], terms: Mapping[str, Term]) -> dict[str, str]:
        """What the terms are in this case: words, as far as their numbers stand for words."""
        search = self.z3.Solver()
        search.add(*(term == self.code({**self.usual, **case}[name]) for name, term in self.terms.items()))
        if search.check() != self.z3.sat:
            raise ValueError("这一组认定不可能同时出现")
        return {name: self.word(search.model().eval(term).as_long()) for name, term in terms.items()}

    def _departing(self, model: Any) -> dict[str, str | int]:
        found: dict[str, str | int] = {}
        for name, term in self.terms.items():
            code = model.eval(term, model_completion=True).as_long()
            value: str | int = code if isinstance(self.usual[name], int) else self.word(code)
            if value != self.usual[name]:
                found[name] = value
        return found


class CaseTerms:
    """The facts that one book reads, by the names that its conditions use. apart: the names that get variables of their own."""

    def __init__(self, book: Rulebook, facts: Facts, apart: Mapping[str, str] | None = None) -> None:
        self.book, self.facts, self._apart = book, facts, apart or {}
        self.raised = {group: self._add(f"raised:{group}", ("no", "yes"), "no") for group in book.vocabulary.groups}
        self.elements: dict[str, Term] = {}
        self._judged()
        self._found()
        self._derived()
        self.readings = {
            name: self._add(name, book.readings[name].alternatives, book.readings[name].default)
            for name in dict.fromkeys(rule.reading for rule in book.rules.values() if rule.reading)
        }

    def _add(self, name: str, values: Iterable[str | int], usual: str | int) -> Term:
        return self.facts.add(self._apart.get(name, name), values, usual)

    def _judged(self) -> None:
        words = self.book.vocabulary.enumerations
        self.judged = {
            "harm": self._add("harm", ("unknown", *words["harm"]), "unknown"),
            "role": self._add("role", words["role"], "principal"),
            "unfit_for_post": self._add("unfit_for_post", sorted(STATUSES), OPEN),
            "party_member": self._add("party_member", ("no", "yes"), "yes"),
            "distinct_periods": self._add("distinct_periods", ("no", "yes"), "no"),
        }

    def _found(self) -> None:
        """The elements that people find: of a group that was not raised, all count as refuted."""
        yes = self.facts.code("yes")
        for group in self.book.vocabulary.groups.values():
            for element in group.elements:
                name = f"{group.id}.{element}"
                term = self.elements[name] = self._add(name, (REFUTED, OPEN, ESTABLISHED), REFUTED)
                self.facts.kept.append(self.facts.z3.Or(self.raised[group.id] == yes, term == 0))

    def _derived(self) -> None:
        book, z3 = self.book, self.facts.z3
        expected = {
            leaf.name: REFUTED if leaf.negated else ESTABLISHED
            for rule in book.of_kind("gate")
            for when in rule.when.values()
            for leaf in leaves(when)
            if isinstance(leaf, Element)
        }
        for name in book.vocabulary.derived:
            term = self._add(numbered(book, name), (REFUTED, OPEN, ESTABLISHED), expected.get(name, REFUTED))
            self.elements[name] = term
        undetermined = self.judged["role"] == self.facts.code("undetermined")
        if "role_found" in self.elements:
            self.facts.kept.append(self.elements["role_found"] == z3.If(undetermined, 1, 2))
        if "managed_by_school_committee" in self.elements:
            self.facts.kept.append(self.elements["managed_by_school_committee"] != 1)
        self._days()
        self._counts()

    def _days(self) -> None:
        """Without a due date all that is reckoned from it is open; with one, only whether work was done by it can be."""
        terms = {name: self.elements[name] for name in _FROM_DUE if name in self.elements}
        unset = self.facts.z3.And([term == 1 for term in terms.values()])
        certain = self.facts.z3.And([term != 1 for name, term in terms.items() if name != "accepted_in_time"])
        self.facts.kept.append(self.facts.z3.Or(unset, certain))

    def _counts(self) -> None:
        """A count that counts fewer kinds of act is never more; nobody has failed after an act that was not done."""
        counts, number = self.book.vocabulary.counts.values(), carried(self.book, "still_unfulfilled_after") or 1
        most = 1 + max([number, *self._thresholds()])
        for count in counts:
            self.elements[count.field] = self._add(count.field, range(most + 2), 0)
        for count in counts:
            counted, failed = self.elements[count.field], self.elements[count.unfulfilled]
            self.facts.kept.append(self.facts.z3.Or(failed == 0, counted >= number))
            for other in counts:
                if set(other.kinds) < set(count.kinds):
                    self.facts.kept.append(self.elements[other.field] <= counted)

    def _thresholds(self) -> list[int]:
        trees = [when for rule in self.book.rules.values() for when in rule.when.values()]
        return [leaf.number for when in trees for leaf in leaves(when) if isinstance(leaf, AtLeast)]
