"""The three annexes: which text stands in which field of them. The fields' words are the regulation's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from models.matter.matter import Matter, matter_fold
from models.records.record import Record, last_told
from rules.book.contract.matter_effects import Closed, Opened, Registered, Submitted, Urged, UrgingConfirmed
from rules.book.rulebook import Rulebook
from service.documents.parts.paper import Paper
from service.documents.writing.hand_words import entered_words
from service.documents.writing.laid_out import laid_out
from service.documents.writing.record_words import remarked
from service.documents.writing.wording import FormWords, day, not_counted

KEYS = "wenze"
"""The hidden sheet of annex 3: which matter each row is, and how the row was drawn."""


@dataclass(frozen=True, slots=True)
class Document:
    """Annex 3, which is drawn as a paper or as a sheet.

    keys: for each row the matter's id and version; only in a sheet, hidden, so that it can be read back.
    """

    number: str
    title: str
    head: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    paragraphs: tuple[str, ...]
    keys: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A matter in annex 3, as of ``version`` records. implemented: whether it is done; None where the unit has not said."""

    assigned_on: date | None
    unit: str
    content: str
    implemented: bool | None
    progress: str
    matter_id: str = ""
    version: int = 0


def registration_form(matter: Matter, number: str | None, book: Rulebook) -> Paper:
    """Annex 1. What it has no field for (co-units, due date, project leader, number; A-25) is printed under 备注."""
    record, registered = last_told(matter.records, Registered)
    opinion = registered.opinion or "" if registered else ""
    approved = f"{opinion}　{registered.approved_by or ''}　{day(record.on)}".strip() if registered and record else ""
    return laid_out(
        "registration-form",
        FormWords("registration_form", book).title,
        book,
        matter=matter,
        number=number,
        opinion=opinion,
        approved=approved,
        direct=registered is not None and registered.route == "direct",
        report=last_told(matter.records, Submitted)[1],
        close=last_told(matter.records, Closed)[1],
        remarked=remarked(matter, book),
        late=[
            f"{book.ledger.actions[one.action].label}（{day(one.on)}）{entered_words(one)}"
            for one in matter.records
            if one.late and isinstance(one.effect, Opened | Registered | Submitted | Closed)
        ],
    )


def urging_notice(matter: Matter, number: str | None, urging: Record, book: Rulebook) -> Paper:
    """Annex 2 for one urging, as the matter stood that day, to every handling unit.

    The dates are put into the regulation's own sentence.
    """
    words, then = FormWords("urging_notice", book), _as_of(matter, urging, book)
    said = urging.effect if isinstance(urging.effect, Urged) else Urged()
    address, _, body = _filled(words["body"], then).partition("：")
    return laid_out(
        "urging-notice",
        words.title,
        book,
        number=number,
        then=then,
        urging=urging,
        entered_words=entered_words,
        said=said,
        address=address,
        body=body,
        signed_by=_signed_by(matter, urging),
    )


def _as_of(matter: Matter, last: Record, book: Rulebook) -> Matter:
    return matter_fold.again((record for record in matter.records if record.number <= last.number), book.ledger.actions)


def _signed_by(matter: Matter, urging: Record) -> str:
    """Who signed for this urging, not for a later one."""
    for record in matter.records:
        if record.number > urging.number and record.action == "urge":
            break
        if record.number > urging.number and isinstance(record.effect, UrgingConfirmed):
            return str(record.effect.signed_by or "")
    return ""


def _filled(sentence: str, matter: Matter) -> str:
    days = iter((day(matter.assigned_on), day(matter.due_on)))
    filled = sentence.replace("(部门)", "、".join(matter.units) or "（部门）", 1)
    return re.sub(r"\s*年\s*月\s*日", lambda blank: next(days, blank.group()), filled)


MATTER_FORMS: Mapping[str, Callable[[Matter, str | None, Rulebook], Sequence[Callable[[], Paper]]]] = {
    "registration-form": lambda matter, number, book: [partial(registration_form, matter, number, book)],
    "urging-notice": lambda matter, number, book: [
        partial(urging_notice, matter, number, one, book) for one in matter.records if one.action == "urge"
    ],
}
"""Annex of a matter → what draws it, as often as it was issued; the last one counts."""


def status_table(
    rows: Iterable[StatusRow],
    *,
    month: date,
    cutoff: date,
    submit_by: date,
    book: Rulebook,
    left_out: Sequence[str] = (),
) -> Document:
    """Annex 3 of a month. cutoff: up to which day it counts; submit_by: by which it is handed in."""
    words = FormWords("status_table", book)
    days = iter((f"{cutoff.month}月{cutoff.day}日", f"{submit_by.month}月{submit_by.day}日"))
    note = re.sub(r"\s*月\s*日", lambda _: next(days), words["cutoff"])
    listed = list(rows)
    damaged = not_counted(left_out)
    return Document(
        number=words.number,
        title=words.title,
        head=re.sub(r"\s*年\s*月", f" {month.year} 年 {month.month} 月", words["period"]),
        columns=status_columns(book),
        rows=tuple((str(at), *status_cells(row)) for at, row in enumerate(listed, 1)),
        paragraphs=(note, words["owner"], *((damaged,) if damaged else ())),
        keys=tuple((row.matter_id, row.version) for row in listed),
    )


def status_columns(book: Rulebook) -> tuple[str, ...]:
    """The names of the columns of annex 3, in their order."""
    words = FormWords("status_table", book)
    return tuple(words[field] for field in ("order", "assigned_on", "unit", "content", "implemented", "progress"))


def status_cells(row: StatusRow) -> tuple[str, str, str, str, str]:
    """A row of annex 3 as it is drawn, without its number."""
    shown = {True: "是", False: "否", None: ""}
    return (day(row.assigned_on), row.unit, row.content, shown[row.implemented], row.progress)
