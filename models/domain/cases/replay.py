"""The case that stored records make; records that make none are named, never guessed at. Source: art-9."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.domain.cases.case import OF_PERSON, Case, applied
from models.domain.matter import Record
from models.records.damage import CaseDamaged

_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, StopIteration)
"""What reading a record raises that lacks something, or holds something else than was written."""


def replay(records: Iterable[Record], transitions: Mapping[str, str | None]) -> Case:
    """The case that these records make. transitions: action → the state that it leads to, or None. Raises CaseDamaged."""
    case, rest = Case(), iter(records)
    while True:
        try:
            record = next(rest, None)
            if record is None:
                return case
            _in_place(case, record)
            case = applied(case, record, transitions[record.action])
        except _UNREADABLE:
            raise CaseDamaged(case.version + 1) from None


def _in_place(case: Case, record: Record) -> None:
    """Raises LookupError where a record is missing before this one, or this one is about nobody of the case."""
    if record.number != case.version + 1 or (case.version == 0) is not (record.action == "propose"):
        raise LookupError(record.number)
    if record.action in OF_PERSON and record.details["person"] not in case.persons:
        raise LookupError(record.number)
