"""Two versions of the rulebook: equivalent, or the smallest case that tells them apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.analysis.verification.facts import Facts, Term
from rules.analysis.verification.faults import Case
from rules.analysis.verification.reasoning import NONE, Reasoning
from rules.book.rulebook import RULE_KINDS, Rulebook


@dataclass(frozen=True, slots=True)
class Difference:
    """A smallest case, and each answer that differs in it: before and after."""

    case: Case
    answers: Mapping[str, tuple[str, str]]


def difference(book: Rulebook, other: Rulebook) -> Difference | None:
    """None where every case is answered alike, with the same provisions."""
    facts = Facts()
    before, after = Reasoning(book, facts).answers(), Reasoning(other, facts).answers()
    names = dict.fromkeys([*before, *after])
    case = facts.smallest(facts.z3.Or([_differs(facts, name, before, after) for name in names]))
    if case is None:
        return None
    old, new = facts.evaluate(case, before), facts.evaluate(case, after)
    told = {name: (old.get(name, NONE), new.get(name, NONE)) for name in names}
    return Difference(case, {name: pair for name, pair in told.items() if pair[0] != pair[1] and not _idle(name, pair)})


def _differs(facts: Facts, name: str, before: Mapping[str, Term], after: Mapping[str, Term]) -> Term:
    """An entry that only one of the books has matters where it says something."""
    if name in before and name in after:
        return before[name] != after[name]
    term = before.get(name, after.get(name))
    if name.partition(":")[0] in RULE_KINDS:
        return facts.z3.Or(term == 1, term == 2)
    return term == facts.code("yes")


def _idle(name: str, pair: tuple[str, str]) -> bool:
    return NONE in pair and bool({"no", "refuted", "not_raised"} & set(pair)) and ":" in name
