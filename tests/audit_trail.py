"""An audit trail with records of matters in it, and what somebody with all power over the database may do to it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, func, insert, select, text, update
from sqlalchemy.orm import Session

from models.audit import events as audit
from models.audit.events import AuditEvent, AuditHead, AuditRecord
from models.case import cases
from models.case.cases import CaseRecordRow, CaseRow
from models.matter.matters import MatterRow, RecordRow
from models.office import periods
from models.office.period import PeriodAct
from models.receipts import case_receipts, evaluations, proofs, receipts, rulebooks
from models.receipts.receipts import Receipt
from models.records.record import Actor, Hand, Record
from models.records.stored import values_of
from models.store.audit_notes import note, told
from models.store.database import reading, writing
from service.audit import By, record
from service.books import books
from service.exchange.anchor_file import Anchor
from service.usecases.cases.attach import Upload, attach
from service.usecases.entry import Entry
from tests.approved import AGREED, DIRECTOR
from tests.backdated import moment
from tests.issued import OFFICE, with_units
from tests.registered import act_on_matter, open_matter

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
BY = By("测试", "token", "t")


def event(session: Session, action: str = "cases.read_one", outcome: str = "read", **facts: Any) -> None:
    """One more event, of whatever the session has noted."""
    told(session).silent = False
    record(session, action, BY, now=NOW, outcome=outcome, subject=("case", "c"), facts=facts)


def grown(engine: Engine, events: int) -> None:
    """A trail of so many events; every fourth wrote a record of a matter."""
    said = {"title": "事项", "category": "plan", "basis": "要点", "consulted_with": "甲处", "lead_unit": "甲处",
            "due_on": date(2026, 4, 30)}  # fmt: skip
    with_units(engine, 甲处=None)
    agreed = Entry("endorse_registration", AGREED, DIRECTOR, date(2026, 1, 6), "测试")
    register = Entry("register", {"route": "direct"}, OFFICE, date(2026, 1, 6), "测试")
    for at in range(events):
        with writing(engine) as session:
            if at % 4 == 0:
                entry = Entry("propose", said, OFFICE, date(2026, 1, 5), "测试")
                found = open_matter(session, books(), entry, now=moment(entry.on))
            elif at % 4 == 1:
                for expected, entry in enumerate((agreed, register), 1):
                    act_on_matter(session, books(), found.id, entry, expected=expected, now=moment(entry.on))
            event(session, "ledger.open_one", "done") if at == 0 else event(session, at=at)


@contextmanager
def tampered(engine: Engine) -> Iterator[Session]:
    """A session of the database's own administrator, whom no trigger stops; all of it is taken back at the end."""
    with Session(engine.execution_options(write=True)) as session:
        if engine.dialect.name == "sqlite":
            session.execute(text("PRAGMA defer_foreign_keys=ON"))
            triggers = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
            session.info["triggers"] = [row.sql for row in triggers]
            for row in triggers:
                session.execute(text(f"DROP TRIGGER {row.name}"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        yield session
        session.rollback()


def damaged(engine: Engine, *statements: str, **values: Any) -> None:
    """The store after somebody with its keys wrote past its locks."""
    with tampered(engine) as session:
        for statement in statements:
            session.execute(text(statement), values)
        session.commit()


def hidden(session: Session) -> None:
    """Put the triggers back, as whoever hides what was done would."""
    session.flush()
    for statement in session.info.pop("triggers", ["SET LOCAL session_replication_role = origin"]):
        session.connection().exec_driver_sql(statement)


def one_of_each(engine: Engine, folder: Path) -> None:
    """Further, in one event, one row of everything else that the trail vouches for. folder: where attached files lie."""
    made = PeriodAct(
        "admonition", 1, "confirm", date(2026, 1, 2), NOW, "测试", "学校党委", "纪要", 6, "decision", "理由"
    )
    body, receipt_id = b"{}", "11111111-1111-1111-1111-111111111111"
    receipt = Receipt(
        id=receipt_id, created_at=NOW, actor="测试", rulebook_id="b", rulebook_sha256="0" * 64, engine="e 1", facts=b"{}",
        recommendation=body, sha256=hashlib.sha256(body).hexdigest(),
    )  # fmt: skip
    with writing(engine) as session:
        matter_id = session.scalars(select(MatterRow.id)).first() or ""
        receipts.add(session, receipt)
        rulebooks.keep(session, "0" * 64, {"book.yaml": "a: 1"}, now=NOW)
        proofs.add(session, receipt_id, {"latitude/000": {}})
        evaluations.add(session, receipt_id, matter_id, 1)
        attach(session, "matter", matter_id, Upload("纪要.txt", b"text"), folder=folder, now=NOW, entered_by="测试")
        assert periods.add(session, made)
        session.add(CaseRow(id="c", title="案件", state="open", version=1))
        session.flush()
        actor = Actor("测试", "office", "党校办")
        values = values_of(Record(1, "propose", date(2026, 1, 5), Hand(actor, "测试"), {"a": 1}, NOW), request_key="k")
        session.execute(insert(CaseRecordRow).values(case_id="c", **values))
        note(session, "case", "c", 1)
        case_receipts.add(session, receipt_id, "c", 1, None)
        cases.number_decision(session, "问责决定", 2026, "c", "P1", 1)
        event(session, "cases.act_decide", "done")


def anchors_of(engine: Engine, *numbers: int) -> list[Anchor]:
    """Anchors that were taken when the trail had these lengths, as lines of a file."""
    with reading(engine) as session:
        hashes = {number: session.get_one(AuditEvent, number).hash for number in numbers}
    return [Anchor("2026-06-01T02:00:00+00:00", number, "sha256", hashes[number], line)
            for line, number in enumerate(numbers, 1)]  # fmt: skip


def change(session: Session, number: int, **values: Any) -> None:
    session.execute(update(AuditEvent).where(AuditEvent.number == number).values(**values))


def edit(session: Session, number: int, draw: random.Random) -> None:
    """Another value in one field."""
    name, value = draw.choice([
        ("at", "2020-01-01T00:00:00.000000+00:00"), ("actor", "别人"), ("actor_kind", "account"), ("actor_id", "x"),
        ("action", "other"), ("outcome", "tried"), ("subject_kind", "matter"), ("subject_id", "d"),
        ("facts", orjson.dumps({"at": -1})), ("previous", "1" * 64), ("hash", "2" * 64),
    ])  # fmt: skip
    change(session, number, **{name: value})


def rehash(session: Session, first: int, last: int) -> None:
    """Make the hashes of these events fit again, each upon the one before."""
    previous = audit.NOTHING if first == 1 else session.get_one(AuditEvent, first - 1).hash
    for number in range(first, last + 1):
        change(session, number, previous=previous)
        session.expire_all()
        row = session.get_one(AuditEvent, number)
        names = [column.name for column in AuditEvent.__table__.columns if column.name not in ("facts", "hash")]
        records = audit.records_of(session, number, number).get(number, [])
        previous = audit.event_hash({name: getattr(row, name) for name in names}, row.facts, records)
        change(session, number, hash=previous)
    session.expire_all()


def rewrite(session: Session, first: int, last: int) -> None:
    """The whole chain from an event on, consistently, with the head."""
    change(session, first, actor="别人")
    rehash(session, first, last)
    session.execute(update(AuditHead).values(hash=session.get_one(AuditEvent, last).hash))


def renumber(session: Session, after: int, by: int) -> None:
    """Move every later event; over negative numbers, since they are unique."""
    for table, column in ((AuditEvent, AuditEvent.number), (AuditRecord, AuditRecord.event)):
        session.execute(update(table).where(column > after).values({column: -(column + by)}))
        session.execute(update(table).where(column < 0).values({column: -column}))


def insert_behind(session: Session, after: int) -> None:
    """A forged event that fits upon the one before it."""
    renumber(session, after, 1)
    session.execute(text("INSERT INTO audit_events SELECT :new, at, '别人', actor_kind, actor_id, action, outcome, "
                         "subject_kind, subject_id, facts, algorithm, hash, hash FROM audit_events WHERE number = :old"),
                    {"new": after + 1, "old": after})  # fmt: skip
    session.execute(update(AuditHead).values(number=AuditHead.number + 1))
    rehash(session, after + 1, after + 1)


def swap(session: Session, one: int, other: int) -> None:
    for before, after in ((one, -1), (other, one), (-1, other)):
        session.execute(update(AuditEvent).where(AuditEvent.number == before).values(number=after))


def cut(session: Session, after: int, *, head: bool) -> None:
    """Take the tail away. head: and say that the trail ended there."""
    for table in ("audit_records WHERE event", "audit_events WHERE number"):
        session.execute(text(f"DELETE FROM {table} > {after}"))
    if head:
        last = session.get(AuditEvent, after)
        session.execute(update(AuditHead).values(number=after, hash=last.hash if last else audit.NOTHING))


def a_record(session: Session, draw: random.Random) -> AuditRecord:
    """A record of a matter that some event wrote."""
    rows = session.scalars(select(AuditRecord).where(AuditRecord.kind == "matter").order_by(AuditRecord.event)).all()
    return draw.choice(rows)


def details(session: Session, record: AuditRecord, value: bytes) -> None:
    """Another content of a record."""
    mine = (RecordRow.matter_id == record.owner_id) & (RecordRow.number == record.number)
    session.execute(update(RecordRow).where(mine).values(details=value))


def length(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AuditEvent)) or 0
