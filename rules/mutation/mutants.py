"""Every mutant of the rulebook, each once, in the order of the files."""

from __future__ import annotations

from rules.mutation.deciding import DecidingMutants
from rules.mutation.making import Mutant
from rules.mutation.procedural import ProceduralMutants
from rules.rulebook import Rulebook

__all__ = ["Mutant", "mutants"]


class _All(DecidingMutants, ProceduralMutants):
    pass


def mutants(book: Rulebook) -> list[Mutant]:
    """All of them."""
    maker, found = _All(book), dict[str, Mutant]()
    for one in (*maker.deciding(), *maker.procedural()):
        found.setdefault(one.name, one)
    return list(found.values())
