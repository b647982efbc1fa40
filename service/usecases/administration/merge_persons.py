"""Two entries of the registry that are one person: proposed by one person, confirmed by another; undone the same way.

Nothing of a record changes. What is known of the persons in it stands on the row of its matter or case, and who is involved in a
case and who is asked something is made anew in the transaction of the confirmation, so that whoever was kept out under either
entry stays out, and what one was asked is answered by the other.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

import orjson
from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.orm import Session

from models.case.cases import CaseRecordRow, CaseRow
from models.matter.matters import MatterRow, RecordRow
from models.people import accounts, merges, persons
from models.people.merges import MergeRow
from models.people.persons import PersonRow
from models.records.signs import says
from models.records.stored import persons_known
from models.schemas.errors import CaseFileError, FieldError, shown
from models.store.audit_notes import tell
from rules.book.contract.people import PersonRef
from rules.reasoning.editions import Books
from service.usecases.administration import make_asked
from service.usecases.administration.make_involvements import make_rows


def propose(
    session: Session, person: str, into: str, reason: str, *, undoes: bool, by: PersonRef, now: datetime
) -> str:
    """Propose that an entry is the person of another one, or no longer; the id of the proposal. person, into: by number.

    Raises CaseFileError.
    """
    one, other = _entry(session, "person", person), _entry(session, "into", into)
    _check(session, one, other, undoes=undoes)
    if not says(reason):
        raise CaseFileError([FieldError("reason", "请写明理由")])
    if by.id in (one.id, other.id, one.merged_into):
        raise CaseFileError([FieldError("person", "不能提出合并本人的登记，请由他人提出")])
    if any({row.person_id, row.into_id} & {one.id, other.id} for row in merges.pending(session)):
        raise CaseFileError([FieldError("person", "这一登记已有待确认的合并")])
    made = MergeRow(
        id=str(uuid.uuid4()),
        person_id=one.id,
        into_id=other.id,
        undoes=undoes,
        reason=reason,
        proposed_by=by.id,
        proposed_at=now,
        swapped=False,
    )
    session.add(made)
    session.flush()
    tell(session, subject=("person", one.id), merge=made.id)
    return made.id


def decide(session: Session, books: Books, merge_id: str, *, confirms: bool, by: PersonRef, now: datetime) -> None:
    """Confirm what another person proposed, or have it not be. Raises CaseFileError."""
    row = merges.lock(session, merge_id)
    if row is None or row.confirmed is not None:
        raise CaseFileError([FieldError("$", "没有这一待确认的合并")])
    if confirms:
        if by.id in (row.proposed_by, row.person_id, row.into_id):
            raise CaseFileError([FieldError("$", "须由提出人和当事人以外的另一人确认")])
        one, other = _found(session, row.person_id), _found(session, row.into_id)
        _check(session, one, other, undoes=row.undoes)
        _swap_accounts(session, row)
        one.merged_into = None if row.undoes else other.id
        session.flush()
        _know(session, books, one.id, one.merged_into)
    row.confirmed, row.decided_by, row.decided_at = confirms, by.id, now
    session.flush()
    tell(session, subject=("person", row.person_id), merge=row.id)


def _entry(session: Session, field: str, number: str) -> PersonRow:
    """The entry itself, whoever stands in its place."""
    found = persons.by_number(session, number) or persons.find(session, number)
    if found is None:
        raise CaseFileError([FieldError(field, f"人员登记中没有“{shown(number)}”")])
    return found


def _found(session: Session, person_id: str) -> PersonRow:
    row = persons.find(session, person_id)
    assert row is not None
    return row


def _check(session: Session, one: PersonRow, other: PersonRow, *, undoes: bool) -> None:
    """Raises CaseFileError where these cannot be made one, or are not."""
    if undoes:
        if one.merged_into != other.id:
            raise CaseFileError([FieldError("person", "这一登记没有并入另一登记")])
        return
    if one.id == other.id or one.merged_into or other.merged_into:
        raise CaseFileError([FieldError("person", "应为两个没有并入其他登记的人员")])
    if persons.standing_for(session, one.id):
        raise CaseFileError([FieldError("person", "已有登记并入此人：请以此人为保留的一方，或者先撤销原来的合并")])
    both = [accounts.by_person(session, row.id) for row in (one, other)]
    if all(account is not None and account.disabled_at is None for account in both):
        raise CaseFileError([FieldError("person", "两个登记各有一个有效的账号：请先停用其中一个")])


def _swap_accounts(session: Session, row: MergeRow) -> None:
    """The account that goes on is of the entry that goes on; when that is undone, of its own entry again."""
    mine, others = (accounts.by_person(session, id) for id in (row.person_id, row.into_id))
    if row.undoes:
        made = next(one for one in merges.of_person(session, row.person_id) if one.confirmed and not one.undoes)
        row.swapped = made.swapped
    else:
        row.swapped = mine is not None and mine.disabled_at is None
    if not row.swapped:
        return
    for account, whose in ((mine, None), (others, row.person_id), (mine, row.into_id)):
        if account is not None:
            account.person_id = whose
            session.flush()


def _know(session: Session, books: Books, person_id: str, into_id: str | None) -> None:
    """Have every matter and case that names an entry know who is meant by it, and make anew who is involved and who is asked."""
    told_in: list[CaseRow] = []
    matters_told: list[MatterRow] = []
    for row in _naming(session, person_id):
        if row.torn:  # it is shown as damaged to whoever may see it, and makes nothing of names
            continue
        told = dict(persons_known(row.known).persons)
        told.pop(person_id, None)
        row.known = orjson.dumps(told | ({person_id: into_id} if into_id else {}))
        if isinstance(row, CaseRow):
            row.involved = None
            told_in.append(row)
        else:
            matters_told.append(row)
    session.flush()
    make_rows(session, books, told_in)
    make_asked.make_rows(session, books, "matter", matters_told)
    make_asked.make_rows(session, books, "case", told_in)


def _naming(session: Session, person_id: str) -> Iterator[Any]:
    """The rows of the matters and cases in which an entry is named, or in which a name was matched to it; kept from other writers."""
    tables: Any = ((MatterRow, RecordRow, RecordRow.matter_id), (CaseRow, CaseRecordRow, CaseRecordRow.case_id))
    for table, record, owner in tables:
        of_records = select(owner).where(_holds(session, record.details, person_id))
        wanted = select(table).where(or_(table.id.in_(of_records), _holds(session, table.known, person_id)))
        yield from session.scalars(wanted.order_by(table.position).with_for_update()).all()


def _holds(session: Session, column: Any, id: str) -> ColumnElement[bool]:
    """Whether the bytes of a column hold an id."""
    if session.get_bind().dialect.name == "sqlite":
        return func.instr(column, literal(id.encode())) > 0
    return cast(ColumnElement[bool], column.op("LIKE")(f"%{id}%".encode()))
