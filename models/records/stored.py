"""Records as they are stored: the same columns for every aggregate, and nobody can change them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Generic, TypeVar, cast, get_args

import orjson
from sqlalchemy import Date, Dialect, LargeBinary, String, TypeDecorator, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column, reconstructor
from sqlalchemy.orm.attributes import set_committed_value

from models.records.damage import ROW, Damaged
from models.records.fold import Actions, Fold
from models.records.reading import NOTHING_KNOWN, KnownPersons, Torn, read
from models.records.record import Actor, BoundPaper, Hand, Record, Vouched
from models.store.audit_notes import tell
from models.store.database import Base, Moment, added
from rules.book.contract.guards import ActorKind


class _AsItLies(TypeDecorator[Any]):
    """A value that cannot be read comes as it lies there: one torn record must not end the reading of all the others."""

    cache_ok = True

    @property
    def python_type(self) -> type[Any]:
        return self.impl_instance.python_type

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        read = super().result_processor(dialect, coltype)
        if read is None:
            return None

        def as_far_as_it_can_be_read(value: Any) -> Any:
            try:
                return read(value)
            except (TypeError, ValueError):
                return value

        return as_far_as_it_can_be_read


class DayColumn(_AsItLies):
    impl = Date
    cache_ok = True


class _Bytes(_AsItLies):
    impl = LargeBinary
    cache_ok = True


class _Moment(_AsItLies, Moment):
    cache_ok = True


@cache
def _columns(row: Any) -> tuple[tuple[str, type, bool], ...]:
    """Column, the type of its values, and whether it may be empty: SQLite keeps any value in any column."""
    return tuple((one.name, one.type.python_type, bool(one.nullable)) for one in row.__table__.columns)


def _shown(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


class RecordColumns:
    """What a record has, beside the aggregate that it belongs to."""

    number: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(50))
    done_on: Mapped[date] = mapped_column(DayColumn)
    actor_name: Mapped[str] = mapped_column(String(200))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_unit: Mapped[str | None] = mapped_column(String(200))
    details: Mapped[bytes] = mapped_column(_Bytes)
    recorded_at: Mapped[datetime] = mapped_column(_Moment)
    entered_by: Mapped[str] = mapped_column(String(200))
    request_key: Mapped[str | None] = mapped_column(String(64))


class Listed(Base):
    """A row of what records make: it repeats what lists are searched by. open_key: of the request that opened it; known: which
    persons are meant by names and by entries that were merged since, as JSON (``KnownPersons.persons``), None where that needs no telling.

    In the place of a value that cannot be read stands one that can be shown: lists go on, and say so.
    """

    __abstract__ = True
    id: Mapped[str]
    state: Mapped[str]
    version: Mapped[int]
    open_key: Mapped[str | None]
    known: Mapped[bytes | None] = mapped_column(_Bytes)
    torn = False
    """Whether a value is not of its column's type."""

    @reconstructor
    def _as_far_as_it_can_be_read(self) -> None:
        for name, kind, nullable in _columns(type(self)):
            value = getattr(self, name)
            if not isinstance(value, kind) and not (nullable and value is None):
                self.torn = True
                set_committed_value(self, name, _shown(value) if kind is str else None if nullable else kind())
        if self.known not in (None, NOTHING):
            try:
                persons_known(self.known)
            except Torn:
                self.torn = True

    def is_torn(self, states: Collection[str | None]) -> bool:
        """Whether a value is not of its column's type, or the state none of these; then nothing is made of it."""
        return self.torn or self.state not in states


def states_of(actions: Actions) -> frozenset[str | None]:
    """The states that actions lead to."""
    return frozenset(action.to for action in actions.values())


S = TypeVar("S")
R = TypeVar("R", bound=Listed)
_READ: Mapping[str, type | UnionType] = {
    **dict.fromkeys(("action", "actor_name", "actor_kind", "entered_by"), str),
    **{"done_on": date, "actor_unit": str | None, "details": bytes, "recorded_at": datetime},
}
"""What a record is read from, and what each is: SQLite keeps any value in any column."""
_ACTORS = frozenset(get_args(ActorKind))
_YEARS = range(1900, 2201)
"""Those of the days that an entry may name."""


