"""The registry of persons: who somebody is, whatever they are called. What records, accounts and posts name, is an entry of it.

Staff go by their staff number; whoever is from outside, or has an account and no staff number, by a number of the system's own.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import CompoundSelect, Date, ForeignKey, String, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.people.names import bare
from models.store.database import Base, Counter, Moment, next_number
from rules.book.contract.people import PersonRef

LONGEST_NUMBER = 50


class PersonRow(Base):
    """number: the staff number, or one of the system's own; compared: the name as ``names.bare`` compares it; outside: whether not of
    the school; merged_into: the entry of the same person that stands in this one's place.

    unproved: whether somebody else who is entered already is called so, and nobody but whoever entered this one has said that they
    are two: until then it may be chosen nowhere, since a second entry would part nobody from themselves.
    """

    __tablename__ = "persons"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[str] = mapped_column(String(LONGEST_NUMBER), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    compared: Mapped[str] = mapped_column(String(200), index=True)
    unproved: Mapped[bool]
    outside: Mapped[bool]
    organisation: Mapped[str | None] = mapped_column(String(200))
    """Of whoever is from outside: where they belong."""
    phone: Mapped[str | None] = mapped_column(String(50))
    mail: Mapped[str | None] = mapped_column(String(200))
    merged_into: Mapped[str | None] = mapped_column(String(36), ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(200))

    @property
    def ref(self) -> PersonRef:
        return PersonRef(self.name, self.id)


class FormerName(Base):
    """A name that somebody bore. until: the day on which the registry learned of the new one."""

    __tablename__ = "former_names"

    person_id: Mapped[str] = mapped_column(String(36), ForeignKey("persons.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)
    compared: Mapped[str] = mapped_column(String(200), index=True)
    until: Mapped[date] = mapped_column(Date)


class OwnNumber(Counter):
    """Of the numbers that the system gives."""

    __tablename__ = "own_numbers"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)


def find(session: Session, person_id: str) -> PersonRow | None:
    return session.get(PersonRow, person_id)


def by_number(session: Session, number: str) -> PersonRow | None:
    return session.scalar(select(PersonRow).where(PersonRow.number == number))


def by_numbers(session: Session, numbers: Collection[str]) -> Sequence[PersonRow]:
    return session.scalars(select(PersonRow).where(PersonRow.number.in_(numbers))).all() if numbers else ()


def reach(session: Session, number: str, phone: str | None, mail: str | None) -> None:
    """How somebody is reached, as far as it is told."""
    row = by_number(session, number) if phone or mail else None
    if row is not None:
        row.phone, row.mail = phone or row.phone, mail or row.mail


def rows(session: Session, ids: Collection[str]) -> Sequence[PersonRow]:
    """These entries, by name."""
    wanted = select(PersonRow).where(PersonRow.id.in_(ids)).order_by(PersonRow.name, PersonRow.number)
    return session.scalars(wanted).all() if ids else ()


def outsider(session: Session, name: str, organisation: str, phone: str | None) -> PersonRow | None:
    """Whoever is entered so already."""
    wanted = select(PersonRow).where(PersonRow.outside, PersonRow.merged_into.is_(None), PersonRow.name == name)
    wanted = wanted.where(PersonRow.organisation == organisation, PersonRow.phone.is_not_distinct_from(phone))
    return session.scalars(wanted.limit(1)).one_or_none()


def standing_for(session: Session, person_id: str) -> Sequence[PersonRow]:
    """The entries that were merged into one."""
    return session.scalars(select(PersonRow).where(PersonRow.merged_into == person_id).order_by(PersonRow.number)).all()


def former(session: Session, person_id: str) -> Sequence[str]:
    """The names that somebody bore before, the last first."""
    wanted = select(FormerName.name).where(FormerName.person_id == person_id)
    return session.scalars(wanted.order_by(FormerName.until.desc(), FormerName.name)).all()


def other_names() -> CompoundSelect[str, str]:
    """Whose (``person_id``) other names (``name``): those that they bore before, and of the entries in whose place theirs stands."""
    before = select(FormerName.person_id.label("person_id"), FormerName.name.label("name"))
    return before.union(select(PersonRow.merged_into, PersonRow.name).where(PersonRow.merged_into.is_not(None)))


def askable(words: Iterable[str]) -> frozenset[str]:
    """Those that a database can be asked for: what holds a NUL is in none of its columns, and PostgreSQL refuses the question."""
    return frozenset(word for word in words if "\x00" not in word)


def named(session: Session, given: Collection[str], *, unproved: bool = False) -> Mapping[str, PersonRef]:
    """What is given, an id or a number of somebody → the person, the one who stands in the place of a merged entry; by one question.

    unproved: whether also an entry of which it is not known that it is of another person than one of the same name.
    """
    given = askable(given)
    if not given:
        return {}
    last = PersonRow.__table__.alias("last")
    wanted = select(PersonRow.id, PersonRow.number, last.c.id, last.c.name)
    wanted = wanted.join(last, last.c.id == func.coalesce(PersonRow.merged_into, PersonRow.id))
    wanted = wanted.where(or_(PersonRow.id.in_(given), PersonRow.number.in_(given)))
    if not unproved:
        wanted = wanted.where(last.c.unproved.is_(False))
    found: dict[str, PersonRef] = {}
    for id, number, person_id, name in session.execute(wanted):
        for word in (number, id):
            if word in given:
                found[word] = PersonRef(name, person_id)
    return found


def bearing(session: Session, names: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Name → the ids of everybody who bears or bore it, by one question for each; of an entry that was merged the one in its place."""
    found: dict[str, set[str]] = {name: set() for name in names}
    names = askable(names)
    last = func.coalesce(PersonRow.merged_into, PersonRow.id)
    now = select(PersonRow.name, last).where(PersonRow.name.in_(names))
    before = select(FormerName.name, last).join(PersonRow, PersonRow.id == FormerName.person_id)
    for wanted in (now, before.where(FormerName.name.in_(names))):
        for name, id in session.execute(wanted):
            found[name].add(id)
    return {name: frozenset(ids) for name, ids in found.items()}


