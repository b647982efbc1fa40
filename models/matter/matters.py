"""Matters and their records. A matter's row repeats what lists are searched by; the records are what it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from sqlalchemy import (
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.matter.matter import Matter, matter_fold
from models.matter.waiting import IN_HAND, look_on
from models.people import asked
from models.records.damage import ROW, Damaged, MatterDamaged
from models.records.fold import Actions
from models.records.record import Record
from models.records.stored import (
    NOTHING,
    DayColumn,
    Listed,
    RecordColumns,
    Stored,
    states_of,
    torn_record_of,
    values_of,
)
from models.store.audit_notes import note
from models.store.database import Base, Counter, next_number


class MatterRow(Listed):
    __tablename__ = "matters"
    __table_args__ = (
        UniqueConstraint("number_year", "number"),
        Index("ix_matters_state", "state", "position"),
        Index("ix_matters_lead_unit", "lead_unit", "position"),
        Index("ix_matters_look_on", "state", "look_on"),
        Index("ix_matters_unit_state", "lead_unit", "state", "position"),
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    number_year: Mapped[int | None]
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(500))
    category: Mapped[str] = mapped_column(String(50))
    lead_unit: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(50))
    due_on: Mapped[date | None] = mapped_column(DayColumn)
    look_on: Mapped[date | None] = mapped_column(DayColumn)
    """The day from which the patrol has something to say of it; None: from any day on, or never again."""
    version: Mapped[int] = mapped_column()
    open_key: Mapped[str | None] = mapped_column(String(64), unique=True)


class Desk(Base):
    """Matters in the hands of units: one row for each handling unit, as long as the matter runs."""

    __tablename__ = "desk"

    unit: Mapped[str] = mapped_column(String(200), primary_key=True)
    matter_id: Mapped[str] = mapped_column(String(36), ForeignKey("matters.id"), primary_key=True, index=True)


class RecordRow(RecordColumns, Base):
    __tablename__ = "records"
    __table_args__ = (UniqueConstraint("matter_id", "request_key"),)

    matter_id: Mapped[str] = mapped_column(String(36), ForeignKey("matters.id"), primary_key=True)


class YearRow(Counter):
    __tablename__ = "years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


def find_many(session: Session, matter_ids: Sequence[str]) -> Sequence[MatterRow]:
    """The rows of these matters, in no order; one that is not there is left out."""
    return session.scalars(select(MatterRow).where(MatterRow.id.in_(matter_ids))).all()


def by_number(session: Session, year: int, number: int) -> MatterRow | None:
    return session.scalar(select(MatterRow).where(MatterRow.number_year == year, MatterRow.number == number))


_MATTERS = Stored("matter", matter_fold, MatterRow, RecordRow, RecordRow.matter_id)
find, lock, opened_by, request_seen = _MATTERS.find, _MATTERS.lock, _MATTERS.opened_by, _MATTERS.request_seen


def load_many(
    session: Session, rows: Sequence[MatterRow], actions: Actions
) -> list[tuple[MatterRow, Matter | Damaged]]:
    """The matters of these rows, in their order, by one question; what is wrong with it in the place of a damaged one."""
    states = states_of(actions)
    found = _MATTERS.many(session, [row.id for row in rows if not row.is_torn(states)], actions)
    return [(row, found.get(row.id, MatterDamaged(ROW))) for row in rows]


def find_and_load(
    session: Session, matter_ids: Sequence[str], actions: Actions
) -> Iterator[tuple[MatterRow, Matter | Damaged]]:
    """The rows of these matters with what their records make, by one question; one that is not there is left out."""
    wanted = select(MatterRow, MatterRow.version, MatterRow.known, RecordRow)
    wanted = wanted.outerjoin(RecordRow, RecordRow.matter_id == MatterRow.id).where(MatterRow.id.in_(matter_ids))
    found: dict[MatterRow, tuple[int, bytes | None, list[RecordRow]]] = {}
    for row, written, known, record in session.execute(wanted.order_by(RecordRow.number)):
        found.setdefault(row, (written, known, []))[2].extend([record] if record is not None else [])
    for row, made_of in found.items():
        torn = row.is_torn(states_of(actions))
        yield row, MatterDamaged(ROW) if torn else _MATTERS.made(*made_of, actions)


def beginnings(session: Session) -> Iterator[tuple[MatterRow, Record]]:
    """Every matter with the records by which it was proposed, carried over and assigned."""
    wanted = select(MatterRow, RecordRow).join(RecordRow, RecordRow.matter_id == MatterRow.id)
    wanted = wanted.where(RecordRow.action.in_(("propose", "carry_over", "assign"))).order_by(MatterRow.position)
    for row, record in session.execute(wanted.execution_options(yield_per=500)):
        yield row, torn_record_of(record)


def add(session: Session, matter_id: str, matter: Matter, *, open_key: str | None) -> MatterRow | None:
    """A new matter's row, whose first record is added by ``append``; None where another request with this key was faster."""
    named = {"title": matter.title, "category": matter.category, "state": matter.state}
    return _MATTERS.added(
        session, MatterRow(id=matter_id, version=matter.version, open_key=open_key, known=NOTHING, **named)
    )


