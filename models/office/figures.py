"""What a period shows of the running, the quality and the outcome of supervision: as a whole, unit by unit, month by month.

Source: art-7.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, timedelta

from models.matter.matter import Matter, as_of
from models.records.fold import Actions
from rules.reasoning.calendar import add_months


@dataclass(slots=True)
class Figures:
    """Counts of a period. registered … urgings: what happened in it; running, overdue: how matters stand on its last day.

    What is overdue is also running.
    """

    registered: int = 0
    assigned: int = 0
    completed_in_time: int = 0
    completed_late: int = 0
    returned: int = 0
    extensions_granted: int = 0
    formal_supervisions: int = 0
    urgings: int = 0
    running: int = 0
    overdue: int = 0

    @property
    def completed(self) -> int:
        """In time or late."""
        return self.completed_in_time + self.completed_late

    @property
    def running_in_time(self) -> int:
        """Running, and not overdue."""
        return self.running - self.overdue

    @property
    def per_mille_in_time(self) -> int | None:
        """How many of a thousand completed matters were completed in time, rounded half up; None where none was completed."""
        done = self.completed
        return (2000 * self.completed_in_time + done) // (2 * done) if done else None

    def add(self, other: Figures) -> None:
        """Add the counts of another."""
        for name in (one.name for one in fields(Figures)):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Month:
    """What happened in a month, and how many matters were overdue on its last day, or on the period's within it."""

    urgings: int = 0
    formal_supervisions: int = 0
    completed: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """units: by the name of the lead unit; months: by their first day, every month that the period touches."""

    first: date
    last: date
    whole: Figures = field(default_factory=Figures)
    units: dict[str, Figures] = field(default_factory=dict)
    months: dict[date, Month] = field(default_factory=dict)

    def add(self, matter: Matter, actions: Actions) -> None:
        """Count one more matter, as it stood on the last day."""
        found = _of_matter(matter, self.first, self.last)
        self.whole.add(found)
        self.units.setdefault(matter.lead_unit or "（未明确）", Figures()).add(found)
        for record in matter.records:
            if record.action in ("urge", "supervise") and self.first <= record.on <= self.last:
                month = self.months[record.on.replace(day=1)]
                month.urgings += record.action == "urge"
                month.formal_supervisions += record.action == "supervise"
        done = completed_on(matter)
        if done is not None and self.first <= done <= self.last:
            self.months[done.replace(day=1)].completed += 1
        for start, month in self.months.items():
            month.overdue += _was_overdue(matter, start, self.last, actions)


def _was_overdue(matter: Matter, month: date, last: date, actions: Actions) -> bool:
    """Whether it was overdue at the end of a month, or of the last day; folded again only where that can be."""
    day, done = min(add_months(month, 1) - timedelta(days=1), last), completed_on(matter)
    due = [on for on in (matter.set_due_on, matter.due_on) if on is not None]
    if not due or min(due) >= day or (done is not None and done < month):
        return False
    return is_overdue(as_of(matter, day, actions), day)


def of_period(matters: Iterable[Matter], first: date, last: date, actions: Actions) -> PeriodFigures:
    """The figures from ``first`` to ``last``, both days in. matters: as they stood on the last day."""
    found = PeriodFigures(first, last, months={month: Month() for month in months_of(first, last)})
    for matter in matters:
        found.add(matter, actions)
    return found


def months_of(first: date, last: date) -> list[date]:
    """The first day of every month that the period touches."""
    span = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(at // 12, at % 12 + 1, 1) for at in span]


def is_running(matter: Matter, day: date) -> bool:
    """Whether it had been assigned by the end of a day, and the work not yet accepted. matter: as it stood that day."""
    return matter.assigned_on is not None and matter.assigned_on <= day and done_on(matter) is None


def is_overdue(matter: Matter, day: date) -> bool:
    """Whether it runs at the end of a day and its last day is past; not while work reported in time awaits its review.

    matter: as it stood that day.
    """
    if not is_running(matter, day) or matter.due_on is None or matter.due_on >= day:
        return False
    last = matter.submissions[-1] if matter.submissions else None
    return not (last is not None and last.accepted is None and last.on <= matter.due_on)


def done_on(matter: Matter) -> date | None:
    """The day on which the work that was accepted had been reported; None before it is accepted."""
    accepted = [sent for sent in matter.submissions if sent.accepted]
    return accepted[-1].on if accepted else None


def completed_on(matter: Matter) -> date | None:
    """The day on which the work was accepted; in its period the matter is counted as completed, and in no other.

    None while work that had been accepted is with the unit again because a school leader did not agree to close (A-27).
    """
    if done_on(matter) is None:
        return None
    return next((record.on for record in reversed(matter.records) if record.action == "accept"), None)


def _of_matter(matter: Matter, first: date, last: date) -> Figures:
    def within(day: date | None) -> bool:
        return day is not None and first <= day <= last

    done, completed = done_on(matter), completed_on(matter)
    in_time = done is not None and (matter.due_on is None or done <= matter.due_on)
    actions = [record.action for record in matter.records if within(record.on)]
    return Figures(
        registered=int(within(matter.registered_on)),
        assigned=int(within(matter.assigned_on)),
        completed_in_time=int(within(completed) and in_time),
        completed_late=int(within(completed) and not in_time),
        returned=actions.count("return"),
        extensions_granted=sum(bool(found.granted) and within(found.decided_on) for found in matter.extensions),
        formal_supervisions=actions.count("supervise"),
        urgings=actions.count("urge"),
        running=int(is_running(matter, last)),
        overdue=int(is_overdue(matter, last)),
    )