def alike(session: Session, names: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Name → the ids of everybody who bears or bore one that is compared as the same, of whom it may therefore be."""
    last = func.coalesce(PersonRow.merged_into, PersonRow.id)
    of_name: dict[str, set[str]] = {}
    compared = askable(map(bare, names))
    before = select(FormerName.compared, last).join(PersonRow, PersonRow.id == FormerName.person_id)
    for wanted in (
        select(PersonRow.compared, last).where(PersonRow.compared.in_(compared)),
        before.where(FormerName.compared.in_(compared)),
    ):
        for name, id in session.execute(wanted):
            of_name.setdefault(name, set()).add(id)
    return {name: frozenset(of_name.get(bare(name), ())) for name in names}


def alone(session: Session, names: Collection[str]) -> Mapping[str, PersonRef]:
    """Name → the person who alone bears it; a name that several bear, or nobody, is left out."""
    found = {name: next(iter(ids)) for name, ids in bearing(session, names).items() if len(ids) == 1}
    of_id = named(session, set(found.values()))
    return {name: of_id[id] for name, id in found.items()}


def add(
    session: Session,
    name: str,
    *,
    by: str,
    now: datetime,
    number: str | None = None,
    outside: bool = False,
    organisation: str | None = None,
    phone: str | None = None,
    mail: str | None = None,
    proved: bool = False,
) -> PersonRef:
    """A new entry; without a staff number it gets one of the system's own. proved: whether it is known to be of nobody else.

    Raises IntegrityError for a number that is taken.
    """
    made = PersonRow(
        id=str(uuid.uuid4()),
        number=number or f"自编{next_number(session, OwnNumber, kind='person'):05}",
        name=name,
        compared=bare(name),
        unproved=not proved and bool(alike(session, {name})[name]),
        outside=outside,
        organisation=organisation,
        phone=phone,
        mail=mail,
        merged_into=None,
        created_at=now,
        created_by=by,
    )
    session.add(made)
    session.flush()
    return made.ref


def rename(session: Session, row: PersonRow, name: str, today: date) -> None:
    """A new name; the one before it is kept."""
    if row.name != name:
        others = alike(session, {name})[name] - {row.id}
        keep_former(session, row, row.name, today)
        row.name, row.compared, row.unproved = name, bare(name), row.unproved or bool(others)
        session.flush()


def keep_former(session: Session, row: PersonRow, name: str, today: date) -> None:
    """A name that somebody bore."""
    session.merge(FormerName(person_id=row.id, name=name, compared=bare(name), until=today))
    session.flush()
