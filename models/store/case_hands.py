"""Who had which hand in a case: one hand for each name and person, held by the primary key.

So nobody decides who investigated, and nobody reviews who decided, whatever the code above does. Source: art-9.1, art-9.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import CheckConstraint, ForeignKey, String, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.domain.matter import Record
from models.domain.names import bare
from models.store.database import Base

_MEETING = {"decide": "decision", "review_appeal": "review", "correct": "review"}


class CaseHand(Base):
    __tablename__ = "case_hands"
    __table_args__ = (CheckConstraint("hand IN ('inquiry', 'decision', 'review')", name="ck_case_hands_hand"),)

    case_id: Mapped[str] = mapped_column(String(36), ForeignKey("cases.id"), primary_key=True)
    person: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    hand: Mapped[str] = mapped_column(String(20))


class OtherHand(Exception):
    """Somebody who already had another hand in the case. name: who; before, now: inquiry, decision or review."""

    def __init__(self, name: str, before: str, now: str) -> None:
        super().__init__(f"{before} → {now}")
        self.name, self.before, self.now = name, before, now


def keep(session: Session, case_id: str, record: Record, persons: Iterable[str]) -> None:
    """Write down whose hand a record is. persons: everybody whom the case is about. Raises OtherHand, IntegrityError."""
    for person, name, hand in dict.fromkeys(_hands(record, tuple(persons))):
        wanted = select(CaseHand.name, CaseHand.hand).where(CaseHand.case_id == case_id, CaseHand.person == person)
        known = _known(session.execute(wanted), name, hand)
        if known is None:
            try:
                with session.begin_nested():
                    session.execute(insert(CaseHand).values(case_id=case_id, person=person, name=bare(name), hand=hand))
            except IntegrityError:
                known = _known(session.execute(wanted), name, hand)
                if known is None:
                    raise
        if known not in (None, hand):
            raise OtherHand(name, str(known), hand)


def _known(rows: Iterable[tuple[str, str]], name: str, hand: str) -> str | None:
    """The hand that the name already has, however it was written; another than ``hand`` goes first."""
    found = [before for written, before in rows if bare(written) == bare(name)]
    return next((before for before in found if before != hand), found[0] if found else None)


def _hands(record: Record, persons: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    details = record.details
    if record.action in ("form_team", "add_member"):
        yield from ((person, member["name"], "inquiry") for member in details["members"] for person in persons)
    elif record.action in _MEETING:
        about = persons if record.action == "decide" else (details["person"],)
        hand = _MEETING[record.action]
        yield from ((person, name, hand) for name in details["meeting"]["attendance"] for person in about)
