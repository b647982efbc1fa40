"""The day's to-do lists as letters: each unit its own, the Office the whole; each recipient once a day.

A letter is marked after the mail server has accepted it. A sender that dies between the two sends it once more, under the same
Message-ID.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.office import mail
from models.people import units
from rules.reasoning.editions import Books
from service.exchange.post import Letter
from service.usecases.exchange.patrol import ToLookAt
from service.usecases.exchange.todo_lists import grouped, shown

Groups = list[tuple[str | None, list[ToLookAt]]]


@dataclass(frozen=True, slots=True)
class Letters:
    """What is to be mailed now. done: how many recipients have theirs; without: units with something to do and no address."""

    due: tuple[Letter, ...]
    done: int
    without: tuple[str, ...]


def letters_of_day(
    session: Session, books: Books, findings: Sequence[ToLookAt], *, office: str | None, day: date
) -> Letters:
    """The letters that a day asks for and that have not been sent. office: the Office's address, where it has one.

    Units that share an address get one letter; an address that is the Office's too gets the whole.
    """
    groups = grouped(findings)
    known = {unit.name: unit.email for unit in units.every(session)}
    emails = {name: email for name, email in known.items() if email}
    wanted: dict[str, Groups] = {}
    for unit, found in groups:
        if unit in emails:
            wanted.setdefault(_plain(emails[unit]), []).append((unit, found))
    if office and groups:
        wanted[_plain(office)] = groups
    due = [
        _letter(address, lists, day, books)
        for address, lists in wanted.items()
        if not mail.was_sent(session, day, address)
    ]
    without = tuple(unit for unit, _ in groups if unit in known and unit not in emails)
    return Letters(tuple(due), len(wanted) - len(due), without)


def mark_mailed(session: Session, letter: Letter, day: date, *, now: datetime) -> None:
    """The server has accepted the letter; a second mark changes nothing."""
    if not mail.was_sent(session, day, letter.recipient):
        mail.mark_sent(session, day, letter.recipient, now=now)


def _plain(address: str) -> str:
    """Letters' case does not tell mailboxes apart in practice; it must not cost a second letter."""
    return address.strip(" ").lower()


def _letter(address: str, lists: Groups, day: date, books: Books) -> Letter:
    count = sum(len(found) for _, found in lists)
    on = f"{day.year}年{day.month}月{day.day}日"
    text = f"截至{on}，督查督办台账中有下列待办事项，共 {count} 项。本邮件每日自动发送，只作提示，不代替办理。\n\n{shown(lists, books)}\n"
    return Letter(address, f"督查督办待办事项（{on}，{count} 项）", text, f"{day} {address}")
