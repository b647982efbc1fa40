"""Acts to look at that count and were entered after the next working day, from before the ledger asked for a reason."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.late_entries import counted_actions, entered_late
from models.records.reading import read
from models.records.record import Record
from models.store.matters import MatterRow, RecordRow
from models.store.records import readable, torn_record_of
from rules.contract.matter_effects import MatterEffect
from rules.loading import load_rulebook
from service.usecases.act_on_matter import shown_number
from service.usecases.calendar_years import calendar_in_use


def _reason(record: Record) -> str | None:
    return read(MatterEffect, record.details, as_far_as=True).late_reason


def rows(session: Session) -> Iterator[str]:
    """One line for each record without a reason, with where it stands."""
    book, calendar = load_rulebook(), calendar_in_use()
    wanted = select(MatterRow, RecordRow).join(RecordRow, RecordRow.matter_id == MatterRow.id)
    among = wanted.where(RecordRow.action.in_(counted_actions(book))).order_by(MatterRow.position, RecordRow.number)
    for matter, row in session.execute(among).yield_per(500):
        if not readable(row):  # damaged ones are told by the patrol
            continue
        record = torn_record_of(row)
        if entered_late(record, book, calendar) and not _reason(record):
            yield (
                f"事项 {shown_number(matter) or matter.id} 记录 {record.number}：{record.on} 的"
                f"{book.ledger.actions[record.action].label}，{record.entered_on} 由{record.entered_by}录入，"
                "晚于下一个工作日，没有写明理由，请核对"
            )
