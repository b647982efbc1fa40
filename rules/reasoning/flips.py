"""The single changes that would alter a recommendation: a finding, a fact still open, or a reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rules.book.logic import ESTABLISHED, OPEN, REFUTED, Status, Value
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import Flip
from rules.reasoning.derivation import count_supervision, derive_matter, derive_person
from rules.reasoning.evaluation import Conclusion, Evaluator, Statuses
from rules.reasoning.facts import CaseFacts, MatterFacts, PersonFacts


@dataclass(frozen=True, slots=True)
class Question:
    """One person's evaluation, kept so that it can be asked again with one thing changed."""

    case: CaseFacts
    person: PersonFacts
    record: dict[str, Value]
    statuses: Statuses
    readings: Mapping[str, str]
    conclusion: Conclusion


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that can turn out otherwise. kind: finding, person, matter, reading or act. was: how it stands now."""

    kind: str
    name: str
    was: Any
    to: tuple[Any, ...]


MATTER = "matter."
TURNS: Mapping[str, tuple[Status, ...]] = {OPEN: (ESTABLISHED, REFUTED), ESTABLISHED: (REFUTED,)}
"""What the status of an element may turn into: an open one is found or refuted, an established one refuted."""


def flips(question: Question, evaluator: Evaluator) -> Iterator[Flip]:
    """Every single change that alters outcome, exemption, track or a range, each with the new values."""
    before = question.conclusion.result()
    for fact in changeable_facts(question, evaluator):
        for to in fact.to:
            found = _concluded(question, evaluator, fact, to)
            if found is not question.conclusion and (new := found.result().differing(before)):
                yield Flip(kind=fact.kind, fact=fact.name, from_=fact.was, to=to, new=new)


def _concluded(question: Question, evaluator: Evaluator, fact: Fact, to: Any) -> Conclusion:
    """What follows with one fact turned."""
    case, person, statuses, readings = question.case, question.person, question.statuses, question.readings
    match fact.kind:
        case "finding":
            statuses = evaluator.changed(statuses, question.record | {fact.name: to}, fact.name)
        case "reading":
            readings = {**readings, fact.name: to}
        case "person":
            person = replace(person, **{fact.name: to})
            statuses = evaluator.statuses(question.record | derive_person(person))
        case "matter":
            case = replace(case, matter=replace(case.matter, **{fact.name.removeprefix(MATTER): to}))
            matter = derive_matter(case, count_supervision(case, evaluator.book), evaluator.book)
            statuses = evaluator.statuses(question.record | matter)
    return evaluator.conclude(person, statuses, readings)


def changeable_facts(question: Question, evaluator: Evaluator) -> Iterator[Fact]:
    """What a flip may change: findings, judgements not yet made, what the records do not tell, readings."""
    for name, was in elements(question, evaluator):
        if was in TURNS:
            yield Fact("finding", name, was, TURNS[was])
    yield from unknown_of_person(question.person, evaluator.book)
    yield from unknown_of_matter(question.case.matter)
    readings: dict[str, tuple[str, ...]] = {}
    for reading, value in other_readings(evaluator):
        readings[reading] = (*readings.get(reading, ()), value)
    for reading, values in readings.items():
        yield Fact("reading", reading, question.readings[reading], values)


def elements(question: Question, evaluator: Evaluator) -> Iterator[tuple[str, str]]:
    """The elements of the groups that were alleged, each as it was found."""
    for group in evaluator.book.vocabulary.groups.values():
        if group.id in question.person.findings:
            for element in group.elements:
                name = f"{group.id}.{element}"
                yield name, str(question.record[name])


def unknown_of_person(person: PersonFacts, book: Rulebook) -> Iterator[Fact]:
    """The judgements on a person that are still to be made."""
    if person.harm is None:
        yield Fact("person", "harm", None, tuple(book.vocabulary.enumerations["harm"]))
    if person.unfit_for_post == OPEN:
        yield Fact("person", "unfit_for_post", OPEN, TURNS[OPEN])
    if person.role == "undetermined":
        yield Fact("person", "role", "undetermined", ("principal", "other_member"))


def unknown_of_matter(matter: MatterFacts) -> Iterator[Fact]:
    """What the matter's records do not tell yet, a due date that was never set aside."""
    review = ("accepted", "returned")
    if matter.registered is None:
        yield Fact("matter", f"{MATTER}registered", None, (True, False))
    if not matter.registered and matter.assignment_record == "oral":
        yield Fact("matter", f"{MATTER}assignment_record", "oral", ("written", "none"))
    if matter.reported_on is not None and matter.review is None:
        yield Fact("matter", f"{MATTER}review", None, review)
    if matter.redone_on is not None and matter.redo_review is None:
        yield Fact("matter", f"{MATTER}redo_review", None, review)


def other_readings(evaluator: Evaluator) -> list[tuple[str, str]]:
    """Each reading that is evaluated, with each value of it other than the default."""
    return [
        (rule.reading, value)
        for rule in evaluator.book.rules.values()
        if rule.reading
        for value in rule.when
        if value != evaluator.book.readings[rule.reading].default
    ]
