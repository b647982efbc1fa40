"""The daily round: what is due soon, what is overdue, what nobody has answered. It suggests; people act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models.case.awaited import Awaited
from models.case.cases import CaseRow
from models.case.sight import Sight
from models.matter import matters
from models.matter.waiting import Thresholds, Waiting, waiting
from models.office import outbox
from models.records.damage import ROW, Damaged, MatterDamaged
from rules.book.contract.fields import Field, Word
from rules.book.contract.guards import ActorKind
from rules.book.rulebook import Rulebook
from rules.reasoning.editions import Books
from service.usecases.cases.duties import every_awaited
from service.usecases.matters.act_on_matter import shown_number, stored_matters
from service.usecases.matters.inspect import inspection_duties
from service.usecases.refusals import explained

_BATCH, _CASES = 500, 250
_OFFICE: ActorKind = "office"
_BY_THEMSELVES: tuple[ActorKind, ...] = ("director", "leader")
"""Whose own word a reminder is for."""
DAMAGED = "matter_damaged"
"""What no rulebook knows: the records of a matter make none."""
_LOOKED_AT = ("proposed", "registered", "assigned", "reported", "returned", "completed", "closed")


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """Something for somebody to look at. kind: a reminder of the ledger; unit: who acts, None for the Office itself; by: as what.

    days: until the due date, negative once it has passed; what: the step of the plan, or the duty of the case, that it is about; act:
    what is done then, provision its own. case_id: the case that it is about, and case_title its title, for those who may read that.
    """

    kind: str
    unit: str | None
    matter_id: str | None
    number: str | None
    title: str
    due_on: date | None
    days: int | None
    lead_unit: str | None = None
    what: str = ""
    case_id: str | None = None
    case_title: str | None = None
    by: tuple[str, ...] = (_OFFICE,)
    act: str = ""
    provision: str | None = None

    def label(self, book: Rulebook) -> str:
        """What it is, in Chinese."""
        return "事项的记录损坏，须核对" if self.kind == DAMAGED else book.ledger.reminders[self.kind].label


def patrol(
    session: Session,
    books: Books,
    *,
    today: date,
    unit: str | None = None,
    thresholds: Thresholds | None = None,
    sight: Sight | None = None,
    most: int | None = None,
) -> Iterator[ToLookAt]:
    """One pass over the running matters, in batches, then the Office's own duties; the same day gives the same list.

    unit: only what that unit has to do, as lead unit or co-unit; else everything. sight: of cases, only those that are seen so. most: how
    many findings are looked at, if the caller knows.
    """
    yield from round_of_matters(session, books, today=today, unit=unit, thresholds=thresholds)
    if unit is None:
        yield from round_of_office(session, books, today=today, sight=sight, most=most)


def round_of_matters(
    session: Session, books: Books, *, today: date, unit: str | None, thresholds: Thresholds | None
) -> Iterator[ToLookAt]:
    """What waits on the running matters."""
    limits = thresholds or Thresholds()
    soon = today + timedelta(days=limits.yellow)
    after = 0
    while rows := matters.to_look_at(session, _LOOKED_AT, until=soon, unit=unit, after=after, limit=_BATCH):
        for row, matter in stored_matters(session, books, rows):
            if isinstance(matter, Damaged):
                if unit is None:
                    yield _damaged(row, matter, books)
                continue
            for found in waiting(matter, today, limits, books.usual.ledger):
                if unit is None or found.unit == unit:
                    yield finding(found, row, today, books.usual)
        if len(rows) < _BATCH:
            return
        after = rows[-1].position
        session.expunge_all()


def round_of_office(
    session: Session, books: Books, *, today: date, sight: Sight | None, most: int | None
) -> Iterator[ToLookAt]:
    """What else the Office looks at: matters that no list finds, forms that did not arrive, cases, inspections."""
    yield from (
        _damaged(row, MatterDamaged(ROW), books) for row in matters.unsearchable(session, books.usual.ledger.states)
    )
    yield from _undelivered(session, books, today)
    yield from _of_cases(session, books, sight, today, at_once=_CASES if most is None else min(_CASES, most + 1))
    yield from _inspections(session, books, today)


def _damaged(row: matters.MatterRow, error: Damaged, books: Books) -> ToLookAt:
    return ToLookAt(
        DAMAGED, None, row.id, shown_number(row), row.title, None, None, row.lead_unit, explained(error, books)
    )


def finding(found: Waiting, row: matters.MatterRow, today: date, book: Rulebook) -> ToLookAt:
    """What waits on a matter, for whoever has to act."""
    days = (found.due_on - today).days if found.due_on else None
    number, lead = shown_number(row), row.lead_unit
    whose = "unit" if found.unit else book.ledger.reminders[found.kind].whose
    unit = found.unit or (book.ledger.actors[whose] if whose in _BY_THEMSELVES else None)
    by = (whose if unit else _OFFICE,)
    return ToLookAt(found.kind, unit, row.id, number, row.title, found.due_on, days, lead, found.what, by=by)


def _undelivered(session: Session, books: Books, today: date) -> Iterator[ToLookAt]:
    lost = outbox.given_up(session)
    rows = {row.id: row for row in matters.find_many(session, [parcel.matter_id for parcel in lost])} if lost else {}
    for parcel in lost:
        if (row := rows.get(parcel.matter_id)) is not None:
            yield finding(Waiting("oa_undelivered", None, None, parcel.error or ""), row, today, books.usual)


def _of_cases(session: Session, books: Books, sight: Sight | None, today: date, *, at_once: int) -> Iterator[ToLookAt]:
    """What cases wait for: without names, for the list goes by mail. Each duty once, of other acts the first for each hand."""
    for row, case, waits in every_awaited(session, books, sight, today=today, at_once=at_once):
        if isinstance(case, Damaged):
            yield damaged_case(row, case, books)
        told = set[tuple[str | None, str | None]]()
        for one in waits:
            found = awaited_act(one, row, today, books.usual)
            what = (one.person, one.duty.id) if one.duty is not None else (None, found.unit)
            if what not in told:
                yield found
            told.add(what)


def damaged_case(row: CaseRow, error: Damaged, books: Books) -> ToLookAt:
    """A case whose records make none."""
    title = f"问责案件 {row.id[:8]}"
    return ToLookAt("case_damaged", None, None, None, title, None, None, what=explained(error, books), case_id=row.id)


def awaited_act(one: Awaited, row: CaseRow, today: date, book: Rulebook) -> ToLookAt:
    """What a case waits for."""
    unit = None if _OFFICE in one.by else "、".join(book.proceedings.actors[kind] for kind in one.by)
    kind, ends, who, what = "case_act_due", None, unit or book.office, one.action.label
    if one.duty is not None:
        kind, ends = f"case_duty_{one.duty.state}", one.duty.actual or one.duty.nominal
        who, what = one.duty.who, one.duty.what
    provision = one.duty.provision if one.duty is not None else one.action.provision
    days = (ends - today).days if ends else None
    title = f"问责案件 {row.id[:8]}"
    return ToLookAt(
        kind,
        unit,
        None,
        None,
        title,
        ends,
        days,
        None,
        f"{who}：{what}",
        row.id,
        row.title,
        one.by,
        _act(one),
        provision,
    )


def _act(one: Awaited) -> str:
    """What is done, and which of several it is."""
    fields = {field.id: field for field in one.action.fields}
    said = "、".join(_told(fields[name], value) for name, value in one.says.items())
    return f"{one.action.label}（{said}）" if said else one.action.label


def _told(field: Field, value: str) -> str:
    return field.kind.words[value] if isinstance(field.kind, Word) else f"{field.label}{value}"


def _inspections(session: Session, books: Books, today: date) -> Iterator[ToLookAt]:
    for duty in inspection_duties(session, books, today.year, today=today):
        if duty.state in ("overdue", "unreported") or (duty.state == "due" and duty.first <= today):
            days = (duty.due_on - today).days if duty.due_on else None
            yield ToLookAt(f"inspection_{duty.state}", None, None, None, duty.label, duty.due_on or duty.last, days)
