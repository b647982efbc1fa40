"""The rows of who is involved in a case, made of its records: for cases from before there were such rows, and to hold them against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from sqlalchemy.orm import Session

from models.case import cases
from models.case.case import Case
from models.case.cases import CaseRow
from models.case.involvement import Involvement, involvements
from models.case.involvements import Parts, kept, replace
from models.case.waiting import look
from models.people.names import bare
from models.records.reading import Torn
from models.records.stored import persons_known
from rules.reasoning.editions import Books
from service.usecases.adopting.influence_periods import book_in_use
from service.usecases.cases.act_on_case import stored_cases

_BATCH = 200
_MENDED = "，wenze db upgrade 按记录改正"
_LABELS: Mapping[str, str] = {
    "investigated": "调查对象", "recused": "回避", "assigned": "调查组成员", "inquiry": "参与调查", "decision": "参与决定",
    "review": "参与复查",
}  # fmt: skip


def make_next(session: Session, books: Books, after: int, *, every: bool) -> int | None:
    """Make the rows of the next cases behind this position; the position of the last of them, None where there was none.

    every: also of those that have their rows already, so that a difference is mended; a damaged case keeps the rows that it has.
    """
    wanted = (
        cases.page(session, state=None, after=after, limit=_BATCH)
        if every
        else (cases.unmade(session, after=after, limit=_BATCH))
    )
    make_rows(session, books, wanted)
    return wanted[-1].position if wanted else None


def make_rows(session: Session, books: Books, wanted: Sequence[CaseRow]) -> None:
    """Make the rows of these cases; a damaged one keeps those that it has."""
    there, whole, book = (
        kept(session, [row.position for row in wanted]),
        _whole(session, books, wanted),
        book_in_use(session, books),
    )
    for row in wanted:
        case = whole.get(row.position)
        if case is not None:
            replace(session, row.position, there[row.position], involvements(case))
            row.involved, (row.look_until, row.look_on) = row.version, look(case, book)
        elif row.involved != row.version and isinstance(row.version, int):
            replace(session, row.position, there[row.position], _damaged(session, row))
            row.involved = row.version


def rows(session: Session, books: Books) -> Iterator[str]:
    """One line for each difference between the rows and what the records tell; a damaged case is told by other commands."""
    after, book = 0, book_in_use(session, books)
    while batch := cases.page(session, state=None, after=after, limit=_BATCH):
        there, whole = kept(session, [row.position for row in batch]), _whole(session, books, batch)
        for row in batch:
            if row.involved != row.version:
                yield f"案件 {row.id}：相关人员尚未由记录得出，请执行 wenze db upgrade；在此之前本人以外的人不能查阅本案"
            elif (case := whole.get(row.position)) is not None:
                yield from _differing(row, there[row.position], involvements(case))
                if (row.look_until, row.look_on) != look(case, book):
                    yield f"案件 {row.id}：登记的待办日期与记录不符{_MENDED}"
        after = batch[-1].position
        session.expunge_all()


def _whole(session: Session, books: Books, batch: Sequence[CaseRow]) -> Mapping[int, Case]:
    return {row.position: case for row, case in stored_cases(session, books, batch) if isinstance(case, Case)}


def _differing(row: CaseRow, there: Parts, told: Parts) -> Iterator[str]:
    for one in sorted({*there, *told}):
        if there.get(one) != told.get(one):
            what = "记录中没有" if one not in told else "没有登记" if one not in there else "登记的起始记录不符"
            person = f"（{one.person}）" if one.person else ""
            yield f"案件 {row.id}：{_LABELS[one.relation]}“{one.who}”{person}{what}{_MENDED}"


def _damaged(session: Session, row: CaseRow) -> Parts:
    """Whoever the records of a damaged case name anywhere, they may have investigated or recused."""
    told = {text for record in cases.torn_records(session, row.id) for text in _texts(record.details)}
    with suppress(Torn):
        told |= {id for id in persons_known(row.known).persons.values() if id is not None}
    return {Involvement("recused", who): 0 for who in sorted({*told, *map(bare, told)})}


def _texts(told: object) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    parts = told.values() if isinstance(told, Mapping) else told if isinstance(told, tuple | list) else ()
    for part in parts:
        yield from _texts(part)
