"""The days on which a due date that was never set can fall, as spans within which nothing changes. Source: art-8.0.a, art-10.b."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rules.book.rulebook import Rulebook
from rules.reasoning.calendar import add_months
from rules.reasoning.derivation import due_date
from rules.reasoning.facts import CaseFacts

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both included; None where the span has no such end."""

    first: date | None
    last: date | None

    @property
    def day(self) -> date:
        """A day that stands for all of them."""
        found = self.first or self.last
        assert found is not None
        return found


def due_spans(case: CaseFacts, book: Rulebook) -> tuple[Span, ...]:
    """Spans of due dates that the derived elements cannot tell apart; empty where the due date is known.

    A due date is not before the assignment.
    """
    if due_date(case.matter) is not None:
        return ()
    earliest = case.matter.assigned_on
    starts: list[date | None] = [earliest]
    starts += sorted({day for day in _starts(case, book) if earliest is None or day > earliest})
    lasts = [start - _DAY for start in starts[1:] if start is not None]
    return tuple(Span(first, last) for first, last in zip(starts, [*lasts, None], strict=True))


def _starts(case: CaseFacts, book: Rulebook) -> Iterator[date]:
    """Each day from which, as due date, a derived element may be another than on the day before."""
    yield book.in_force_from
    yield from (day for day in (case.matter.reported_on, case.matter.redone_on) if day is not None)
    trigger = case.trigger_date
    yield from (trigger, trigger + _DAY, date(trigger.year, 1, 1), date(trigger.year + 1, 1, 1))
    for months in {rule.months for rule in book.rules.values() if rule.months is not None}:
        day = trigger - 31 * months * _DAY
        while add_months(day, months) < trigger:
            day += _DAY
        yield day
