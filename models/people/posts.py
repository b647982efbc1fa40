"""Who holds which post in which unit, from which day until which, and who manages the person as a cadre. Source: art-3.2.b, art-3.3.b."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date

from msgspec import convert
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.people.organisation import Post
from models.store.database import Base


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
    wanted = select(PostRow).where(PostRow.unit.in_(tuple(units)), PostRow.from_on <= day)
    wanted = wanted.where(or_(PostRow.to_on.is_(None), PostRow.to_on >= day))
    return tuple(
        convert(row, Post, from_attributes=True)
        for row in session.scalars(wanted.order_by(PostRow.unit, PostRow.rank, PostRow.id))
    )


def every(session: Session) -> Sequence[Post]:
    """All posts, those that have ended too."""
    wanted = select(PostRow).order_by(PostRow.unit, PostRow.from_on, PostRow.id)
    return [convert(row, Post, from_attributes=True) for row in session.scalars(wanted)]


def write(session: Session, post: Post) -> None:
    """A new post, or what has changed of a known one (same person, unit, post and first day)."""
    key = {"staff_number": post.staff_number, "unit": post.unit, "post": post.post, "from_on": post.from_on}
    row = session.scalars(select(PostRow).filter_by(**key)).one_or_none()
    if row is None:
        session.add(PostRow(**asdict(post)))
    else:
        row.name, row.rank, row.managed_by, row.to_on = post.name, post.rank, post.managed_by, post.to_on
    session.flush()
