"""Evaluate persons on a matter of the ledger: the matter's part of the case is made from its records, none of it typed in.

Each evaluation is a receipt that remembers how many records the matter had; what was added afterwards is shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from models.receipts import evaluations
from models.records.record import Record
from models.schemas.errors import CaseFileError, FieldError
from rules.reasoning.answer import Recommendation
from rules.reasoning.editions import Books
from rules.reasoning.ledger_answer import (
    BesideRule,
    FoundBySearch,
    FromLedger,
    LedgerAct,
    MatterCase,
    RecordReference,
    SpeaksAgainst,
)
from service.usecases.matters.act_on_matter import MatterOutcome, read_matter
from service.usecases.recommending.kept_receipts import to_be_kept
from service.usecases.recommending.matter_case import matter_case
from service.usecases.recommending.recommend import recommend
from service.usecases.recommending.store_receipt import InCase, store_receipt


@dataclass(frozen=True, slots=True)
class MatterEvaluation:
    """An evaluation of a matter. since: the records added after it; with none it is up to date."""

    receipt_id: str
    version: int
    at: datetime
    by: str
    since: tuple[Record, ...]


def evaluate_matter(
    session: Session, books: Books, matter_id: str, question: Any
) -> tuple[Any, Recommendation, MatterOutcome]:
    """The case, its recommendation with the ledger's part, and the matter. question: a case file without ``matter``.

    Raises MatterUnknown; CaseFileError with every fault at once.
    """
    found = read_matter(session, books, matter_id)
    case, answer = evaluated_on(found, question, books)
    return case, answer, found


def evaluated_on(found: MatterOutcome, question: Any, books: Books) -> tuple[Any, Recommendation]:
    """The same on a matter that was read. Raises CaseFileError with every fault at once."""
    told = matter_case(found.matter, found.number or found.id, books)
    case = _merged(question, told.matter)
    answer = recommend(case, found.matter.title, books)
    return case, msgspec.structs.replace(answer, ledger=_ledger_part(found, told, answer, question, books))


def keep_evaluation(
    session: Session,
    books: Books,
    matter_id: str,
    question: Any,
    *,
    actor: str,
    now: datetime,
    belongs: InCase | None = None,
) -> tuple[str, bytes]:
    """The same as an immutable receipt that knows its matter, and the case that it belongs to: the receipt's id, and its bytes."""
    case, answer, found = evaluate_matter(session, books, matter_id, question)
    kept = to_be_kept(case, books)
    receipt_id, body = store_receipt(session, books, case, answer, kept, actor=actor, now=now, belongs=belongs)
    evaluations.add(session, receipt_id, matter_id, found.matter.version)
    return receipt_id, body


def evaluations_of(session: Session, books: Books, matter_id: str) -> list[MatterEvaluation]:
    """Every evaluation of a matter in the order in which they were made. Raises MatterUnknown."""
    matter = read_matter(session, books, matter_id).matter
    return [
        MatterEvaluation(receipt_id, version, at, by, matter.records[version:])
        for receipt_id, version, at, by in evaluations.of_matter(session, matter_id)
    ]


def _merged(question: Any, block: Mapping[str, Any]) -> Any:
    if isinstance(question, dict) and "matter" in question:
        raise CaseFileError([FieldError("matter", "事项由台账的记录生成，不能另行填写")])
    return {**question, "matter": dict(block)} if isinstance(question, dict) else question


def _ledger_part(
    found: MatterOutcome, told: MatterCase, answer: Recommendation, question: Any, books: Books
) -> FromLedger:
    count = next(iter(answer.persons.values())).supervision_count.records
    kinds = {one.id for one in books.usual.ledger.actions.values() if one.counts_as}
    acts = _in_order_of_days([row for row in told.records if row.action in kinds], told.matter["acts"])
    counted = tuple(row.record for row, act in zip(acts, count, strict=True) if act.counted)
    return FromLedger(
        matter_id=found.id,
        number=found.number,
        version=found.matter.version,
        acts=tuple(
            LedgerAct(
                record=row.record,
                on=row.on,
                label=row.label,
                entered_by=row.entered_by,
                entered_on=row.entered_on,
                late=row.late,
                late_reason=row.late_reason,
                counted=act.counted,
                why=act.why,
            )
            for row, act in zip(acts, count, strict=True)
        ),
        persons={person["id"]: tuple(_beside(person, told, counted, books)) for person in question["persons"]},
        records=told.records,
    )


def _in_order_of_days(rows: list[RecordReference], acts: list[dict[str, Any]]) -> list[RecordReference]:
    """The records of the acts as the acts are counted: by their days, whenever they were entered."""
    pairs = zip(rows, acts, strict=True)
    return [
        row for row, _ in sorted(pairs, key=lambda pair: (pair[1]["date"], pair[1]["kind"], pair[1].get("channel", "")))
    ]


def _beside(
    person: Mapping[str, Any], told: MatterCase, counted: tuple[str, ...], books: Books
) -> Iterator[BesideRule]:
    """For each adverse rule raised against a person: what the records say against, and what they say for the person."""
    book = books.usual
    raised = {group.partition("/")[0] for group in person.get("findings") or {}}
    for name, searches in book.searches.favourable.items():
        rule = book.rules[name]
        by_count = rule.still_unfulfilled_after is not None
        if name not in raised and not by_count:
            continue
        against = [row for row in told.speaks_against if row.element.partition("/")[0].startswith(f"{name}.")]
        if by_count and counted:
            count = book.vocabulary.counts[book.readings[rule.reading].default if rule.reading else ""]
            against.append(SpeaksAgainst(count.field, count.label, counted))
        yield BesideRule(
            rule=name,
            citation=book.provisions[rule.provision].citation,
            against=tuple(against),
            for_=tuple(
                FoundBySearch(row.search, row.label, row.records) for row in told.speaks_for if row.search in searches
            ),
            searched=tuple(book.searches.labels[search] for search in searches),
            no_search=book.searches.reasons.get(name),
        )
