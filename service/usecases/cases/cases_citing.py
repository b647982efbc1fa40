"""The cases that a provision was found, alleged or pleaded in, as far as whoever asks may read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.case import sight
from models.case.case import Case
from models.case.cases import CaseRow
from rules.book.rulebook import Vocabulary
from rules.reasoning.editions import Books
from service.usecases.cases.act_on_case import stored_cases
from service.usecases.people.principals import Principal

LOOKED_AT = 200
"""So many of the latest cases that somebody may read are looked at."""


@dataclass(frozen=True, slots=True)
class CitingCases:
    """The cases, the newest first. more: whether older cases were not looked at."""

    rows: tuple[CaseRow, ...]
    more: bool


def cases_citing(session: Session, books: Books, provision: str, principal: Principal) -> CitingCases:
    """Cases whose proposal, findings or points of defence concern a provision; by two questions, however many there are."""
    latest = [
        row
        for row, _ in sight.page(
            session,
            principal.sight("case:read"),
            every=books.usual.proceedings.states,
            behind=None,
            limit=LOOKED_AT + 1,
        )
    ]
    words = books.usual.vocabulary
    found = tuple(
        row
        for row, case in stored_cases(session, books, latest[:LOOKED_AT])
        if isinstance(case, Case) and provision in _cited(case, words)
    )
    return CitingCases(found, len(latest) > LOOKED_AT)


def _cited(case: Case, words: Vocabulary) -> Iterator[str]:
    """The provisions that a case concerns by what was alleged, found and pleaded; those of the procedure concern every case."""
    yield from case.situations
    for person in case.persons.values():
        for place in (*person.findings, *(point.step for point in person.points.values())):
            group = words.groups.get(place) or words.groups.get(place.rpartition(".")[0])
            yield group.provision if group is not None else place