NOTHING = b"{}"
"""What the row of something says of names where all its records say which persons they mean."""
HAND = "hand"
"""What the hand of a record is kept under beside what was filled in, so that the trail vouches for both: no field is called so."""


@dataclass(frozen=True, slots=True)
class _KeptHand:
    """A hand as it is kept, beside the columns that tell names: the ids of the persons, and what shows it."""

    vouched: Vouched
    actor: str | None = None
    enterer: str | None = None
    papers: tuple[BoundPaper, ...] = ()
    late_reason: str | None = None
    asked: int | None = None
    asked_on: date | None = None


def values_of(record: Record, *, request_key: str | None) -> Mapping[str, object]:
    """A record as column values."""
    actor, hand = record.actor, record.hand
    kept = _KeptHand(hand.vouched, actor.id, hand.enterer, hand.papers, hand.late_reason, hand.asked, hand.asked_on)
    return {
        "number": record.number, "action": record.action, "done_on": record.on, "actor_name": actor.name,
        "actor_kind": actor.kind, "actor_unit": actor.unit, "details": orjson.dumps({**record.details, HAND: kept}),
        "recorded_at": record.recorded_at, "entered_by": record.entered_by, "request_key": request_key,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored(Generic[S, R]):
    """Where matters or cases lie, each a row and its records, and how it is made of them. kind: as the audit trail names one."""

    kind: str
    fold: Fold[S]
    row: type[R]
    record: type[RecordColumns]
    belongs: InstrumentedAttribute[str]

    def find(self, session: Session, id: str) -> R | None:
        return session.scalar(select(self.row).where(self.row.id == id))

    def lock(self, session: Session, id: str) -> R | None:
        """The row, kept from every other writer until the transaction ends."""
        return session.scalar(select(self.row).where(self.row.id == id).with_for_update())

    def opened_by(self, session: Session, request_key: str) -> R | None:
        """What a request already opened."""
        found = session.scalar(select(self.row).where(self.row.open_key == request_key))
        if found is not None:
            tell(session, outcome="repeated", subject=(self.kind, found.id))
        return found

    def request_seen(self, session: Session, id: str, request_key: str) -> int | None:
        """The number of the record that a request already made."""
        wanted = select(self.record.number).where(self.belongs == id, self.record.request_key == request_key)
        found = session.scalar(wanted)
        if found is not None:
            tell(session, outcome="repeated")
        return found

    def added(self, session: Session, row: R) -> R | None:
        """A new row, whose first record follows; None where another request with its key was faster."""
        if row.open_key is not None:
            return row if added(session, row) else None
        session.add(row)
        session.flush()
        return row

    def many(self, session: Session, ids: Sequence[str], actions: Actions) -> dict[str, S | Damaged]:
        """Id → what its records make, or what is wrong with it; an id that is not there is left out.

        One statement: where a writer commits between two, the row and the records would be of different moments, and what
        is whole would seem damaged.
        """
        owner = self.row.id
        wanted = select(owner, self.row.version, self.row.known, self.record)
        wanted = wanted.outerjoin(self.record, self.belongs == owner)
        found: dict[str, tuple[int, bytes | None, list[RecordColumns]]] = {}
        for id, written, known, row in session.execute(
            wanted.where(owner.in_(ids)).order_by(owner, self.record.number)
        ):
            rows = found.setdefault(id, (written, known, []))[2]
            if row is not None:
                rows.append(row)
        return {id: self.made(*one, actions) for id, one in found.items()}

    def made(self, written: int, known: bytes | None, rows: Iterable[RecordColumns], actions: Actions) -> S | Damaged:
        """What rows make, or what is wrong with them. written: how many its row says there are; known: what its row says of names."""
        try:
            persons = persons_known(known)
        except Torn:
            return self.fold.damaged(ROW)
        try:
            return self.fold(in_order(rows, written, self.fold.damaged, persons), actions, persons)
        except Damaged as error:
            return error


def persons_known(kept: object) -> KnownPersons:
    """What the row of an aggregate says of names; nothing where nobody looked at them yet. Raises Torn."""
    if kept is None:
        return NOTHING_KNOWN
    try:
        found = orjson.loads(kept) if isinstance(kept, bytes) else None
    except orjson.JSONDecodeError:
        raise Torn from None
    if not isinstance(found, dict) or not all(id is None or isinstance(id, str) for id in found.values()):
        raise Torn
    return KnownPersons(found)


def in_order(
    rows: Iterable[RecordColumns], written: int, damaged: type[Damaged], known: KnownPersons = NOTHING_KNOWN
) -> Iterator[Record]:
    """The records of one aggregate, first to last. written: how many its row says there are.

    Raises ``damaged`` where one is missing, surplus, out of its place, or cannot be read.
    """
    at = 0
    if not isinstance(written, int):
        raise damaged(ROW)
    for at, row in enumerate(rows, 1):
        if row.number != at or at > written or not readable(row) or (found := _object(row)) is None:
            raise damaged(at)
        try:
            yield _record(row, _details(found), known)
        except Torn:
            raise damaged(at) from None
    if at != written:
        raise damaged(at + 1)


def readable(row: RecordColumns) -> bool:
    """Whether each value is of its kind, its days can be, and the actor is one that there is; its details aside."""
    whole = all(isinstance(getattr(row, name), kind) for name, kind in _READ.items()) and row.actor_kind in _ACTORS
    return whole and dated(row.done_on, row.recorded_at)


def dated(done_on: object, recorded_at: object) -> bool:
    """Whether a day and a moment are such, of years in which something can have been entered: others cannot be reckoned with."""
    return (
        isinstance(done_on, date)
        and isinstance(recorded_at, datetime)
        and done_on.year in _YEARS
        and recorded_at.year in _YEARS
    )


def _object(row: RecordColumns) -> Mapping[str, object] | None:
    """Its details; None where they cannot be read."""
    try:
        found = orjson.loads(row.details)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def torn_record_of(row: RecordColumns) -> Record:
    """The record as far as it can be read: a day that is none stays as it is, details that are no object are empty."""
    details = _details(_object(row) or {})
    try:
        return _record(row, details, NOTHING_KNOWN)
    except Torn:
        return _record(row, {name: value for name, value in details.items() if name != HAND}, NOTHING_KNOWN)


def _record(row: RecordColumns, lying: Mapping[str, object], known: KnownPersons) -> Record:
    """Raises Torn, where it cannot be read whose hand it is."""
    said = {name: value for name, value in lying.items() if name != HAND}
    kept = read(_KeptHand, lying[HAND]) if HAND in lying else _KeptHand("earlier")
    person = known.person(row.actor_name, kept.actor)
    actor = Actor(row.actor_name, cast(ActorKind, row.actor_kind), row.actor_unit, person.id)
    enterer = known.person(row.entered_by, kept.enterer).id
    hand = Hand(actor, row.entered_by, enterer, kept.vouched, kept.papers, kept.late_reason, kept.asked, kept.asked_on)
    return Record(row.number, row.action, row.done_on, hand, said, row.recorded_at)


def _day_or_what_it_is(value: Any) -> Any:
    """A day as days are written; a text that stands for one otherwise (20260105, 2026-W02-1) stays the text that it is."""
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return day if day.isoformat() == value and day.year in _YEARS else value


def _details(found: Mapping[str, object]) -> Mapping[str, object]:
    return {name: _value(name, value) for name, value in found.items()}


def _value(name: str, value: Any) -> Any:
    """What is named ``…_on`` is a day, also within lists and objects."""
    if isinstance(value, list):
        return tuple(_details(entry) if isinstance(entry, dict) else entry for entry in value)
    if isinstance(value, dict):
        return _details(value)
    return _day_or_what_it_is(value) if name.endswith("_on") and value is not None else value
