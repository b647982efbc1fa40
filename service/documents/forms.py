"""The three annexes as data: which text stands in which field. The fields' words are the regulation's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from models.domain.matter import Matter, Record, replay
from models.records.record import last_told
from rules.contract.matter_effects import Closed, Registered, Submitted, Urged, UrgingConfirmed
from rules.rulebook import Rulebook
from service.documents.record_words import day, remarked

KEYS = "wenze"
"""The hidden sheet of annex 3: which matter each row is, and how the row was drawn."""
_FULL_WIDTH = {",": "，", ":": "："}
_BOX = {True: "☑", False: "☐"}


@dataclass(frozen=True, slots=True)
class Document:
    """A form to be drawn: its fields as pairs, or a table; paragraphs; a signature at the right; lines below.

    beside: how many of the first pairs stand two to a row. divided: fields whose value has a row of its own for each line, a
    label and what stands beside it. tall: fields that people write in. boxed: the paragraphs and the signature stand within the
    table. keys: for each row the matter's id and version; only in a sheet, hidden, so that it can be read back.
    """

    number: str
    title: str
    head: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    paragraphs: tuple[str, ...] = ()
    sign: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    beside: int = 0
    divided: tuple[str, ...] = ()
    tall: tuple[str, ...] = ()
    boxed: bool = False
    keys: tuple[tuple[str, int], ...] = ()


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


class _Words:
    def __init__(self, book: Rulebook, form: str) -> None:
        self.book, self.form = book, book.forms[form]

    def __getitem__(self, field: str) -> str:
        """The field's words, with the punctuation of Chinese print, which the text of the annexes lost (A-59)."""
        words = self.book.provisions[self.form.fields[field]].text
        return re.sub(r"([,:]) ?", lambda mark: _FULL_WIDTH[mark[1]], words)

    @property
    def number(self) -> str:
        return self.book.provisions[self.form.number].text

    @property
    def title(self) -> str:
        return self.book.provisions[self.form.title].text


def registration_form(matter: Matter, number: str | None, book: Rulebook) -> Document:
    """Annex 1. What it has no field for (co-units, due date, project leader, number; A-25) is printed under 备注."""
    words = _Words(book, "registration_form")
    record, registered = last_told(matter.records, Registered)
    report, close = last_told(matter.records, Submitted)[1], last_told(matter.records, Closed)[1]
    opinion = registered.opinion or "" if registered else ""
    approved = f"{opinion}　{registered.approved_by or ''}　{day(record.on)}".strip() if registered and record else ""
    direct = registered is not None and registered.route == "direct"
    return Document(
        number=words.number,
        title=words.title,
        pairs=(
            (words["task"], matter.title),
            (words["basis"], matter.basis),
            (words["lead_unit"], matter.lead_unit or ""),
            (words["office_opinion"], approved if direct else opinion),
            (words["leader_opinion"], "" if direct else approved),
            (words["result"], report.result if report else ""),
            (words["closing"], _closing(words, close)),
            (words["remarks"], _remarks(matter, number, close, book)),
        ),
        divided=(words["closing"],),
        tall=tuple(words[field] for field in ("office_opinion", "leader_opinion", "result", "remarks")),
    )


def _closing(words: _Words, close: Closed | None) -> str:
    """Both boxes of the form, ticked as they were."""
    ticked = (("office_agrees", close and close.office_agrees), ("leader_agrees", close and close.leader_agrees))
    lines = []
    for field, found in ticked:
        label = re.sub(r"\s*<[^>]*>.*", "", words[field])
        lines.append(f"{label}　{_BOX[found is True]} 是　{_BOX[found is False]} 否")
    return "\n".join(lines)


def _remarks(matter: Matter, number: str | None, close: Closed | None, book: Rulebook) -> str:
    leader = matter.project_leader
    parts = [
        f"立项编号：{number}" if number else "",
        f"协办单位：{'、'.join(matter.co_units)}" if matter.co_units else "",
        f"办结时限：{day(matter.due_on)}" if matter.due_on else "",
        f"项目负责人：{leader.name}（{leader.rank}）" if leader else "",
        remarked(matter, book),
        close.remarks or "" if close else "",
    ]
    return "\n".join(part for part in parts if part)


def urging_notice(matter: Matter, number: str | None, urging: Record, book: Rulebook) -> Document:
    """Annex 2 for one urging, as the matter stood that day, to every handling unit.

    The dates are put into the regulation's own sentence.
    """
    words = _Words(book, "urging_notice")
    then = _as_of(matter, urging, book)
    said = urging.effect if isinstance(urging.effect, Urged) else Urged()
    responsible = said.responsible or (then.project_leader.name if then.project_leader else "")
    address, _, body = _filled(words["body"], then).partition("：")
    return Document(
        number=words.number,
        title=words.title,
        pairs=(
            (words["unit"], "、".join(then.units)),
            (words["responsible"], responsible),
            (words["urged_by"], urging.actor.name),
            (words["signed_by"], _signed_by(matter, urging)),
            (words["matter"], f"{then.title}\n（{number}）" if number else then.title),
        ),
        paragraphs=(f"{address}：", body),
        sign=(words["sign"], day(urging.on)),
        below=(f"{words['contact']}{said.contact or ''}",
               f"{words['phone']}{said.phone or ''}"),
        beside=4,
        boxed=True,
    )  # fmt: skip


def _as_of(matter: Matter, last: Record, book: Rulebook) -> Matter:
    return replay.again((record for record in matter.records if record.number <= last.number), book.ledger.actions)


def _signed_by(matter: Matter, urging: Record) -> str:
    """Who signed for this urging, not for a later one."""
    for record in matter.records:
        if record.number > urging.number and record.action == "urge":
            break
        if record.number > urging.number and isinstance(record.effect, UrgingConfirmed):
            return record.effect.signed_by or ""
    return ""


def _filled(sentence: str, matter: Matter) -> str:
    days = iter((day(matter.assigned_on), day(matter.due_on)))
    filled = sentence.replace("(部门)", "、".join(matter.units) or "（部门）", 1)
    return re.sub(r"\s*年\s*月\s*日", lambda blank: next(days, blank.group()), filled)


MATTER_FORMS: Mapping[str, Callable[[Matter, str | None, Rulebook], Sequence[Callable[[], Document]]]] = {
    "registration-form": lambda matter, number, book: [partial(registration_form, matter, number, book)],
    "urging-notice": lambda matter, number, book: [
        partial(urging_notice, matter, number, one, book) for one in matter.records if one.action == "urge"
    ],
}
"""Annex of a matter → what draws it, as often as it was issued; the last one counts."""


def not_counted(left_out: Sequence[str]) -> str:
    """What a paper says of matters whose records are damaged; nothing where there are none."""
    return f"另有{len(left_out)}个事项的记录损坏或者缺失，没有计入：{'、'.join(left_out)}。" if left_out else ""


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
    words = _Words(book, "status_table")
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
    words = _Words(book, "status_table")
    return tuple(words[field] for field in ("order", "assigned_on", "unit", "content", "implemented", "progress"))


def status_cells(row: StatusRow) -> tuple[str, str, str, str, str]:
    """A row of annex 3 as it is drawn, without its number."""
    shown = {True: "是", False: "否", None: ""}
    return (day(row.assigned_on), row.unit, row.content, shown[row.implemented], row.progress)


def narrow_day(found: date | None) -> str:
    """The same on two lines, for a narrow column."""
    return day(found).replace("年", "年\n")


def office_signature(book: Rulebook) -> str:
    """The Office as it signs."""
    return _Words(book, "urging_notice")["sign"]
