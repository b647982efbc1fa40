"""Inspections: what is due in each period, and what has been done. Source: art-5; reading of the period's last day: A-53."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from rules.answering import about
from rules.book.rulebook import Inspections
from rules.reasoning.calendar import CalendarUnknown, WorkCalendar, add_months


@dataclass(frozen=True, slots=True)
class Done:
    """An inspection that took place. kind: which regular one it was; None for a special or joint one.

    reported_to, reported_on: to which leader the written report went, and when.
    """

    form: str
    kind: str | None
    on: date
    reported_to: str | None = None
    task: str | None = None
    members: tuple[str, ...] = ()
    reported_on: date | None = None


@dataclass(frozen=True, slots=True)
class DueInspection:
    """A regular inspection that a period asks for.

    last: the period's last day; due_on: its last working day, or None where the calendar of that year is not known.
    state: done, due (the period runs) or overdue (it has ended); ``unreported`` where the written report is missing.
    """

    kind: Annotated[str, about("种类", of="inspection")]
    label: Annotated[str, about("名称")]
    provision: Annotated[str, about("条款")]
    first: Annotated[date, about("周期起日")]
    last: Annotated[date, about("周期止日")]
    due_on: Annotated[date | None, about("周期最后一个工作日；该年日历未导入的为空")]
    state: Annotated[str, about("状态", "done", "due", "overdue", "unreported")]


class InspectionIncomplete(Exception):
    """An inspection without what its form needs; ``missing`` names it, ``provision`` says where it is asked for."""

    def __init__(self, form: str, provision: str, missing: tuple[str, ...]) -> None:
        super().__init__(f"{form}: {missing}")
        self.form, self.provision, self.missing = form, provision, missing


def check(done: Done, rules: Inspections, office: frozenset[str]) -> None:
    """Refuse an inspection that lacks what its form needs. office: the Office's names; a team needs others beside it.

    Raises InspectionIncomplete.
    """
    form = rules.forms[done.form]
    there = {"task": done.task, "members": [name for name in done.members if name not in office]}
    missing = tuple(name for name in form.needs if not there[name])
    if done.form == "regular" and done.kind is None:
        missing = (*missing, "kind")
    if missing:
        raise InspectionIncomplete(form.label, form.provision, missing)


def duties(
    year: int, done: Iterable[Done], rules: Inspections, calendar: WorkCalendar, today: date
) -> tuple[DueInspection, ...]:
    """Every regular inspection of a year, in the order of their periods."""
    carried_out = list(done)
    found = []
    for rule in rules.regular:
        for start in range(1, 13, rule.months):
            first = date(year, start, 1)
            last = add_months(first, rule.months) - timedelta(days=1)
            within = [one for one in carried_out if one.kind == rule.id and first <= one.on <= last]
            state = _state(within, last, today, written=rule.written_report)
            found.append(
                DueInspection(rule.id, rule.label, rule.provision, first, last, _last_workday(last, calendar), state)
            )
    return tuple(sorted(found, key=lambda duty: (duty.last, duty.kind)))


def _state(within: list[Done], last: date, today: date, *, written: bool) -> str:
    if within and (not written or any(one.reported_to for one in within)):
        return "done"
    if within:
        return "unreported"
    return "overdue" if today > last else "due"


def _last_workday(last: date, calendar: WorkCalendar) -> date | None:
    try:
        while calendar.is_rest_day(last):
            last -= timedelta(days=1)
    except CalendarUnknown:
        return None
    return last
