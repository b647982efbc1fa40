"""Confirm a row of the influence-period table on a document, withdraw it, and the rulebook with what is confirmed. Source: art-8.4."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.case import cases
from models.office import periods
from models.office.period import PeriodAct, laid_over, standing
from models.schemas.errors import CaseFileError, FieldError
from models.schemas.periods import CONFIRM, WITHDRAW, load_period_act
from models.store.database import once
from rules.book.rulebook import Period, Rulebook
from rules.reasoning.calendar import LOCAL
from rules.reasoning.editions import Books


def book_in_use(session: Session, books: Books) -> Rulebook:
    """The rulebook with the rows that are confirmed now; recommendations keep to the files, whose hash their receipts name."""
    laid = ("book", books.usual.sha256)
    return once(session, laid, lambda: laid_over(books.usual, standing(periods.every(session))))


def confirm_period(
    session: Session, books: Books, asked: Mapping[str, Any], *, now: datetime, entered_by: str
) -> PeriodAct:
    """Confirm a row. asked: row, by, on, document; months, start where the document says another.

    Raises CaseFileError with every fault.
    """
    said = load_period_act(CONFIRM, asked, books.usual)
    faults = []
    if said["on"] > now.astimezone(LOCAL).date():
        faults.append(FieldError("on", f"确认日期（{said['on']}）不得晚于今天"))
    if said.get("months") == 0:
        faults.append(FieldError("months", "“月数”应为1以上的整数；没有期限的不填"))
    return _written(session, books, "confirm", said, faults, now, entered_by)


def withdraw_period(
    session: Session, books: Books, asked: Mapping[str, Any], *, now: datetime, entered_by: str
) -> PeriodAct:
    """Withdraw the confirmation of a row; what cases recorded on it stays. asked: row, reason. Raises CaseFileError."""
    said = {**load_period_act(WITHDRAW, asked, books.usual), "on": now.astimezone(LOCAL).date()}
    return _written(session, books, "withdraw", said, [], now, entered_by)


def _written(
    session: Session,
    books: Books,
    kind: str,
    said: Mapping[str, Any],
    faults: list[FieldError],
    now: datetime,
    entered_by: str,
) -> PeriodAct:
    shipped = next(row for row in books.usual.periods if row.id == said["row"])
    acts = [made for made in periods.every(session) if made.row == said["row"]]
    stands = said["row"] in standing(acts)
    if kind == "confirm" and (stands or shipped.confirmed):
        faults.append(FieldError("row", "这一行已经确认；更改的，先撤回"))
    if kind == "withdraw" and not stands:
        faults.append(FieldError("row", "这一行没有可以撤回的确认"))
    if faults:
        raise CaseFileError(faults)
    made = PeriodAct(number=len(acts) + 1, kind=kind, recorded_at=now, entered_by=entered_by, **said)
    if not periods.add(session, made):
        raise CaseFileError([FieldError("row", "他人刚刚办理了这一行，请查看之后再办理")])
    cases.look_anew(session, book_in_use(session, books))
    return made


def shown_period(row: Period) -> dict[str, Any]:
    """A row as it is exchanged."""
    names = ("id", "label", "months", "start", "effect", "basis", "mark")
    confirmed = row.confirmed or dict.fromkeys(("by", "on", "document"))
    by = {"confirmed_by": confirmed["by"], "confirmed_on": confirmed["on"], "document": confirmed["document"]}
    return {name: getattr(row, name) for name in names} | by | {"applied": row.applied}
