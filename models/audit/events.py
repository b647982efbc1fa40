"""The audit trail: events in an unbroken row of numbers from 1, each with the hash of the one before. Triggers refuse any change.

The one row of the head is what appenders wait for; it is locked last, just before the commit, so that they wait shortly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    String,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.audit.hashes import RECORDS, digest, record_hashes
from models.store.audit_head import AuditHead, Head
from models.store.audit_notes import Key, Subject
from models.store.database import Base

NOTHING = "0" * 64
"""The hash before the first event."""
TAKEN_IN = "db upgrade"
"""The action of an event that takes in what was there before the trail vouched for it."""
_OF_ALL_TIMES = frozenset({"matter", "case"})
"""What the trail vouched for since it began, and whose owner alone says what an event is about."""


class AuditEvent(Base):
    """actor_kind, actor_id: a token, an account, a command; facts: identifiers as JSON; at: UTC, as text, as it was hashed."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_subject", "subject_kind", "subject_id", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(200))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[str | None] = mapped_column(String(36))
    action: Mapped[str] = mapped_column(String(100))
    outcome: Mapped[str] = mapped_column(String(20))
    subject_kind: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[str | None] = mapped_column(String(100))
    facts: Mapped[bytes] = mapped_column(LargeBinary)
    algorithm: Mapped[str] = mapped_column(String(20))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditRecord(Base):
    """A row that an event wrote, and its hash: part of what the event's own hash is taken of."""

    __tablename__ = "audit_records"

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event: Mapped[int] = mapped_column(ForeignKey("audit_events.number"), index=True)
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it has its place. at: ISO 8601 in UTC; records: keys of records that may have been written."""

    at: str
    actor: str
    actor_kind: str
    actor_id: str | None
    action: str
    outcome: str
    subject: Subject | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    records: Sequence[Key] = ()


Hashed = tuple[str, str, int, str]
"""A record as an event has it: kind, whose, number, hash."""


def append(session: Session, draft: Draft, algorithm: str, seen: Head | None = None) -> int:
    """Put an event behind the last one; its number. Nobody else appends until the transaction ends.

    seen: which one was the last a moment ago; while it still is, that is not asked again.
    """
    session.flush()
    hashes = record_hashes(session, draft.records, algorithm)
    records = sorted((*key, found) for key, found in hashes.items())
    subject = draft.subject or _only_owner(records) or (None, None)
    told = {name: getattr(draft, name) for name in ("at", "actor", "actor_kind", "actor_id", "action", "outcome")}
    told |= {"subject_kind": subject[0], "subject_id": subject[1], "algorithm": algorithm}
    facts = orjson.dumps(draft.facts, option=orjson.OPT_SORT_KEYS)

    def follows(last: Head) -> dict[str, Any]:
        values = {"number": last[0] + 1, **told, "previous": last[1]}
        return {**values, "facts": facts, "hash": event_hash(values, facts, records)}

    last = seen or head(session, lock=True)
    if not _moved(session, last, event := follows(last)):  # somebody else has appended meanwhile
        last = head(session, lock=True)
        _moved(session, last, event := follows(last))
    session.execute(insert(AuditEvent).values(**event))
    if records:
        names = ("kind", "owner_id", "number", "hash")
        rows = [dict(zip(names, row, strict=True)) | {"event": event["number"]} for row in records]
        session.execute(insert(AuditRecord), rows)
    number: int = event["number"]
    return number


def _moved(session: Session, last: Head, event: Mapping[str, Any]) -> bool:
    """Let the head be this event, if it is that one still; whoever else appends waits for that."""
    same = (AuditHead.number == last[0]) & (AuditHead.hash == last[1])
    moved = update(AuditHead).where(same).values(number=event["number"], hash=event["hash"])
    return session.connection().execute(moved).rowcount == 1


def event_hash(values: Mapping[str, Any], facts: bytes, records: Sequence[Hashed]) -> str:
    """The hash of an event: over its fields, the hash before it, and the hashes of its records. Raises ValueError, TypeError."""
    return digest(values["algorithm"], {**values, "records": records}, facts)


def _only_owner(records: Sequence[Hashed]) -> Subject | None:
    owners = {(kind, owner_id) for kind, owner_id, _, _ in records if kind in _OF_ALL_TIMES}
    return owners.pop() if len(owners) == 1 else None


def head(session: Session, *, lock: bool = False) -> Head:
    """Number and hash of the last event. Raises NoResultFound where the row is gone."""
    wanted = select(AuditHead.number, AuditHead.hash)
    number, found = session.execute(wanted.with_for_update() if lock else wanted).one()
    return number, found


def page(session: Session, *, after: int, limit: int) -> Sequence[AuditEvent]:
    """Events in the order of their numbers, from behind ``after`` on."""
    return [event for event, _ in with_records(session, after=after, limit=limit)]


def with_records(session: Session, *, after: int, limit: int) -> list[tuple[AuditEvent, list[Hashed]]]:
    """The same, each with the records that it wrote."""
    numbers = select(AuditEvent.number).where(AuditEvent.number > after).order_by(AuditEvent.number).limit(limit)
    wanted = select(AuditEvent, AuditRecord).outerjoin(AuditRecord, AuditRecord.event == AuditEvent.number)
    found: dict[AuditEvent, list[Hashed]] = {}
    for event, wrote in session.execute(wanted.where(AuditEvent.number.in_(numbers)).order_by(AuditEvent.number)):
        hashed = [(wrote.kind, wrote.owner_id, wrote.number, wrote.hash)] if wrote is not None else []
        found.setdefault(event, []).extend(hashed)
    return [(event, sorted(records)) for event, records in found.items()]


def records_of(session: Session, first: int, last: int) -> dict[int, list[Hashed]]:
    """The records that the events of these numbers wrote, in the order in which they were hashed."""
    wanted = select(AuditRecord.event, AuditRecord.kind, AuditRecord.owner_id, AuditRecord.number, AuditRecord.hash)
    found: dict[int, list[Hashed]] = {}
    for event, kind, owner_id, number, made in session.execute(wanted.where(AuditRecord.event.between(first, last))):
        found.setdefault(event, []).append((kind, owner_id, number, made))
    for records in found.values():
        records.sort()  # here, since databases sort texts in ways of their own
    return found


def about(session: Session, subject: Subject) -> Sequence[AuditEvent]:
    """Every event about something, or that wrote a record of it."""
    kind, owner_id = subject
    wrote = select(AuditRecord.event).where(AuditRecord.kind == kind, AuditRecord.owner_id == owner_id)
    named = (AuditEvent.subject_kind == kind) & (AuditEvent.subject_id == owner_id)
    wanted = select(AuditEvent).where(or_(named, AuditEvent.number.in_(wrote)))
    return session.scalars(wanted.order_by(AuditEvent.number)).all()


def of_actions(
    session: Session,
    actions: Collection[str],
    subject: Subject | None,
    *,
    after: int = 0,
    until: int | None = None,
    limit: int,
) -> Sequence[AuditEvent]:
    """The events of these actions about an account, or about any account or token, from behind ``after`` on, the newest first."""
    wanted = select(AuditEvent).where(AuditEvent.action.in_(sorted(actions)), AuditEvent.outcome == "done")
    kinds = ("account", "token") if subject is None else (subject[0],)
    wanted = wanted.where(AuditEvent.subject_kind.in_(kinds), AuditEvent.number > after)
    if subject is not None:
        wanted = wanted.where(AuditEvent.subject_id == subject[1])
    if until is not None:
        wanted = wanted.where(AuditEvent.number <= until)
    return session.scalars(wanted.order_by(AuditEvent.number.desc()).limit(limit)).all()


def written(session: Session, subject: Subject) -> dict[int, int]:
    """Number of a record of it → the event that wrote it."""
    wanted = select(AuditRecord.number, AuditRecord.event)
    wanted = wanted.where(AuditRecord.kind == subject[0], AuditRecord.owner_id == subject[1])
    return {row[0]: row[1] for row in session.execute(wanted)}


def unvouched(session: Session, kinds: Collection[str] = RECORDS.keys()) -> Iterator[Key]:
    """The rows that no event wrote, kind by kind."""
    for kind, of in RECORDS.items():
        same = (AuditRecord.kind == kind) & (AuditRecord.owner_id == of.owner) & (AuditRecord.number == of.number)
        wanted = select(of.owner, of.number).select_from(of.table).outerjoin(AuditRecord, same)
        wanted = wanted.where(AuditRecord.event.is_(None), of.number.is_not(None)).order_by(of.owner, of.number)
        for owner_id, number in session.execute(wanted) if kind in kinds else ():
            yield kind, owner_id, number


def taken_in(session: Session) -> frozenset[str]:
    """The kinds of rows that the trail vouches for: where one of these has no event, it came past the system."""
    if not head(session)[0]:
        return frozenset()
    said = session.scalars(select(AuditEvent.facts).where(AuditEvent.action == TAKEN_IN))
    return _OF_ALL_TIMES.union(*(orjson.loads(facts).get("kinds", ()) for facts in said))
