"""What follows a decision: who must do what by when. Source: art-9.3, art-9.4, art-7.2.b, art-8.4; readings A-16, A-17."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from rules.calendar import WorkCalendar, add_months, deadline
from rules.evaluation import Conclusion
from rules.facts import CaseFacts
from rules.rulebook import Rulebook


def duties(case: CaseFacts, conclusion: Conclusion, book: Rulebook, calendar: WorkCalendar) -> list[dict[str, Any]]:
    """The duties after a decision on this person; empty unless the outcome is accountable.

    ``due.assumed_from`` is the day assumed for the decision or its receipt (``planned``, else the trigger date):
    the days are shown for orientation and start anew from the real day. ``actual`` is None for an unknown year.
    """
    if conclusion.outcome != "accountable":
        return []
    reachable = _reachable(conclusion, book)
    return [
        {
            "duty": row["id"],
            **book.cite(row["provision"]),
            "who": row["who"],
            "what": row["what"],
            "source": row["source"],
            "due": _due(row.get("due"), case, calendar),
            **({"periods": _periods(reachable, conclusion, case, book)} if row.get("periods") else {}),
        }
        for row in book.duties
        if row.get("when_measure") is None or row["when_measure"] in reachable
    ]


def _reachable(conclusion: Conclusion, book: Rulebook) -> set[str]:
    if conclusion.mandatory is None or conclusion.discretionary is None:
        return set(book.ladder)
    ladder = list(book.ladder)
    lo = min(ladder.index(conclusion.mandatory[0]), ladder.index(conclusion.discretionary[0]))
    hi = max(ladder.index(conclusion.mandatory[1]), ladder.index(conclusion.discretionary[1]))
    return set(ladder[lo : hi + 1])


def _periods(reachable: set[str], conclusion: Conclusion, case: CaseFacts, book: Rulebook) -> list[dict[str, Any]]:
    """The rows of the influence-period table that may come to apply. Only a confirmed row has an end (no roll: A-50)."""
    disciplined = set() if conclusion.track.id == "not_triggered" else {"discipline", "administrative"}
    start = case.planned.decided_on or case.trigger_date
    rows = []
    for period in book.periods:
        if period.ladder not in reachable | disciplined:
            continue
        rows.append(
            {
                "measure": period.id, "label": period.label, "months": period.months, "effect": period.effect,
                "basis": period.basis, "mark": period.mark, "confirmed": period.confirmed is not None,
                "nominal": add_months(start, period.months or 0).isoformat() if period.applied else None,
            }
        )  # fmt: skip
    return rows


def _due(rule: Mapping[str, Any] | None, case: CaseFacts, calendar: WorkCalendar) -> dict[str, Any] | None:
    if rule is None:
        return None
    planned = case.planned
    decided = planned.decided_on or case.trigger_date
    start = decided if rule["from"] == "decision" else planned.received_on or decided
    unit = "months" if "months" in rule else "workdays"
    ends = _ends(start, unit, rule[unit], calendar)
    return {"from": rule["from"], "assumed_from": start.isoformat(), unit: rule[unit], **ends}


@lru_cache(maxsize=4096)
def _ends(start: date, unit: str, number: int, calendar: WorkCalendar) -> Mapping[str, str | None]:
    """The nominal and the actual last day, and what is to be said of the calendar."""
    found = deadline(start, calendar, **{unit: number})
    days = {"nominal": found.nominal, "actual": found.actual}
    shown = {name: day.isoformat() if day else None for name, day in days.items()}
    return shown | ({"warning": found.warning} if found.warning else {})
