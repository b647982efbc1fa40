"""The registry of persons as people use it: found by what is known of somebody, shown by name, unit, post and number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy.orm import Session

from models.people import accounts, persons, posts
from models.people.identity import may_be
from models.people.organisation import Post
from models.people.persons import PersonRow
from models.schemas.errors import CaseFileError, FieldError
from models.schemas.fields import Block, Name, Text
from models.store.audit_notes import tell
from rules.answering import about
from rules.book.contract.people import PersonRef

OUTSIDER = Block("校外人员", dict, {
    "name": Name("姓名", required=True), "organisation": Text("所在单位", 200, required=True), "phone": Text("电话", 50),
})  # fmt: skip
"""What is asked of somebody who is not of the school."""
CHANGES = Block("人员", dict, {
    "name": Name("姓名"), "organisation": Text("所在单位（校外人员）", 200), "phone": Text("电话", 50), "mail": Text("邮箱", 200),
})  # fmt: skip
"""What may be changed of an entry."""
PERSON = Block("人员", dict, {
    "name": Name("姓名", required=True), "number": Text("工号（校外人员不填，由系统编号）", persons.LONGEST_NUMBER),
    **{name: field for name, field in CHANGES.fields.items() if name != "name"},
})  # fmt: skip
"""What is asked of a new one."""


class NotInRegistry(LookupError):
    """The registry has no entry of this number or id."""


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person as whoever chooses one is shown them."""

    id: Annotated[str, about("标识")]
    number: Annotated[str, about("工号；校外人员和没有工号的，为系统编号")]
    name: Annotated[str, about("姓名")]
    outside: Annotated[bool, about("是否校外人员")]
    unproved: Annotated[bool, about("是否与另一人同名而尚未由另一人核实；核实之前不能选用")]
    organisation: Annotated[str | None, about("校外人员所在单位")]
    posts: Annotated[tuple[str, ...], about("现任职务，连同单位")]

    @property
    def words(self) -> str:
        """The person, told apart from every other."""
        where = "、".join(self.posts) or ("　".join(["校外", self.organisation or ""]).strip() if self.outside else "")
        doubt = "（同名，待核实）" if self.unproved else ""
        return "　".join(filter(None, (self.name, where, f"{self.number}{doubt}")))


def found(session: Session, containing: str, today: date, *, limit: int) -> list[FoundPerson]:
    """The first of those whom this may mean."""
    return _registered(session, posts.search(session, containing, today, limit=limit), today)


def shown(session: Session, given: Collection[str], today: date) -> Mapping[str, FoundPerson]:
    """What is given, an id or a number → the person."""
    known = persons.named(session, given, unproved=True)
    rows = persons.rows(session, {str(one.id) for one in known.values()})
    of_id = {one.id: one for one in _registered(session, rows, today)}
    return {word: of_id[str(one.id)] for word, one in known.items()}


def _registered(session: Session, rows: Collection[PersonRow], today: date) -> list[FoundPerson]:
    held = posts.of_persons(session, [row.id for row in rows], today) if rows else {}
    return [
        FoundPerson(
            row.id, row.number, row.name, row.outside, row.unproved, row.organisation, tuple(map(_post, held[row.id]))
        )
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


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """All that the registry says of somebody. posts: those that have ended too; into: whoever stands in the place of the entry."""

    row: PersonRow
    former: tuple[str, ...]
    posts: tuple[Post, ...]
    accounts: tuple[str, ...]
    merged: tuple[PersonRow, ...]
    into: PersonRow | None


def entry_of_person(session: Session, given: str) -> RegistryEntry:
    """An entry by its number or id. Raises NotInRegistry."""
    row = persons.by_number(session, given) or persons.find(session, given)
    if row is None:
        raise NotInRegistry(given)
    account = accounts.by_person(session, row.id)
    return RegistryEntry(
        row,
        tuple(persons.former(session, row.id)),
        tuple(posts.of_persons(session, [row.id], None)[row.id]),
        (account.login,) if account is not None else (),
        tuple(persons.standing_for(session, row.id)),
        persons.find(session, row.merged_into) if row.merged_into is not None else None,
    )


def register_person(session: Session, said: Mapping[str, Any], *, by: str, now: datetime) -> PersonRef:
    """A new entry, as ``PERSON`` asks for one. Raises CaseFileError where the number is taken."""
    number = said.get("number")
    if number is not None and persons.by_number(session, number) is not None:
        raise CaseFileError([FieldError("number", "人员登记中已有这个工号")])
    if number is None and said.get("organisation") is None:
        raise CaseFileError([FieldError("number", "本校人员须有工号；校外人员须写明所在单位")])
    made = persons.add(session, **said, outside=number is None, by=by, now=now)
    tell(session, subject=("person", str(made.id)))
    return made


def tell_apart(session: Session, given: str, *, by: str) -> None:
    """Whoever an entry is of is another person than those of the same name, as somebody else than who entered it says.

    Raises NotInRegistry, CaseFileError.
    """
    row = persons.by_number(session, given) or persons.find(session, given)
    if row is None:
        raise NotInRegistry(given)
    if may_be(PersonRef(row.created_by), PersonRef(by)):
        raise CaseFileError([FieldError("$", f"由{row.created_by}登记的，须由另一人核实")])
    row.unproved = False
    tell(session, subject=("person", row.id))
    session.flush()


def change_person(session: Session, given: str, said: Mapping[str, Any], *, today: date) -> None:
    """Another name, telephone or mail, as ``CHANGES`` asks; the name before is kept. What is not said stays.

    Raises NotInRegistry, CaseFileError.
    """
    row = entry_of_person(session, given).row
    if row.merged_into is not None:
        raise CaseFileError([FieldError("name", "这一登记已经并入另一登记，请改另一登记")])
    for name in ("organisation", "phone", "mail"):
        if name in said:
            setattr(row, name, said[name])
    if "name" in said:
        persons.rename(session, row, said["name"], today)
    session.flush()
    tell(session, subject=("person", row.id), changed=sorted(said))
