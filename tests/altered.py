"""A case with facts given other values, evaluated anew from the start: what the searches of the rules are held against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from typing import Any

from rules.book.loading import load_rulebook
from rules.book.rulebook import Rulebook
from rules.latitude.admissible import Judge, Space, standing
from rules.latitude.residual import Second
from rules.latitude.spans import Span
from rules.reasoning.facts import CaseFacts, FindingFacts
from rules.reasoning.recommendation import Recommender

BOOK = load_rulebook()
RECOMMENDER = Recommender(BOOK)
JUDGE = Judge(RECOMMENDER.evaluator)
SECOND = Second(JUDGE)
_SAME = {reading.id: reading.default for reading in BOOK.readings.values()}


def space_of(case: CaseFacts, person_id: str, changes: Iterable[tuple[str, Any]] = ()) -> Space:
    """The space of a person after the changes, by the engine."""
    made = list(changes)
    asked = Recommender(BOOK) if any(name in _SAME for name, _ in made) else RECOMMENDER
    asked.readings = _SAME | {name: value for name, value in made if name in _SAME}
    question = asked.questions(altered(case, person_id, made))[person_id]
    return JUDGE.space(standing(question.conclusion))


def altered(case: CaseFacts, person_id: str, changes: Iterable[tuple[str, Any]]) -> CaseFacts:
    for name, value in changes:
        if name.startswith("matter.acts."):
            if value == "not_counted":
                day = date.fromisoformat(name.removeprefix("matter.acts."))
                acts = tuple(act for act in case.matter.acts if act.on != day)
                case = replace(case, matter=replace(case.matter, acts=acts))
        elif name.startswith("matter."):
            values: dict[str, Any] = {name.removeprefix("matter."): value.day if isinstance(value, Span) else value}
            case = replace(case, matter=replace(case.matter, **values))
        elif name not in _SAME:
            persons = [_person(person, name, value) if person.id == person_id else person for person in case.persons]
            case = replace(case, persons=tuple(persons))
    return case


def _person(person: Any, name: str, value: Any) -> Any:
    if "." not in name:
        return replace(person, **{name: value})
    group, _, element = name.rpartition(".")
    found = {**person.findings[group], element: FindingFacts(value)}
    return replace(person, findings={**person.findings, group: found})


def parts_of(book: Rulebook) -> list[object]:
    return [getattr(book, one.name) for one in fields(book)]
