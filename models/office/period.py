"""The influence-period table as operators confirm it: every act stays, the last one on a row counts. Source: art-8.4; A-57, A-61."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from rules.book.rulebook import Period, Rulebook


@dataclass(frozen=True, slots=True)
class PeriodAct:
    """A confirmation of a row, or its withdrawal.

    kind: confirm or withdraw; number: the how manieth on this row. by: the body that confirmed, on whose document; months, start:
    what the document says where the table says something else, or nothing. reason: of a withdrawal.
    """

    row: str
    number: int
    kind: str
    on: date
    recorded_at: datetime
    entered_by: str
    by: str | None = None
    document: str | None = None
    months: int | None = None
    start: str | None = None
    reason: str | None = None


def standing(acts: Iterable[PeriodAct]) -> Mapping[str, PeriodAct]:
    """Row → the confirmation that stands. acts: in the order of their numbers."""
    found: dict[str, PeriodAct] = {}
    for made in acts:
        if made.kind == "confirm":
            found[made.row] = made
        else:
            found.pop(made.row, None)
    return found


def laid_over(book: Rulebook, confirmed: Mapping[str, PeriodAct]) -> Rulebook:
    """The rulebook with these confirmations in its table; its hash stays that of the files. The same one for the same confirmations,
    so that what is derived of it is kept by it."""
    return _laid_over(book, frozenset(confirmed.items())) if confirmed else book


@lru_cache(8)
def _laid_over(book: Rulebook, confirmed: frozenset[tuple[str, PeriodAct]]) -> Rulebook:
    acts = dict(confirmed)
    return replace(book, periods=tuple(_confirmed(row, acts.get(row.id)) for row in book.periods))


def _confirmed(row: Period, made: PeriodAct | None) -> Period:
    if made is None:
        return row
    by = {"by": made.by or "", "on": made.on.isoformat(), "document": made.document or ""}
    return replace(row, months=made.months or row.months, start=made.start or row.start, confirmed=by)
