"""The ledger of the defence: what accepting a point would change, by evaluating anew with it. Source: art-9.2.1.b, art-9.2.1.c."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.orm import Session

from models.domain.cases.case import Case
from models.domain.cases.parts import Person, Point
from models.store import receipts
from rules.recommendation import Recommender
from rules.rulebook import Rulebook
from service.usecases.act_on_case import question_of, read_case
from service.usecases.act_on_matter import Outcome, read_matters
from service.usecases.evaluate_matter import evaluated_on
from service.usecases.kept_books import made_by

_SHOWN = ("outcome", "exemption", "mitigation", "aggravation", "base", "range_mandatory", "range_if_discretion",
          "discipline_track")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Effect:
    """What accepting a point would change: name → now and then. known: False where it cannot be told.

    book: the rulebook of the recommendation that lies before the reader, by which both are; None where there is none.
    """

    person: str
    point: str
    known: bool
    changes: Mapping[str, Mapping[str, Any]]
    book: Rulebook | None = None


def weigh_points(session: Session, case_id: str) -> list[Effect]:
    """The effect of every point that stands. Raises CaseUnknown."""
    case = read_case(session, case_id).case
    matters = {found.id: found for found in read_matters(session, case.matters)}
    return [effect for person in case.persons.values() for effect in _of_person(session, matters, case, person)]


def _of_person(session: Session, matters: Mapping[str, Outcome], case: Case, person: Person) -> Iterator[Effect]:
    points = [point for point in person.points.values() if not point.withdrawn]
    by = _rulebook(session, person) if any(point.accepting for point in points) else None
    if by is None:
        yield from (Effect(person.id, point.id, False, {}) for point in points)
        return
    matter, question = matters[_matter_of(case, person)], question_of(case, person)

    def concluded(asked: Any) -> Any:
        answer = evaluated_on(matter, asked, by)[1]["persons"][person.id]
        return orjson.loads(orjson.dumps({name: answer[name] for name in _SHOWN}))

    now = concluded(question)
    for point in points:
        then = concluded(_accepting(question, point)) if point.accepting else now
        changes = {name: {"now": now[name], "then": then[name]} for name in _SHOWN if now[name] != then[name]}
        yield Effect(person.id, point.id, bool(point.accepting), changes, by.book)


def _rulebook(session: Session, person: Person) -> Recommender | None:
    """The rulebook of the person's last recommendation; None where there is none, or it is kept nowhere."""
    found = receipts.facts(session, person.receipt_id) if person.receipt_id else None
    return made_by(session, found[1]) if found else None


def _matter_of(case: Case, person: Person) -> str:
    """The matter on which the person was last evaluated."""
    return next(
        str(record.details["matter"])
        for record in reversed(case.records)
        if record.action == "evaluate" and record.details["person"] == person.id
    )


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
