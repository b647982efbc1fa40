"""Every mutant of the rulebook, each once, in the order of the files."""

from __future__ import annotations

from rules.analysis.mutation.deciding import DecidingMutants
from rules.analysis.mutation.making import Mutant
from rules.analysis.mutation.procedural import ProceduralMutants
from rules.book.rulebook import Rulebook

__all__ = ["Mutant", "mutants"]


class _All(DecidingMutants, ProceduralMutants):
    pass


def mutants(book: Rulebook) -> list[Mutant]:
    """All of them."""
    maker, found = _All(book), dict[str, Mutant]()
    for one in (*maker.deciding(), *maker.procedural()):
        found.setdefault(one.name, one)
    return list(found.values())