def append(session: Session, row: MatterRow, matter: Matter, record: Record, *, request_key: str | None) -> None:
    """Write a record, and what lists are searched by."""
    values = values_of(record, request_key=request_key)
    session.execute(insert(RecordRow).values(matter_id=row.id, **values))
    note(session, "matter", row.id, record.number)
    row.title, row.category, row.lead_unit = matter.title, matter.category, matter.lead_unit
    row.state, row.due_on, row.version = matter.state, matter.due_on, matter.version
    row.look_on = look_on(matter)
    session.flush()
    _put_on_desks(session, row.id, matter)
    asked.keep(session, "matter", row.id, matter.records)


def _put_on_desks(session: Session, matter_id: str, matter: Matter) -> None:
    wanted = set(matter.units) if matter.state in IN_HAND else set()
    there = set(session.scalars(select(Desk.unit).where(Desk.matter_id == matter_id)))
    if there - wanted:
        session.execute(delete(Desk).where(Desk.matter_id == matter_id, Desk.unit.in_(there - wanted)))
    if wanted - there:
        session.execute(insert(Desk), [{"unit": unit, "matter_id": matter_id} for unit in sorted(wanted - there)])


def units_of(session: Session, matter_id: str) -> Sequence[str]:
    """In whose hands a matter is, as far as its row and the desks tell."""
    led = select(MatterRow.lead_unit).where(MatterRow.id == matter_id, MatterRow.lead_unit.is_not(None))
    return [str(unit) for unit in session.scalars(union(led, select(Desk.unit).where(Desk.matter_id == matter_id)))]


def give_number(session: Session, row: MatterRow, year: int) -> None:
    """Number a matter within a year, for good."""
    row.number_year, row.number = year, next_number(session, YearRow, year=year)
    note(session, "numbering", row.id, row.number)


def page(
    session: Session, *, state: str | None, unit: str | None, due_before: date | None, after: int, limit: int
) -> Sequence[MatterRow]:
    """Matters in the order in which they came in, from behind ``after`` on."""
    wanted = select(MatterRow)
    if state is not None:
        wanted = wanted.where(MatterRow.state == state)
    if unit is not None:
        wanted = wanted.where(MatterRow.lead_unit == unit)
    if due_before is not None:
        wanted = wanted.where(MatterRow.due_on < due_before)
    return _behind(session, wanted, after, limit)


def _behind(session: Session, wanted: Select[MatterRow], after: int, limit: int) -> Sequence[MatterRow]:
    return session.scalars(wanted.where(MatterRow.position > after).order_by(MatterRow.position).limit(limit)).all()


def latest(session: Session, limit: int) -> Sequence[MatterRow]:
    """The matters that came in last, the newest first."""
    return session.scalars(select(MatterRow).order_by(MatterRow.position.desc()).limit(limit)).all()


def in_states(session: Session, states: tuple[str, ...], *, after: int, limit: int) -> Sequence[MatterRow]:
    """Matters in one of these states, from behind ``after`` on."""
    return _behind(session, select(MatterRow).where(MatterRow.state.in_(states)), after, limit)


def of_category(session: Session, category: str, *, after: int, limit: int) -> Sequence[MatterRow]:
    """Matters of a category, from behind ``after`` on."""
    return _behind(session, select(MatterRow).where(MatterRow.category == category), after, limit)


def unsearchable(session: Session, states: Collection[str]) -> Iterator[MatterRow]:
    """Matters that ``to_look_at`` does not find on any day: in none of the states that there are, or to be looked at on no day."""
    wanted = select(MatterRow).where(or_(MatterRow.state.not_in(states), MatterRow.look_on > date.max))
    yield from (row for row in session.scalars(wanted.order_by(MatterRow.position)) if row.is_torn(states))


def unanswered(
    session: Session,
    states: Collection[str],
    asking: Collection[str],
    answering: Collection[str],
    *,
    also: Collection[str],
    limit: int,
) -> Sequence[MatterRow]:
    """Matters in one of these states in which more was asked than answered. asking, answering: by which actions; also: the states in
    which something may wait for an answer whatever was asked."""
    sign = case((RecordRow.action.in_(asking), 1), (RecordRow.action.in_(answering), -1), else_=0)
    left = select(func.sum(sign)).where(RecordRow.matter_id == MatterRow.id).scalar_subquery()
    wanted = or_(MatterRow.state.in_(also), and_(MatterRow.state.in_(states), left > 0))
    return _behind(session, select(MatterRow).where(wanted), 0, limit)


def to_look_at(
    session: Session, states: tuple[str, ...], *, until: date, unit: str | None, after: int, limit: int
) -> Sequence[MatterRow]:
    """Matters in one of these states of which there is something to say by a day, from behind ``after`` on.

    unit: only those in the hands of that unit, as lead unit or co-unit.
    """
    wanted = select(MatterRow).where(MatterRow.state.in_(states))
    wanted = wanted.where(or_(MatterRow.look_on.is_(None), MatterRow.look_on <= until))
    if unit is not None:
        wanted = wanted.join(Desk, Desk.matter_id == MatterRow.id).where(Desk.unit == unit)
    return _behind(session, wanted, after, limit)
