"""Stored records of cases in which somebody filled what is for somebody else to say; new entries refuse it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.schemas.entries import case_entries
from models.store.cases import CaseRecordRow
from models.store.records import torn_record_of
from rules.loading import load_rulebook


def rows(session: Session) -> Iterator[str]:
    """One line for each such field, with where it stands."""
    entries = case_entries(load_rulebook())
    wanted = select(CaseRecordRow).order_by(CaseRecordRow.case_id, CaseRecordRow.number)
    for row in session.scalars(wanted).yield_per(500):
        record = torn_record_of(row)
        known = record.action in entries.actions and record.actor.kind in entries.actors
        for fault in entries.others_fields(record.action, record.actor.kind, record.details) if known else ():
            yield f"案件 {row.case_id} 记录 {row.number}：{fault.message}；请由应当填写的一方核对，必要时另行登记"
