"""Who holds which post in which unit, from which day until which, and who manages the person as a cadre. Source: art-3.2.b, art-3.3.b."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from msgspec import convert
from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, case, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.people import persons
from models.people.organisation import LEADING_RANKS, Post
from models.people.persons import FormerName, PersonRow
from models.store.database import Base
from rules.book.contract.people import PersonRef
from rules.reasoning.calendar import LOCAL

_WORDS = 5
"""So many words of what somebody searches for are looked at."""


class PostRow(Base):
    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("staff_number", "unit", "post", "from_on"),
        Index("ix_posts_unit", "unit", "from_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    staff_number: Mapped[str] = mapped_column(String(50))
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(200), ForeignKey("units.name"))
    post: Mapped[str] = mapped_column(String(200))
    rank: Mapped[str] = mapped_column(String(20))
    managed_by: Mapped[str] = mapped_column(String(20))
    from_on: Mapped[date]
    to_on: Mapped[date | None]


def of_units(session: Session, units: Iterable[str], day: date) -> tuple[Post, ...]:
    """The posts that people held in these units on a day."""
    wanted = select(PostRow).where(PostRow.unit.in_(tuple(units)), *_on(day))
    return tuple(
        convert(row, Post, from_attributes=True)
        for row in session.scalars(wanted.order_by(PostRow.unit, PostRow.rank, PostRow.id))
    )


def leading(session: Session, units: Iterable[str], day: date) -> dict[str, tuple[PersonRef, ...]]:
    """Unit → who leads it on a day, as the registry knows them."""
    last = PersonRow.__table__.alias("last")
    wanted = select(PostRow.unit, last.c.name, last.c.id).join(PersonRow, PersonRow.number == PostRow.staff_number)
    wanted = wanted.join(last, last.c.id == func.coalesce(PersonRow.merged_into, PersonRow.id))
    wanted = wanted.where(PostRow.unit.in_(tuple(units)), PostRow.rank.in_(LEADING_RANKS), *_on(day))
    found: dict[str, tuple[PersonRef, ...]] = {}
    for unit, name, id in session.execute(wanted.order_by(PostRow.id)):
        found[unit] = (*found.get(unit, ()), PersonRef(name, id))
    return found


def _on(day: date) -> tuple[ColumnElement[bool], ...]:
    return PostRow.from_on <= day, or_(PostRow.to_on.is_(None), PostRow.to_on >= day)


def search(session: Session, containing: str, today: date, *, limit: int) -> Sequence[PersonRow]:
    """Persons each word of this is part of the name of, a former one too, of the number, organisation, unit or post; first those who
    are called so. What an entry that was merged says is said of the one in its place."""
    words = containing.split()[:_WORDS]
    if not words or not persons.askable(words).issuperset(words):
        return ()
    of_words = (select(func.coalesce(PersonRow.merged_into, PersonRow.id)).where(_said(word, today)) for word in words)
    wanted = select(PersonRow).where(*(PersonRow.id.in_(some) for some in of_words))
    called = case((PersonRow.name == words[0], 0), else_=1)
    return session.scalars(wanted.order_by(called, PersonRow.name, PersonRow.number).limit(limit)).all()


def _said(word: str, today: date) -> ColumnElement[bool]:
    """Whether a word is part of what is known of somebody."""
    held = select(PostRow.staff_number).where(
        *_on(today), or_(*(one.contains(word, autoescape=True) for one in (PostRow.unit, PostRow.post)))
    )
    borne = select(FormerName.person_id).where(FormerName.name.contains(word, autoescape=True))
    columns = (PersonRow.name, PersonRow.number, PersonRow.organisation)
    own = (one.contains(word, autoescape=True) for one in columns)
    return or_(*own, PersonRow.number.in_(held), PersonRow.id.in_(borne))


def of_persons(session: Session, ids: Collection[str], day: date | None) -> Mapping[str, Sequence[Post]]:
    """Person → the posts held on a day, None: ever; those under the number of an entry that was merged too. By one question."""
    found: dict[str, list[Post]] = {id: [] for id in ids}
    of = func.coalesce(PersonRow.merged_into, PersonRow.id)
    wanted = select(of, PostRow).join(PostRow, PostRow.staff_number == PersonRow.number).where(of.in_(ids))
    for id, row in session.execute(wanted.where(*(_on(day) if day else ())).order_by(PostRow.from_on, PostRow.id)):
        found[id].append(convert(row, Post, from_attributes=True))
    return found


def every(session: Session) -> Sequence[Post]:
    """All posts, those that have ended too."""
    wanted = select(PostRow).order_by(PostRow.unit, PostRow.from_on, PostRow.id)
    return [convert(row, Post, from_attributes=True) for row in session.scalars(wanted)]


def write(session: Session, post: Post, *, by: str, now: datetime) -> None:
    """A new post, or what has changed of a known one (same person, unit, post and first day).

    Whoever holds one is in the registry of persons, under the staff number; another name there is a new one of theirs.
    """
    person = persons.by_number(session, post.staff_number)
    if person is None:
        persons.add(session, post.name, number=post.staff_number, by=by, now=now)
    elif post.to_on is None:
        persons.rename(session, person, post.name, now.astimezone(LOCAL).date())
    key = {"staff_number": post.staff_number, "unit": post.unit, "post": post.post, "from_on": post.from_on}
    row = session.scalars(select(PostRow).filter_by(**key)).one_or_none()
    if row is None:
        session.add(PostRow(**asdict(post)))
    else:
        row.name, row.rank, row.managed_by, row.to_on = post.name, post.rank, post.managed_by, post.to_on
    session.flush()
