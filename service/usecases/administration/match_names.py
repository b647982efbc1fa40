"""Whom the names in records from before the registry of persons mean: proposed where one person alone bears a name, told by people
where it is not known.

Nothing of a record changes: what is known stands on the row of its matter or case. A name that is not matched keeps somebody out as
it did, and lets nobody in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case.cases import CaseRecordRow, CaseRow
from models.matter.matters import MatterRow, RecordRow
from models.people import accounts, persons
from models.people.persons import PersonRow
from models.people.posts import PostRow
from models.records.fold import as_far_as
from models.records.record import Record
from models.records.stored import persons_known, torn_record_of
from models.schemas.errors import CaseFileError, FieldError
from models.store.audit_notes import tell
from rules.book.actions import Action
from rules.book.contract.people import PersonRef
from rules.reasoning.editions import Books
from service.usecases.administration.make_involvements import make_rows

_BATCH = 200
_BY = "升级"


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A name in the records of a matter or a case of which it is not known whom it means. bearing: the numbers of all who bear it."""

    kind: str
    id: str
    name: str
    bearing: tuple[str, ...]


def register_known(session: Session, *, now: datetime) -> None:
    """Entries for everybody who holds a post or has an account, where there are none yet.

    An account is of the one person who bears its name; where several do, people tell whose it is.
    """
    known = set(session.scalars(select(PersonRow.number)))
    latest = {row.staff_number: row for row in session.scalars(select(PostRow).order_by(PostRow.from_on, PostRow.id))}
    for number, post in latest.items():
        if number not in known:
            persons.add(session, post.name, number=number, by=_BY, now=now, proved=True)
    for number, name in session.execute(select(PostRow.staff_number, PostRow.name).distinct()):
        person = persons.by_number(session, number)
        if person is not None and person.name != name:
            persons.keep_former(session, person, name, now.date())
    without = [row for row in accounts.every(session) if row.person_id is None]
    taken = {row.person_id for row in accounts.every(session)}
    bearing = persons.bearing(session, {row.name for row in without})
    for row in without:
        if not bearing[row.name]:
            row.person_id = persons.add(session, row.name, by=_BY, now=now, proved=True).id
        elif len(bearing[row.name]) == 1 and not bearing[row.name] & taken:
            [row.person_id] = bearing[row.name]
        taken.add(row.person_id)
    session.flush()


def match_next(session: Session, books: Books, after: int) -> int | None:
    """Match the names of the next matters and cases that this was not done for; None where there was none left.

    after: not looked at, what is done is not asked for again.
    """
    found = [*_unmatched(session, MatterRow), *_unmatched(session, CaseRow)]
    named = [set(_names(row, _records(session, row), books)) for row in found]
    meant = _meant(session, set().union(*named))
    for row, names in zip(found, named, strict=True):
        row.known = orjson.dumps({name: meant[name] for name in sorted(names)})
        if isinstance(row, CaseRow):
            row.involved = None
    session.flush()
    return after + len(found) if found else None


def _meant(session: Session, names: set[str]) -> Mapping[str, str | None]:
    """Name → who alone bears it, where nobody else has one that is compared as the same: they might be meant, and be let in then."""
    if not names:
        return {}
    bearing, alike = persons.bearing(session, names), persons.alike(session, names)
    return {name: next(iter(ids)) if len(ids) == 1 and ids == alike[name] else None for name, ids in bearing.items()}


def unmatched(session: Session) -> Iterator[Unmatched]:
    """Every name of which it is not known whom it means, and every account of which it is not known whose it is."""
    found = [("account", row.login, row.name) for row in accounts.every(session) if row.person_id is None]
    tables: Any = ((MatterRow, "matter"), (CaseRow, "case"))
    for table, kind in tables:
        for row in session.scalars(select(table).where(table.known.is_not(None)).order_by(table.position)):
            known = {} if row.torn else persons_known(row.known).persons
            found += ((kind, row.id, name) for name, id in known.items() if id is None)
    if not found:
        return
    alike = persons.alike(session, {name for _, _, name in found})
    numbers = {row.id: row.number for row in persons.rows(session, set().union(*alike.values()))}
    for kind, id, name in found:
        yield Unmatched(kind, id, name, tuple(sorted(numbers[one] for one in alike[name])))


def resolve(session: Session, books: Books, kind: str, id: str, name: str, person: str) -> None:
    """Tell whom a name in the records of a matter or case means, or whose an account is. person: an id or a number.

    Raises CaseFileError.
    """
    found = persons.named(session, {person}).get(person)
    if found is None:
        raise CaseFileError([FieldError("person", f"人员登记中没有“{person}”")])
    if kind == "account":
        account = accounts.by_login(session, id)
        if account is None or account.person_id is not None:
            raise CaseFileError([FieldError("id", "没有这个账号，或者已经知道是谁的")])
        if accounts.by_person(session, str(found.id)) is not None:
            raise CaseFileError([FieldError("person", "此人已有账号")])
        account.person_id = found.id
        tell(session, subject=("account", account.id), person=found.id)
        return
    table: type[MatterRow] | type[CaseRow] = MatterRow if kind == "matter" else CaseRow
    row = session.scalar(select(table).where(table.id == id).with_for_update())
    told = dict(persons_known(row.known).persons) if row is not None else {}
    if row is None or told.get(name, "") is not None:
        raise CaseFileError([FieldError("name", "其中没有这个待核对的姓名")])
    row.known = orjson.dumps(told | {name: found.id})
    session.flush()
    if isinstance(row, CaseRow):
        row.involved = None
        make_rows(session, books, [row])
    tell(session, subject=(kind, id), person=found.id)


def _unmatched(session: Session, table: Any) -> Sequence[Any]:
    return session.scalars(select(table).where(table.known.is_(None)).order_by(table.position).limit(_BATCH)).all()


def any_unmatched(session: Session) -> bool:
    """Whether there are matters or cases of which the names were not looked at."""
    return any(
        session.scalar(select(table.id).where(table.known.is_(None)).limit(1)) is not None
        for table in (MatterRow, CaseRow)
    )


def _records(session: Session, row: MatterRow | CaseRow) -> list[Record]:
    table: Any = CaseRecordRow if isinstance(row, CaseRow) else RecordRow
    owner = table.case_id if isinstance(row, CaseRow) else table.matter_id
    return [torn_record_of(one) for one in session.scalars(select(table).where(owner == row.id).order_by(table.number))]


def _names(row: MatterRow | CaseRow, records: Iterable[Record], books: Books) -> Iterator[str]:
    """Every name of a person in records that do not say which person they mean."""
    book = books.usual
    actions: Mapping[str, Action] = book.proceedings.actions if isinstance(row, CaseRow) else book.ledger.actions
    for record in records:
        if record.hand.vouched != "earlier":
            continue
        if isinstance(record.actor.name, str):
            yield record.actor.name
        if record.action in actions:
            yield from (one.name for one in _persons(as_far_as(actions[record.action], record.details)) if one.name)


def _persons(said: object) -> Iterator[PersonRef]:
    if isinstance(said, PersonRef):
        if said.id is None:
            yield said
    elif isinstance(said, Mapping):
        for value in said.values():
            yield from _persons(value)
    elif isinstance(said, tuple):
        for value in said:
            yield from _persons(value)
    elif is_dataclass(said) and not isinstance(said, type):
        for one in fields(said):
            yield from _persons(getattr(said, one.name))
