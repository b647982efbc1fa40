"""The ledger of the defence: what accepting a point would change of the recommendation that lies before the reader.

It is weighed on that recommendation's own facts, by its own rulebook; what came after it is told beside. Source: art-9.2.1.b, art-9.2.1.c.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.orm import Session

from models.case.parts import Person, Point
from models.schemas.errors import CaseFileError
from rules.book.rulebook import Rulebook
from rules.reasoning.editions import Books
from service.documents.case.basis import Basis, basis_of
from service.documents.writing.dossier import Dossier
from service.usecases.recommending.kept_books import made_by
from service.usecases.recommending.recommend import recommend

_SHOWN = ("outcome", "exemption", "mitigation", "aggravation", "base", "range_mandatory", "range_if_discretion",
          "discipline_track")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weighed:
    """What accepting a point would change: name → now and then. known: False where it cannot be told.

    basis: what the recommendation rests on, and what came after it; book: its rulebook, by which both are; None where there is none.
    """

    person: str
    point: str
    known: bool
    changes: Mapping[str, Mapping[str, Any]]
    basis: Basis | None = None
    book: Rulebook | None = None


def weigh_points(session: Session, books: Books, dossier: Dossier) -> list[Weighed]:
    """The effect of every point that stands."""
    return [
        effect for person in dossier.case.persons.values() for effect in _of_person(session, books, dossier, person)
    ]


def _of_person(session: Session, books: Books, dossier: Dossier, person: Person) -> Iterator[Weighed]:
    last = dossier.evaluated(person.id, person.receipt_id)
    basis = basis_of(dossier, dossier.deliberated(person.id), person.id, last) if last else None
    by = made_by(session, books, last.answer.rulebook.sha256) if last else None
    for point in person.points.values():
        if point.withdrawn:
            continue
        if last is None or by is None or not point.accepting:
            yield Weighed(person.id, point.id, False, {}, basis)
            continue
        try:
            answer = recommend(_accepting(orjson.loads(last.facts), point), "", books, by)
        except CaseFileError:  # asked in a shape that is not read any more
            yield Weighed(person.id, point.id, False, {}, basis)
            continue
        now, then = last.of(person.id), answer.persons[person.id]
        changes = {
            name: {"now": getattr(now, name), "then": getattr(then, name)}
            for name in _SHOWN
            if getattr(now, name) != getattr(then, name)
        }
        yield Weighed(person.id, point.id, True, changes, basis, by.book)


def _accepting(question: Mapping[str, Any], point: Point) -> dict[str, Any]:
    """The same question with the findings that the point asks for."""
    changed = deepcopy(dict(question))
    about = changed["persons"][0]
    for element, value in point.accepting.items():
        group, dot, name = element.rpartition(".")
        if dot:
            about["findings"].setdefault(group, {})[name] = value
        else:
            about[element] = value == "true" if element == "distinct_periods" else value
    return changed
