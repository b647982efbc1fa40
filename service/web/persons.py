"""A person of a case as the pages show them: findings with evidence and provision, the statement, points of the defence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g

from models.case.case import Case
from models.case.parts import Finding, Person, Point
from models.records.record import Record
from rules.book.rulebook import Provision, Rulebook
from rules.reasoning.calendar import LOCAL
from service.documents.writing.case_words import evidence_words, finding_value, ordered, step_name
from service.documents.writing.recommendation import RecommendationInWords
from service.usecases.cases.weigh_points import Weighed

_OVER = ("decided", "closed")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence in words. file: the id of the case's file that it names, None where it names none."""

    words: str
    file: str | None = None


@dataclass(frozen=True, slots=True)
class FindingShown:
    """A finding. former: what it replaced, the last first."""

    finding: Finding
    label: str
    value: str
    cited: Provision | None
    evidence: tuple[Piece, ...]
    former: tuple[tuple[str, Finding], ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """A point of the defence. effect: what accepting it would change."""

    point: Point
    kind: str
    about: str
    state: str
    effect: str


@dataclass(frozen=True, slots=True)
class PersonSheet:
    """One person. materials, heard, signed: the records of the fact material, of the hearings and of the signature.

    records: every record of the case by its number, so that each part can name who entered it.
    """

    person: Person
    findings: tuple[FindingShown, ...]
    points: tuple[Raised, ...]
    materials: tuple[Record, ...]
    heard: tuple[Record, ...]
    signed: Record | None
    records: Mapping[int, Record]


def sheet_of(
    case: Case, person: Person, book: Rulebook, effects: Mapping[tuple[str, str], Weighed], files: frozenset[str]
) -> PersonSheet:
    """effects: by person and point; files: the ids of the case's files."""
    by_number = {record.number: record for record in case.records}
    findings = tuple(_found(one, book, files) for one in ordered(person, book))
    points = tuple(
        Raised(
            point,
            book.proceedings.words["point_kinds"][point.kind],
            step_name(point.step, book),
            _state(point),
            _effect(effects.get((person.id, point.id))),
        )
        for point in person.points.values()
    )
    signed = by_number[person.signature.number] if person.signature else None
    return PersonSheet(
        person,
        findings,
        points,
        tuple(by_number[at] for at in person.fact_materials),
        tuple(by_number[at] for at in person.hearings),
        signed,
        by_number,
    )


def _found(one: Finding, book: Rulebook, files: frozenset[str]) -> FindingShown:
    group = book.vocabulary.groups.get(one.element.rpartition(".")[0])
    cited = book.provisions[group.provision] if group else None
    evidence = tuple(_piece(item, files) for item in one.evidence)
    return FindingShown(
        one, book.vocabulary.label(one.element), finding_value(one, book), cited, evidence, tuple(_former(one, book))
    )


def _piece(item: Any, files: frozenset[str]) -> Piece:
    named = item.get("attachment") if isinstance(item, Mapping) else None
    return Piece(evidence_words((item,)), named if named in files else None)


def _former(one: Finding, book: Rulebook) -> Iterator[tuple[str, Finding]]:
    while one.was is not None:
        one = one.was
        yield finding_value(one, book), one


def _state(point: Point) -> str:
    if point.withdrawn:
        return "已由本人撤回"
    if point.adopted is None:
        return "尚未答复"
    return f"{'意见合理' if point.reasonable else '意见不合理'}，{'予以采纳' if point.adopted else '未予采纳'}"


def _effect(effect: Weighed | None) -> str:
    if effect is None or effect.book is None or not effect.known:
        return "没有写明如被采纳的认定，尚未请求处理建议，或者处理建议所依的规则库没有留存，不能推算"
    return (
        RecommendationInWords(effect.book).altered((name, row["then"]) for name, row in effect.changes.items())
        or "结果不变"
    )


def watermark(case: Case) -> str | None:
    """Who looks at the page of a case that is not decided, and when; None once it is."""
    if case.state in _OVER:
        return None
    return f"{g.principal.name}　{datetime.now(LOCAL):%Y-%m-%d %H:%M}"
