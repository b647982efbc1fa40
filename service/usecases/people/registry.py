"""The registry of persons as people use it: found by what is known of somebody, shown by name, unit, post and number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from sqlalchemy.orm import Session

from models.people import persons, posts
from models.people.organisation import Post
from models.people.persons import PersonRow
from models.schemas.fields import Block, Name, Text
from models.store.audit_notes import tell
from rules.answering import about
from rules.book.contract.people import PersonRef

OUTSIDER = Block("校外人员", dict, {
    "name": Name("姓名", required=True), "organisation": Text("所在单位", 200, required=True), "phone": Text("电话", 50),
})  # fmt: skip
"""What is asked of somebody who is not of the school."""


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person as whoever chooses one is shown them."""

    id: Annotated[str, about("标识")]
    number: Annotated[str, about("工号；校外人员和没有工号的，为系统编号")]
    name: Annotated[str, about("姓名")]
    outside: Annotated[bool, about("是否校外人员")]
    organisation: Annotated[str | None, about("校外人员所在单位")]
    posts: Annotated[tuple[str, ...], about("现任职务，连同单位")]

    @property
    def words(self) -> str:
        """The person, told apart from every other."""
        where = "、".join(self.posts) or ("　".join(["校外", self.organisation or ""]).strip() if self.outside else "")
        return "　".join(filter(None, (self.name, where, self.number)))


def found(session: Session, containing: str, today: date, *, limit: int) -> list[FoundPerson]:
    """The first of those whom this may mean."""
    return _registered(session, posts.search(session, containing, today, limit=limit), today)


def shown(session: Session, given: Collection[str], today: date) -> Mapping[str, FoundPerson]:
    """What is given, an id or a number → the person."""
    known = persons.named(session, given)
    rows = persons.rows(session, {str(one.id) for one in known.values()})
    of_id = {one.id: one for one in _registered(session, rows, today)}
    return {word: of_id[str(one.id)] for word, one in known.items()}


def _registered(session: Session, rows: Collection[PersonRow], today: date) -> list[FoundPerson]:
    held = posts.of_persons(session, [row.id for row in rows], today) if rows else {}
    return [
        FoundPerson(row.id, row.number, row.name, row.outside, row.organisation, tuple(map(_post, held[row.id])))
        for row in rows
    ]


def _post(post: Post) -> str:
    return f"{post.unit}{post.post}"


def register_outsider(
    session: Session, name: str, organisation: str, phone: str | None = None, *, by: str, now: datetime
) -> PersonRef:
    """Somebody from outside, who gets a number of the system's own; once, however often they are entered."""
    there = persons.outsider(session, name, organisation, phone)
    if there is not None:
        tell(session, outcome="repeated", subject=("person", there.id))
        return there.ref
    made = persons.add(session, name, by=by, now=now, outside=True, organisation=organisation, phone=phone)
    tell(session, subject=("person", str(made.id)))
    return made
