"""The three annexes: which text stands in which field of them. The fields' words are the regulation's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from models.matter.matter import Matter, Opinion, matter_fold
from models.records.record import Hand, Record, last_told, told
from rules.book.contract.matter_effects import (
    ChangeOpinion,
    Closed,
    ClosingOpinion,
    ExtensionDecided,
    Opened,
    Registered,
    RegistrationOpinion,
    Submitted,
    Urged,
    UrgingConfirmed,
)
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
    _, registered = last_told(matter.records, Registered)
    _, close = last_told(matter.records, Closed)
    endorsed, signed = matter.opinion(RegistrationOpinion, by_leader=False), matter.opinion(ClosingOpinion)
    of_office = registered.opinion if registered and not (endorsed and endorsed.agrees is None) else None
    return laid_out(
        "registration-form",
        FormWords("registration_form", book).title,
        book,
        matter=matter,
        number=number,
        of_office="\n".join(filter(None, (of_office, _opinion(endorsed)))),
        of_leader=_opinion(matter.opinion(RegistrationOpinion)),
        report=last_told(matter.records, Submitted)[1],
        agrees={
            "office_agrees": close.office_agrees if close else None,
            "leader_agrees": signed.agrees if signed else close.leader_agrees if close else None,
        },
        signed=_opinion(signed, ticked=True),
        close=close,
        decided="\n".join(_decided(matter)),
        remarked=remarked(matter, book),
        late=[
            f"{book.ledger.actions[one.action].label}（{day(one.on)}）{entered_words(one)}"
            for one in matter.records
            if one.late and isinstance(one.effect, Opened | Registered | Submitted | Closed)
        ],
    )


def _opinion(said: Opinion | None, *, ticked: bool = False) -> str:
    """What somebody said, who and when. ticked: whether yes or no stands beside it; an older record only names who approved."""
    if said is None:
        return ""
    agrees = "" if ticked or said.agrees is None else "同意" if said.agrees else "不同意"
    return "　".join(filter(None, (agrees, said.words, _signed(said.hand, said.on))))


def _signed(hand: Hand, on: date) -> str:
    return f"{hand.actor.name}　{day(on)}{'（据纸面材料录入）' if hand.vouched == 'paper' else ''}"


def _decided(matter: Matter) -> Iterator[str]:
    """What leaders decided on more time, and said of a due date that was past, or of other units."""
    for record, said in told(matter.records, ExtensionDecided):
        granted = f"准予延期至{day(said.new_due_on)}" if said.granted else "不准予延期"
        yield f"{granted}　{_signed(record.hand, record.on)}"
    for one in matter.opinions:
        if one.about is ChangeOpinion and one.agrees is not None:
            yield f"办结时限、承办单位（{day(one.due_on) or '未定'}，{'、'.join(one.units) or '未定'}）：{_opinion(one)}"


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
