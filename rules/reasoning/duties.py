"""What follows a decision: who must do what by when. Source: art-9.3, art-9.4, art-7.2.b, art-8.4; readings A-16, A-17."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import UNSET

from rules.book.rulebook import Rulebook
from rules.reasoning.answer import AnsweredDuty, Due, PeriodRow
from rules.reasoning.calendar import WorkCalendar, add_months, deadline
from rules.reasoning.evaluation import Conclusion
from rules.reasoning.facts import CaseFacts


def duties(case: CaseFacts, conclusion: Conclusion, book: Rulebook, calendar: WorkCalendar) -> tuple[AnsweredDuty, ...]:
    """The duties after a decision on this person; empty unless the outcome is accountable.

    ``due.assumed_from`` is the day assumed for the decision or its receipt (``planned``, else the trigger date):
    the days are shown for orientation and start anew from the real day. ``actual`` is None for an unknown year.
    """
    if conclusion.outcome != "accountable":
        return ()
    reachable = _reachable(conclusion, book)
    return tuple(
        AnsweredDuty(
            duty=row["id"],
            **book.cite(row["provision"]),
            who=row["who"],
            what=row["what"],
            source=row["source"],
            due=_due(row["due"], case, calendar) if row.get("due") else None,
            periods=tuple(_periods(reachable, conclusion, case, book)) if row.get("periods") else UNSET,
        )
        for row in book.duties
        if row.get("when_measure") is None or row["when_measure"] in reachable
    )


def _reachable(conclusion: Conclusion, book: Rulebook) -> set[str]:
    if conclusion.mandatory is None or conclusion.discretionary is None:
        return set(book.ladder)
    ends = [book.rank[measure] for measure in (*conclusion.mandatory, *conclusion.discretionary)]
    return set(list(book.ladder)[min(ends) : max(ends) + 1])


def _periods(reachable: set[str], conclusion: Conclusion, case: CaseFacts, book: Rulebook) -> Iterator[PeriodRow]:
    """The rows of the influence-period table that may come to apply. Only a confirmed row has an end (no roll: A-50)."""
    disciplined = set() if conclusion.track.id == "not_triggered" else {"discipline", "administrative"}
    start = case.planned.decided_on or case.trigger_date
    for row in book.periods:
        if row.ladder in reachable | disciplined:
            end = add_months(start, row.months or 0) if row.applied else None
            yield PeriodRow(
                row.id, row.label, row.months, row.effect, row.basis, row.mark, row.confirmed is not None, end
            )


def _due(rule: Mapping[str, Any], case: CaseFacts, calendar: WorkCalendar) -> Due:
    planned = case.planned
    decided = planned.decided_on or case.trigger_date
    start = decided if rule["from"] == "decision" else planned.received_on or decided
    length = {unit: rule[unit] for unit in ("months", "workdays") if unit in rule}
    end = _deadline(start, calendar, **length)
    return Due(
        from_=rule["from"],
        assumed_from=start,
        **length,
        nominal=end.nominal,
        actual=end.actual,
        warning=end.warning or "",
    )


_deadline = lru_cache(maxsize=4096)(deadline)
