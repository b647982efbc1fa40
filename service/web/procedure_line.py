"""Where a case stands: the states of the procedure in their order, each with the day on which it was reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.case.case import Case
from rules.book.rulebook import Rulebook

_ENDED_EARLY = ("not_approved", "withdrawn")


@dataclass(frozen=True, slots=True)
class Stage:
    """A state. on: the day on which it was last reached, None where it was not or has been left again; here: where the case stands."""

    label: str
    on: date | None
    here: bool


def procedure_line(case: Case, book: Rulebook) -> list[Stage]:
    """The states of the straight way; one that ends a case early only where it did, after what had been reached."""
    reached: dict[str, date] = {}
    for record in case.records:
        to = book.proceedings.actions[record.action].to
        if to is not None:
            reached[to] = record.on
    way = [state for state in book.proceedings.states if state not in _ENDED_EARLY]
    if case.state in _ENDED_EARLY:
        way = [*(state for state in way if state in reached), case.state]
    here = way.index(case.state)
    return [
        Stage(book.proceedings.states[state], reached.get(state) if at <= here else None, at == here)
        for at, state in enumerate(way)
    ]
