"""Cases and their records. A case's row repeats only what lists are searched by; the records are what it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.case import involvements
from models.case.case import Case, case_fold
from models.case.waiting import look
from models.people import asked
from models.records.damage import ROW, CaseDamaged, Damaged
from models.records.fold import Actions
from models.records.record import Record
from models.records.stored import NOTHING, DayColumn, Listed, RecordColumns, Stored, torn_record_of, values_of
from models.store.audit_notes import note
from models.store.database import Base, Counter, next_number
from rules.book.rulebook import Rulebook

_BATCH = 200


class CaseRow(Listed):
    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_state", "state", "position"),
        Index("ix_cases_look_until", "look_until"),
        Index("ix_cases_look_on", "look_on"),
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    title: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(50))
    version: Mapped[int] = mapped_column()
    open_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    involved: Mapped[int | None]
    """The version that the rows of who is involved are of; at another one no person is let in by them."""
    look_until: Mapped[date | None] = mapped_column(DayColumn)
    look_on: Mapped[date | None] = mapped_column(DayColumn)
    """Up to which day, and from which day on, the patrol may have something to say of it; None: on none."""


class CaseRecordRow(RecordColumns, Base):
    __tablename__ = "case_records"
    __table_args__ = (UniqueConstraint("case_id", "request_key"),)

    case_id: Mapped[str] = mapped_column(String(36), ForeignKey("cases.id"), primary_key=True)


class CaseMatter(Base):
    """A matter that a case is about."""

    __tablename__ = "case_matters"

    case_id: Mapped[str] = mapped_column(String(36), ForeignKey("cases.id"), primary_key=True)
    matter_id: Mapped[str] = mapped_column(String(36), ForeignKey("matters.id"), primary_key=True, index=True)


class DecisionNumber(Counter):
    """Of a prefix in a year."""

    __tablename__ = "decision_numbers"

    prefix: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class DecisionRow(Base):
    """A decision that was issued: its number, once and for all."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("case_id", "record_number"),)

    number: Mapped[str] = mapped_column(String(100), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36), ForeignKey("cases.id"), index=True)
    person: Mapped[str] = mapped_column(String(100))
    record_number: Mapped[int]


_CASES = Stored("case", case_fold, CaseRow, CaseRecordRow, CaseRecordRow.case_id)
find, lock, opened_by, request_seen = _CASES.find, _CASES.lock, _CASES.opened_by, _CASES.request_seen


def load(session: Session, case_id: str, actions: Actions) -> Case | None:
    """The case that its records make; None where there is none. Raises CaseDamaged."""
    found = _CASES.many(session, [case_id], actions).get(case_id)
    if isinstance(found, Damaged):
        raise found
    return found


def torn_records(session: Session, case_id: str) -> tuple[Record, ...]:
    """The records as far as they can be read, whether or not they make a case."""
    return tuple(torn_record_of(row) for row in _rows(session, case_id))


def dated_records(session: Session, case_id: str) -> tuple[Record, ...]:
    """Those of them whose day and moment can be read, for whoever puts them in order."""
    found = torn_records(session, case_id)
    return tuple(one for one in found if isinstance(one.on, date) and isinstance(one.recorded_at, datetime))


def _rows(session: Session, case_id: str) -> Iterable[CaseRecordRow]:
    return session.scalars(select(CaseRecordRow).where(CaseRecordRow.case_id == case_id).order_by(CaseRecordRow.number))


def add(session: Session, case_id: str, case: Case, *, open_key: str | None) -> CaseRow | None:
    """A new case's row, whose first record is added by ``append``; None where another request with this key was faster."""
    made = CaseRow(
        id=case_id, title=case.title, state=case.state, version=case.version, open_key=open_key, known=NOTHING
    )
    row = _CASES.added(session, made)
    if row is not None:
        rows = [{"case_id": case_id, "matter_id": matter_id} for matter_id in dict.fromkeys(case.matters)]
        session.execute(insert(CaseMatter), rows)
    return row


def append(
    session: Session, row: CaseRow, case: Case, record: Record, book: Rulebook, *, request_key: str | None
) -> None:
    """Write a record, and what lists are searched by. Raises involvements.OtherHand."""
    values = values_of(record, request_key=request_key)
    session.execute(insert(CaseRecordRow).values(case_id=row.id, **values))
    note(session, "case", row.id, record.number)
    current = row.involved == record.number - 1
    row.title, row.state, row.version, row.involved = case.title, case.state, case.version, case.version
    row.look_until, row.look_on = look(case, book)
    session.flush()
    involvements.keep(session, row.position, case, current=current)
    asked.keep(session, "case", row.id, case.records)


def number_decision(session: Session, prefix: str, year: int, case_id: str, person: str, record_number: int) -> str:
    """The next number of a prefix in a year, without gaps, for a decision that is issued by this record."""
    last = next_number(session, DecisionNumber, prefix=prefix, year=year)
    number = f"{prefix}〔{year}〕{last}号"
    session.execute(
        insert(DecisionRow).values(number=number, case_id=case_id, person=person, record_number=record_number)
    )
    note(session, "decision", number, record_number)
    return number


def page(session: Session, *, state: str | None, after: int, limit: int) -> Sequence[CaseRow]:
    """Cases in the order in which they came in, from behind ``after`` on."""
    wanted = select(CaseRow).where(CaseRow.position > after)
    if state is not None:
        wanted = wanted.where(CaseRow.state == state)
    return session.scalars(wanted.order_by(CaseRow.position).limit(limit)).all()


def load_many(session: Session, rows: Sequence[CaseRow], actions: Actions) -> list[tuple[CaseRow, Case | Damaged]]:
    """The cases of these rows, in their order, by one question; what is wrong with it in the place of a damaged one."""
    found = _CASES.many(session, [row.id for row in rows], actions)
    return [(row, found.get(row.id, CaseDamaged(ROW))) for row in rows]


def look_anew(session: Session, book: Rulebook) -> None:
    """When to look at each decided case, by what is in use by now: a period that was confirmed, or is no longer."""
    after = 0
    while rows := page(session, state="decided", after=after, limit=_BATCH):
        for row, case in load_many(session, rows, book.proceedings.actions):
            if isinstance(case, Case):
                row.look_until, row.look_on = look(case, book)
        session.flush()
        after = rows[-1].position
        session.expunge_all()


def unmade(session: Session, *, after: int, limit: int) -> Sequence[CaseRow]:
    """Cases whose rows of who is involved are not those of their records, from behind ``after`` on."""
    wanted = select(CaseRow).where(CaseRow.position > after, CaseRow.involved.is_distinct_from(CaseRow.version))
    return session.scalars(wanted.order_by(CaseRow.position).limit(limit)).all()


def find_many(session: Session, case_ids: Sequence[str]) -> Sequence[CaseRow]:
    """The rows of these cases, in no order; one that is not there is left out."""
    return session.scalars(select(CaseRow).where(CaseRow.id.in_(case_ids))).all()


def of_matter(session: Session, matter_id: str) -> Sequence[str]:
    """The cases that are about a matter."""
    return session.scalars(select(CaseMatter.case_id).where(CaseMatter.matter_id == matter_id)).all()
