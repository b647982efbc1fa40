"""Who had which hand in a case: one hand for each name and person, held by the primary key.

So nobody decides or reviews who investigated, and nobody reviews who decided unless the record says why, whatever the code above
does; whoever decided keeps that hand. Source: art-9.1, art-9.4; reading A-70.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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
    reasoned = bool(str(record.details.get("same_body_reason") or "").strip())
    for person, name, hand in dict.fromkeys(_hands(record, tuple(persons))):
        open_to = (hand, "decision") if hand == "review" and reasoned else (hand,)
        wanted = select(CaseHand.name, CaseHand.hand).where(CaseHand.case_id == case_id, CaseHand.person == person)
        known = _known(session.execute(wanted), name, open_to)
        if known is None:
            try:
                with session.begin_nested():
                    session.execute(insert(CaseHand).values(case_id=case_id, person=person, name=bare(name), hand=hand))
            except IntegrityError:
                known = _known(session.execute(wanted), name, open_to)
                if known is None:
                    raise
        if known not in (None, *open_to):
            raise OtherHand(name, str(known), hand)


def _known(rows: Iterable[tuple[str, str]], name: str, open_to: Sequence[str]) -> str | None:
    """The hand that the name already has, however it was written; one that bars what is to be done goes first."""
    found = [before for written, before in rows if bare(written) == bare(name)]
    return next((before for before in found if before not in open_to), found[0] if found else None)


def _hands(record: Record, persons: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    details = record.details
    if record.action in ("form_team", "add_member"):
        yield from ((person, member["name"], "inquiry") for member in details["members"] for person in persons)
    elif record.action in _MEETING:
        about = persons if record.action == "decide" else (details["person"],)
        hand = _MEETING[record.action]
        yield from ((person, name, hand) for name in details["meeting"]["attendance"] for person in about)
