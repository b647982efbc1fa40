"""The rows of what is asked of whom, made of the records: after a merge of persons, at an upgrade, and to hold them against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.case import cases
from models.case.cases import CaseRecordRow, CaseRow
from models.matter import matters
from models.matter.matters import MatterRow, RecordRow
from models.people import asked, persons
from models.people.asked import AskedRow, Kind, Question
from models.records.damage import Damaged
from rules.reasoning.editions import Books
from service.usecases.hands import asking_action

_BATCH = 200
_LABELS: Mapping[Kind, str] = {"matter": "事项", "case": "案件"}


def make_next(session: Session, books: Books, after: int, *, kind: Kind) -> int | None:
    """Make the rows of the next matters or cases behind this position in which somebody is or was asked; the position of the last of
    them, None where there was none. A damaged one keeps the rows that it has."""
    wanted = _page(session, books, kind, after)
    make_rows(session, books, kind, wanted)
    return wanted[-1].position if wanted else None


def make_rows(session: Session, books: Books, kind: Kind, wanted: Sequence[Any]) -> None:
    """Make the rows of these, where they are others than the records tell."""
    for id, there, told in _held_against(session, books, kind, wanted):
        if there != told:
            asked.replace(session, kind, id, told)


def rows(session: Session, books: Books) -> Iterator[str]:
    """One line for each difference between the rows and what the records tell; what is damaged is told by other commands."""
    for kind in _LABELS:
        after = 0
        while batch := _page(session, books, kind, after):
            for id, there, told in _held_against(session, books, kind, batch):
                yield from (_differing(session, kind, id, one, one in told) for one in sorted(told ^ there))
            after = batch[-1].position
            session.expunge_all()


def _differing(session: Session, kind: Kind, id: str, one: Question, told: bool) -> str:
    person, record = one
    row = persons.find(session, person)
    whose = f"{row.name}（{row.number}）" if row is not None else person
    what = "没有列入其待确认的办理" if told else "列入其待确认的办理，记录中没有"
    return f"{_LABELS[kind]} {id} 记录{record}：{whose}{what}，wenze db upgrade 按记录改正"


def _held_against(
    session: Session, books: Books, kind: Kind, wanted: Sequence[Any]
) -> Iterator[tuple[str, frozenset[Question], frozenset[Question]]]:
    """The id of each that is whole, what its rows ask, and what its records do."""
    there = asked.kept(session, kind, [row.id for row in wanted])
    found: Any = (
        matters.load_many(session, wanted, books.usual.ledger.actions)
        if kind == "matter"
        else cases.load_many(session, wanted, books.usual.proceedings.actions)
    )
    for row, made in found:
        if not isinstance(made, Damaged):
            yield row.id, frozenset(there[row.id]), asked.questions(made.records)


def _page(session: Session, books: Books, kind: Kind, after: int) -> Sequence[Any]:
    """The next rows behind this position about which somebody is or was asked something."""
    table, record, owner, actions = _tables(books)[kind]
    of_records = select(owner).where(record.action == asking_action(actions).id)
    of_rows = select(AskedRow.subject_id).where(AskedRow.kind == kind)
    wanted = select(table).where(table.position > after, or_(table.id.in_(of_records), table.id.in_(of_rows)))
    found: Sequence[Any] = session.scalars(wanted.order_by(table.position).limit(_BATCH)).all()
    return found


def _tables(books: Books) -> Mapping[Kind, Any]:
    return {
        "matter": (MatterRow, RecordRow, RecordRow.matter_id, books.usual.ledger.actions),
        "case": (CaseRow, CaseRecordRow, CaseRecordRow.case_id, books.usual.proceedings.actions),
    }
