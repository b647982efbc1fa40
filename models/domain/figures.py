"""What a period shows of the running, the quality and the outcome of supervision, as a whole and unit by unit. Source: art-7."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from models.domain.matter import Matter


@dataclass(slots=True)
class Figures:
    """Counts of a period. registered … returned: what happened in it; overdue: how matters stand on its last day."""

    registered: int = 0
    assigned: int = 0
    completed_in_time: int = 0
    completed_late: int = 0
    returned: int = 0
    extensions_granted: int = 0
    formal_supervisions: int = 0
    urgings: int = 0
    overdue: int = 0

    def add(self, other: Figures) -> None:
        """Add the counts of another."""
        for name in (one.name for one in fields(Figures)):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def of_period(matters: Iterable[Matter], first: date, last: date) -> tuple[Figures, dict[str, Figures]]:
    """The whole, and each lead unit. first, last: both days are in."""
    whole: Figures = Figures()
    by_unit: dict[str, Figures] = {}
    for matter in matters:
        found = _of_matter(matter, first, last)
        whole.add(found)
        by_unit.setdefault(matter.lead_unit or "（未明确）", Figures()).add(found)
    return whole, by_unit


def _of_matter(matter: Matter, first: date, last: date) -> Figures:
    def within(day: date | None) -> bool:
        return day is not None and first <= day <= last

    accepted = [sent for sent in matter.submissions if sent.accepted]
    done_on = accepted[-1].on if accepted else None
    in_time = done_on is not None and (matter.due_on is None or done_on <= matter.due_on)
    actions = [record.action for record in matter.records if within(record.on)]
    running = matter.assigned_on is not None and matter.assigned_on <= last and (done_on is None or done_on > last)
    return Figures(
        registered=int(within(matter.registered_on)),
        assigned=int(within(matter.assigned_on)),
        completed_in_time=int(within(done_on) and in_time),
        completed_late=int(within(done_on) and not in_time),
        returned=actions.count("return"),
        extensions_granted=sum(bool(found.granted) and within(found.decided_on) for found in matter.extensions),
        formal_supervisions=actions.count("supervise"),
        urgings=actions.count("urge"),
        overdue=int(running and matter.due_on is not None and matter.due_on < last),
    )
