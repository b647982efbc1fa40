"""Acts that count, entered in the ledger later than the next working day: what shows that they were done then.

Reading A-75: what nothing shows is kept and told, and never counted. Source: art-6.4, art-6.7, art-8.3.3.1.b.
"""

from __future__ import annotations

from datetime import timedelta

from models.records.record import Record, attached_to
from rules.book.contract.matter_effects import Assigned, Pressed, Urged
from rules.book.rulebook import Rulebook
from rules.reasoning.calendar import CalendarUnknown, WorkCalendar


def counted_actions(book: Rulebook) -> frozenset[str]:
    """The actions that count as supervision under one reading or another."""
    kinds = {kind for count in book.vocabulary.counts.values() for kind in count.kinds}
    return frozenset(action.id for action in book.ledger.actions.values() if action.counts_as in kinds)


def entered_in_time(record: Record, calendar: WorkCalendar) -> bool:
    """Whether it was entered by the next working day; where that is not known, by the next day."""
    if record.entered_on <= record.on + timedelta(days=1):
        return True
    try:
        return record.entered_on <= calendar.add_workdays(record.on, 1)
    except CalendarUnknown:
        return False


def supported(record: Record, calendar: WorkCalendar) -> bool:
    """Whether an act was entered in time, or something shows that it was done on its day.

    A parcel of ours shows nothing of the kind: it leaves when the act is entered. What gave its reason where acts used to, or gave
    none, is from before this was asked for, and counts as it did.
    """
    return entered_in_time(record, calendar) or record.hand.late_reason is None or _shown(record)


def _shown(record: Record) -> bool:
    said = record.effect
    if isinstance(said, Assigned | Urged) and said.message_id is not None:
        return True
    proof = said.proof if isinstance(said, Pressed) else None
    if proof is None:
        return False
    kept = bool(attached_to(record) or record.hand.papers)
    match proof.kind:
        case "oa":
            return proof.reference is not None
        case "mail" | "receipt":
            return kept
        case "call":
            return kept and proof.of_office is not None and proof.of_unit is not None
