"""The lattice of findings of one situation, one exemption, one mitigation and one aggravation, with role, harm and fitness.

The rules answer by the engine; the regulation's model (``tests.regulation_model``) is a program of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from models.schemas.case_file import load_case
from rules.book.loading import load_rulebook
from rules.latitude.admissible import Space, standing
from rules.reasoning.facts import FindingFacts
from tests.altered import BOOK, JUDGE, RECOMMENDER
from tests.conftest import example
from tests.regulation_model import admissible, both

STATUSES = ("established", "open", "refuted")
ROLES = ("principal", "other_member", "undetermined")
HARMS = (None, "none", "adverse", "grave", "considerable", "serious")
_FLOOR = {"art-8.1.1": "grave", "art-8.1.2": "grave"}
PARTS = ("situation", "exemption", "mitigation", "aggravation")


@dataclass(frozen=True)
class Lattice:
    """groups: part → group; statuses: part → every row of statuses of its elements that is looked at."""

    groups: dict[str, str]
    statuses: dict[str, list[tuple[str, ...]]]

    @classmethod
    def of_groups(cls, situation: str = "art-8.1.3", exemption: str = "art-8.3.1.2") -> Lattice:
        """Every group as a whole: its first element open or refuted, or all of them established."""
        groups = dict(zip(PARTS, (situation, exemption, "art-8.3.2.2", "art-8.3.3.1.a"), strict=True))
        sizes = {part: len(BOOK.vocabulary.groups[group].elements) for part, group in groups.items()}
        rows = {part: [(status, *["established"] * (size - 1)) for status in STATUSES] for part, size in sizes.items()}
        return cls(groups, rows)

    @classmethod
    def of_elements(cls, situation: str, exemption: str, mitigation: str, aggravation: str) -> Lattice:
        """Every element of every group, each with every status."""
        groups = dict(zip(PARTS, (situation, exemption, mitigation, aggravation), strict=True))
        sizes = {part: len(BOOK.vocabulary.groups[group].elements) for part, group in groups.items()}
        return cls(groups, {part: list(product(STATUSES, repeat=size)) for part, size in sizes.items()})

    def points(self) -> Iterator[tuple[dict[str, tuple[str, ...]], str, str | None, str]]:
        for rows in product(*(self.statuses[part] for part in PARTS)):
            for role, harm, unfit in product(ROLES, HARMS, STATUSES):
                yield dict(zip(PARTS, rows, strict=True)), role, harm, unfit


def agree(lattice: Lattice) -> int:
    """Hold the rules against the model at every point; the number of points."""
    case = load_case(example("plan-task-missed"), load_rulebook())
    number, floor = 0, _FLOOR.get(lattice.groups["situation"], "adverse")
    for rows, role, harm, unfit in lattice.points():
        found = {
            group: dict(zip(BOOK.vocabulary.groups[group].elements, map(_finding, rows[part]), strict=True))
            for part, group in lattice.groups.items()
        }
        person = replace(case.persons[0], findings=found, role=role, harm=harm, unfit_for_post=unfit)  # type: ignore[arg-type]
        question = RECOMMENDER.questions(replace(case, persons=(person,)))[person.id]
        told = _plain(JUDGE.space(standing(question.conclusion)))
        facts = {part: both(rows[part]) for part in PARTS} | {"role": role, "harm": harm, "unfit": unfit}
        assert told == admissible(facts, floor=floor), facts
        number += 1
    return number


_FOUND = {status: FindingFacts(status) for status in ("established", "open", "refuted")}


def _finding(status: str) -> FindingFacts:
    return _FOUND[status]


_known: dict[Space, tuple[set[Any], set[Any]]] = {}


def _plain(space: Space) -> tuple[set[Any], set[Any]]:
    if space not in _known:
        _known[space] = (_triples(space.admitted), _triples(space.undetermined))
    return _known[space]


def _triples(results: Iterable[Any]) -> set[Any]:
    return {(result.kind, frozenset(result.measures), frozenset(result.effects)) for result in results}
