"""What is asked of whom: rows kept in the transaction of each record, so that a desk costs one question.

They are derived: ``models/people/asking.py`` tells them of the records, and they can be made anew at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from sqlalchemy import String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.people.asking import waiting_acts
from models.records.record import Record
from models.store.database import Base
from rules.book.contract.asking import Aside
from rules.book.contract.people import PersonRef

Kind = Literal["matter", "case"]
Question = tuple[str, int]
"""Whom the record of a number asks, by id."""


class AskedRow(Base):
    """kind, subject_id: the matter or the case; record: the number of the record that asks; person_id: in the registry."""

    __tablename__ = "asked"

    person_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(36), primary_key=True, index=True)
    record: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


def keep(session: Session, kind: Kind, subject_id: str, records: Sequence[Record]) -> None:
    """What the last record of a matter or a case changes in what is asked."""
    if isinstance(records[-1].effect, Aside):
        replace(session, kind, subject_id, questions(records))


def replace(session: Session, kind: Kind, subject_id: str, wanted: Collection[Question]) -> None:
    """Make what is asked about a matter or a case what is wanted."""
    session.execute(delete(AskedRow).where(AskedRow.kind == kind, AskedRow.subject_id == subject_id))
    of = {"kind": kind, "subject_id": subject_id}
    if wanted:
        rows = [{"person_id": person, "record": record, **of} for person, record in sorted(wanted)]
        session.execute(insert(AskedRow), rows)


def questions(records: Iterable[Record]) -> frozenset[Question]:
    """What records ask whom, as long as it is not answered."""
    acts = waiting_acts(records).values()
    return frozenset((one.id, act.record.number) for act in acts for one in act.outstanding if one.id is not None)


def kept(session: Session, kind: Kind, subject_ids: Collection[str]) -> Mapping[str, set[Question]]:
    """What the rows of each of these matters or cases ask, by one question."""
    found: dict[str, set[Question]] = {one: set() for one in subject_ids}
    for row in session.scalars(select(AskedRow).where(AskedRow.kind == kind, AskedRow.subject_id.in_(subject_ids))):
        found[row.subject_id].add((row.person_id, row.record))
    return found


def asked_of(session: Session, person: PersonRef, *, most: int | None = None) -> Sequence[AskedRow]:
    """What somebody has been asked and has not answered, by one question. most: no more than so much of it."""
    wanted = select(AskedRow).where(AskedRow.person_id == person.id).limit(most)
    return session.scalars(wanted.order_by(AskedRow.kind, AskedRow.subject_id, AskedRow.record)).all()


def asks(session: Session, person: PersonRef, kind: Kind, subject_id: str, record: int) -> bool:
    """Whether a record asks this person, and they have not answered."""
    return session.get(AskedRow, (person.id, kind, subject_id, record)) is not None
