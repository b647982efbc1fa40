"""Who is involved in which case: rows kept in the transaction of each record, so that access is asked of them and not of records.

They are derived: ``models/case/involvement.py`` tells them of the records, and they can be made anew at any time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, delete, insert, select, text, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.case.case import Case
from models.case.involvement import HANDS, RELATIONS, Involvement, hands, involvements
from models.people.identity import keys
from models.records.record import Record
from models.records.signs import says
from models.store.database import Base
from rules.book.contract.case_effects import Reviewed

Parts = Mapping[Involvement, int]
_LONGEST = 200
"""No person has a longer name, so that no longer one can be asked for."""
_OF_HANDS = text("relation IN ('inquiry', 'decision', 'review')")


class InvolvementRow(Base):
    """case_position: the case, by its place in the lists. since: the number of the record that tells it first."""

    __tablename__ = "involvements"
    __table_args__ = (
        CheckConstraint(f"relation IN ({', '.join(map(repr, RELATIONS))})", name="ck_involvements_relation"),
        Index("ix_involvements_who", "who", "relation", "case_position"),
        Index(
            "uq_involvements_hand", "case_position", "person", "who",
            unique=True, sqlite_where=_OF_HANDS, postgresql_where=_OF_HANDS,
        ),
    )  # fmt: skip

    case_position: Mapped[int] = mapped_column(ForeignKey("cases.position"), primary_key=True, autoincrement=False)
    relation: Mapped[str] = mapped_column(String(20), primary_key=True)
    who: Mapped[str] = mapped_column(String(_LONGEST), primary_key=True)
    person: Mapped[str] = mapped_column(String(100), primary_key=True)
    since: Mapped[int]


class OtherHand(Exception):
    """Somebody who already had another hand in the case. name: who; before, now: inquiry, decision or review."""

    def __init__(self, name: str, before: str, now: str) -> None:
        super().__init__(f"{before} → {now}")
        self.name, self.before, self.now = name, before, now


def keep(session: Session, position: int, case: Case, *, current: bool = True) -> None:
    """What the last record of a case changes in who is involved. current: whether the rows are those of the records before it.

    Raises OtherHand, IntegrityError.
    """
    there, record = kept(session, [position])[position], case.records[-1]
    before = there if current else involvements(dataclasses.replace(case, records=case.records[:-1]))
    _part(before, record, case.persons)
    replace(session, position, there, involvements(case))


def kept(session: Session, positions: Sequence[int]) -> dict[int, dict[Involvement, int]]:
    """Everybody's part in each of these cases, as the rows have it, by one question."""
    found: dict[int, dict[Involvement, int]] = {position: {} for position in positions}
    for row in session.scalars(select(InvolvementRow).where(InvolvementRow.case_position.in_(positions))):
        found[row.case_position][Involvement(row.relation, row.who, row.person)] = row.since
    return found


def replace(session: Session, position: int, there: Parts, wanted: Parts) -> None:
    """Make the rows of a case those that are wanted; what stands already is not touched."""
    gone = [one for one in there if wanted.get(one) != there[one]]
    new = [one for one in wanted if there.get(one) != wanted[one] and len(one.who) <= _LONGEST]
    if gone:
        key = tuple_(InvolvementRow.relation, InvolvementRow.who, InvolvementRow.person)
        of_case = delete(InvolvementRow).where(InvolvementRow.case_position == position)
        session.execute(of_case.where(key.in_([dataclasses.astuple(one) for one in gone])))
    if new:
        rows = [{"case_position": position, "since": wanted[one], **dataclasses.asdict(one)} for one in new]
        session.execute(insert(InvolvementRow), rows)


def _part(there: Parts, record: Record, persons: Iterable[str]) -> None:
    """Whoever decided may review where the record says why, and keeps the first hand. Raises OtherHand."""
    reasoned = isinstance(record.effect, Reviewed) and says(record.effect.same_body_reason)
    before = {(one.person, one.who): one.relation for one in there if one.relation in HANDS}
    for who, one in hands(record, persons):
        had = {before[one.person, name] for name in keys(who) if (one.person, name) in before}
        before.setdefault((one.person, one.who), one.relation)
        for known in had - {one.relation}:
            if not (reasoned and (known, one.relation) == ("decision", "review")):
                raise OtherHand(who.name, known, one.relation)
