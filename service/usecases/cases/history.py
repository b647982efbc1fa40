"""The history of a case as a timeline: what was written, and who looked at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from typing import Annotated

from sqlalchemy.orm import Session

from models.audit import events as audit
from models.audit.events import AuditEvent
from models.case import cases
from models.records.record import Record
from rules.answering import about
from rules.reasoning.editions import Books
from service.usecases.cases.act_on_case import CaseUnknown


@dataclass(frozen=True, slots=True)
class Happened:
    """at: ISO 8601 in UTC; event: of the audit trail; record: of the case; by: who entered it, or looked."""

    at: Annotated[str, about("时间", format="date-time")]
    event: Annotated[int | None, about("审计记录的序号")]
    kind: Annotated[str, about("种类", "record", "read", "other")]
    record: Annotated[int | None, about("案件记录的序号")]
    label: Annotated[str, about("名称")]
    by: Annotated[str, about("何人录入或者查阅")]
    outcome: Annotated[str, about("结果", "done", "repeated", "tried", "read")]


def case_history(session: Session, books: Books, case_id: str, label: Callable[[str], str]) -> list[Happened]:
    """Every record and every read of a case, in order of time; also of one whose records are damaged. Raises CaseUnknown.

    label: what the action of an event is called.
    """
    if cases.find(session, case_id) is None:
        raise CaseUnknown(case_id)
    vouched = audit.written(session, ("case", case_id))
    events = {event.number: event for event in audit.about(session, ("case", case_id))}
    records = [_record(found, vouched.get(found.number), books) for found in cases.dated_records(session, case_id)]
    others = [_other(event, label(event.action)) for event in events.values() if event.number not in vouched.values()]
    return sorted([*records, *others], key=lambda row: (row.at, row.event or 0, row.record or 0))


def _record(found: Record, event: int | None, books: Books) -> Happened:
    known = books.usual.proceedings.actions.get(found.action)
    at = found.recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    called = known.label if known else found.action
    return Happened(at, event, "record", found.number, called, found.entered_by, "done")


def _other(event: AuditEvent, called: str) -> Happened:
    """A read; a trial; a request that was submitted twice, which is called as the first one was."""
    kind = "read" if event.outcome == "read" else "other"
    return Happened(event.at, event.number, kind, None, called, event.actor, event.outcome)
