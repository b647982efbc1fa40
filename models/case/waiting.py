"""When there is something to say of a decided case, or of one in which a recusal is proposed, so that the daily round looks at what waits and not at what exists.

A search bound, on the safe side: what is to be done on a day ``duties`` tell, with that day and the calendar. Source: art-9.3 – art-9.5.
"""

from __future__ import annotations

from datetime import date, timedelta

from models.case.case import Case
from models.case.duties import duties_of
from models.case.outcome import remaining
from rules.book.rulebook import Rulebook
from rules.reasoning.calendar import calendar_of

WAITING = "decided"
_NO_CALENDAR = calendar_of(())
_REST = timedelta(days=31)
"""No run of rest days moves the end of a period by more."""


def look(case: Case, book: Rulebook) -> tuple[date | None, date | None]:
    """Up to which day, and from which day on, a duty can be open or overdue, a recusal wait for its decision, or the case be closed, if no
    record is added; None: on none."""
    until: list[date] = []
    since: list[date] = []
    first = case.records[0].on if case.records else date.min
    since += [case.records[int(number) - 1].on for number in case.recusals.proposed]
    for person in case.persons if case.state == WAITING else ():
        for duty in duties_of(case, person, first, book, _NO_CALENDAR):
            if duty.done_on is not None:
                continue
            if duty.id == "influence_period":
                since += [duty.nominal] if duty.nominal else []
            elif duty.id == "appeal":
                until += [duty.nominal + _REST] if duty.nominal else [date.max] if duty.warning else []
            elif duty.state != "not_due":
                since.append(first)
    if case.state == WAITING and not any(remaining(person, book) for person in case.persons.values()):
        since.append(first)
    return max(until, default=None), min(since, default=None)
