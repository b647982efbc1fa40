"""The single changes that would alter a recommendation: a finding, a fact still open, or a reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rules.answer import Flip
from rules.derivation import count_supervision, derive_matter, derive_person
from rules.evaluation import Conclusion, Evaluator, Statuses
from rules.facts import ESTABLISHED, OPEN, REFUTED, CaseFacts, Matter, Person, Status
from rules.logic import Value
from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Question:
    """One person's evaluation, kept so that it can be asked again with one thing changed."""

    case: CaseFacts
    person: Person
    record: dict[str, Value]
    statuses: Statuses
    readings: Mapping[str, str]
    conclusion: Conclusion


def flips(question: Question, evaluator: Evaluator) -> Iterator[Flip]:
    """Every single change that alters outcome, exemption, track or a range, each with the new values."""
    before = question.conclusion.result()
    for (kind, fact, was, to), conclude in _changes(question, evaluator):
        found = conclude()
        if found is not question.conclusion and (new := found.result().differing(before)):
            yield Flip(kind=kind, fact=fact, from_=was, to=to, new=new)


TURNS: Mapping[str, tuple[Status, ...]] = {OPEN: (ESTABLISHED, REFUTED), ESTABLISHED: (REFUTED,)}
"""What the status of an element may turn into: an open one is found or refuted, an established one refuted."""
Change = tuple[tuple[str, str, Any, Any], Callable[[], Conclusion]]
"""Kind, fact, value now, other value; and what would follow."""


def _changes(question: Question, evaluator: Evaluator) -> Iterator[Change]:
    yield from _element_changes(question, evaluator)
    yield from _person_changes(question, evaluator)
    yield from _matter_changes(question, evaluator)
    yield from _reading_changes(question, evaluator)


def _element_changes(question: Question, evaluator: Evaluator) -> Iterator[Change]:
    for group_id in evaluator.book.vocabulary.groups:
        if group_id not in question.person.findings:
            continue
        for element in evaluator.book.vocabulary.groups[group_id].elements:
            name = f"{group_id}.{element}"
            was = question.record[name]
            for to in TURNS.get(str(was), ()):

                def conclude(name: str = name, to: Status = to) -> Conclusion:
                    record = question.record | {name: to}
                    statuses = evaluator.changed(question.statuses, record, name)
                    return evaluator.conclude(question.person, statuses, question.readings)

                yield ("finding", name, was, to), conclude


def _person_changes(question: Question, evaluator: Evaluator) -> Iterator[Change]:
    person = question.person
    for field, was, values in unknown_of_person(person, evaluator.book):
        for value in values:
            changed = replace(person, **{field: value})
            yield ("person", field, was, value), _again(question, evaluator, person=changed)


Unknown = tuple[str, Any, tuple[Any, ...]]
"""A field of the case file that is not known: its name, its value now, and the values it can turn out to have."""


def unknown_of_person(person: Person, book: Rulebook) -> Iterator[Unknown]:
    """The judgements on a person that are still to be made."""
    if person.harm is None:
        yield "harm", None, tuple(book.vocabulary.enumerations["harm"])
    if person.unfit_for_post == OPEN:
        yield "unfit_for_post", OPEN, (ESTABLISHED, REFUTED)
    if person.role == "undetermined":
        yield "role", "undetermined", ("principal", "other_member")


def unknown_of_matter(matter: Matter) -> Iterator[Unknown]:
    """What the matter's records do not tell yet, a due date that was never set aside."""
    if matter.registered is None:
        yield "registered", None, (True, False)
    if not matter.registered and matter.assignment_record == "oral":
        yield "assignment_record", "oral", ("written", "none")
    if matter.reported_on is not None and matter.review is None:
        yield "review", None, ("accepted", "returned")
    if matter.redone_on is not None and matter.redo_review is None:
        yield "redo_review", None, ("accepted", "returned")


def _matter_changes(question: Question, evaluator: Evaluator) -> Iterator[Change]:
    matter = question.case.matter
    for field, was, values in unknown_of_matter(matter):
        for value in values:
            case = replace(question.case, matter=replace(matter, **{field: value}))
            yield ("matter", f"matter.{field}", was, value), _again(question, evaluator, case=case)


def _again(
    question: Question, evaluator: Evaluator, *, person: Person | None = None, case: CaseFacts | None = None
) -> Callable[[], Conclusion]:
    def conclude() -> Conclusion:
        who, what = person or question.person, case or question.case
        matter = derive_matter(what, count_supervision(what, evaluator.book), evaluator.book)
        record = question.record | matter | derive_person(who)
        return evaluator.conclude(who, evaluator.statuses(record), question.readings)

    return conclude


def _reading_changes(question: Question, evaluator: Evaluator) -> Iterator[Change]:
    for reading_id, value in other_readings(evaluator):

        def conclude(reading_id: str = reading_id, value: str = value) -> Conclusion:
            readings = {**question.readings, reading_id: value}
            return evaluator.conclude(question.person, question.statuses, readings)

        yield ("reading", reading_id, question.readings[reading_id], value), conclude


def other_readings(evaluator: Evaluator) -> list[tuple[str, str]]:
    """Each reading that is evaluated, with each value of it other than the default."""
    return [
        (rule.reading, value)
        for rule in evaluator.book.rules.values()
        if rule.reading
        for value in rule.when
        if value != evaluator.book.readings[rule.reading].default
    ]
