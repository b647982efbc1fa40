"""Acts that count, entered in the ledger after the next working day.

Policy: the regulation sets no day for the entry. Nothing is refused but an entry that gives no reason, and what was entered
late is shown as such wherever the act is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from models.records.record import Record
from rules.book.contract.matter_effects import MatterEffect
from rules.book.rulebook import Rulebook
from rules.reasoning.calendar import CalendarUnknown, WorkCalendar

REASON = "late_reason"
"""The field of a record that says why it was not entered in time."""


def counted_actions(book: Rulebook) -> frozenset[str]:
    """The actions that count as supervision under one reading or another."""
    kinds = {kind for count in book.vocabulary.counts.values() for kind in count.kinds}
    return frozenset(action.id for action in book.ledger.actions.values() if action.counts_as in kinds)


def entered_late(record: Record, book: Rulebook, calendar: WorkCalendar) -> bool:
    """Whether an act that counts was entered after the next working day, or that is not known.

    What gave its reason stays late, whatever holidays become known later.
    """
    if record.action not in counted_actions(book) or record.entered_on <= record.on + timedelta(days=1):
        return False
    reasoned = isinstance(record.effect, MatterEffect) and bool(record.effect.late_reason)
    last = None if reasoned else last_day(record.on, calendar)
    return last is None or record.entered_on > last


def late_numbers(records: Iterable[Record], book: Rulebook, calendar: WorkCalendar) -> tuple[int, ...]:
    """The numbers of the records that were entered late."""
    return tuple(record.number for record in records if entered_late(record, book, calendar))


def last_day(on: date, calendar: WorkCalendar) -> date | None:
    """The next working day after an act; None where the year's holidays are not known."""
    try:
        return calendar.add_workdays(on, 1)
    except CalendarUnknown:
        return None
