"""The editions of a rulebook side by side, each in force from the day that names its folder; and which of them decides a case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rules.book.book_file import RulebookError
from rules.book.loading import BOOK, load_rulebook
from rules.book.rulebook import Rulebook
from rules.reasoning.calendar import WorkCalendar, work_calendar
from rules.reasoning.derivation import due_date
from rules.reasoning.facts import CaseFacts

if TYPE_CHECKING:
    from rules.reasoning.recommendation import Recommender

KEPT = BOOK.parent.parent / "kept"
"""The books of earlier releases, a folder each, byte for byte: an upgrade keeps them beside the receipts that they made."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def days_in_force(folder: Path = BOOK) -> tuple[date, ...]:
    """The days from which the editions in the folder are in force, the earliest first. Raises RulebookError."""
    return tuple(sorted(_days(folder)))


def _days(folder: Path) -> Iterator[date]:
    for found in folder.iterdir():
        if found.is_dir() and _DAY.fullmatch(found.name):
            try:
                yield date.fromisoformat(found.name)
            except ValueError:
                raise RulebookError(found, 1, "文件夹的名称应为施行日期，这一日不存在") from None


def carried(kept: Path = KEPT) -> Iterator[Mapping[str, str]]:
    """The files of every book that is carried for its receipts' sake, as ``Rulebook.sources`` names them; not checked anew."""
    for folder in sorted(found for found in kept.iterdir() if found.is_dir()):
        days = [day.isoformat() for day in days_in_force(folder)]
        whole = dict(_words(folder, without=days))
        for day in days:
            yield whole | dict(_words(folder / day))


def _words(folder: Path, without: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """Name and words of each file."""
    for path in folder.rglob("*.*"):
        place = path.relative_to(folder)
        if path.suffix in (".yaml", ".md") and place.parts[0] not in without:
            yield place.with_suffix("").as_posix(), path.read_bytes().decode()


def governing_day(case: CaseFacts) -> date:
    """The day whose edition decides a case: the day on which the matter was due.

    An edition has no effect on what was due before it (art-10.b, reading A-02, which the gate of scope applies too). Until the
    due date is known, the day on which accountability is proposed.
    """
    return due_date(case.matter) or case.trigger_date


class Books:
    """The book that is applied, in its editions, each made ready to answer when it is first asked. Raises RulebookError."""

    def __init__(self, folder: Path = BOOK, calendar: Callable[[], WorkCalendar] = work_calendar) -> None:
        self.usual = load_rulebook(folder)
        """The edition that the book names."""
        self.editions = tuple(load_rulebook(folder, day) for day in days_in_force(folder))
        """All of them, the earliest first."""
        for book in self.editions:
            if book.vocabulary != self.usual.vocabulary:
                name = folder / book.in_force_from.isoformat() / "vocabulary.yaml"
                raise RulebookError(name, 1, f"词汇与所用的一版（{self.usual.in_force_from}）不同，案卷的格式须先更新")
        self._calendar = calendar
        self._ready: dict[date, Recommender] = {}

    def ready(self, book: Rulebook) -> Recommender:
        """What answers by an edition; ask for it once before threads are started."""
        from rules.reasoning.recommendation import Recommender  # here, since most commands do without the engine

        if book.in_force_from not in self._ready:
            self._ready[book.in_force_from] = Recommender(book, self._calendar())
        return self._ready[book.in_force_from]

    def made_by(self, sha256: str) -> Recommender | None:
        """The one with this hash, by which a receipt was made; None where the files are others by now."""
        return next((self.ready(book) for book in self.editions if book.sha256 == sha256), None)

    def of(self, case: CaseFacts) -> Recommender:
        """The one that decides a case; the first where none was in force yet: by it the case is out of scope."""
        return self.on(governing_day(case))

    def on(self, day: date) -> Recommender:
        """The one in force on a day."""
        past = [book for book in self.editions if book.in_force_from <= day]
        return self.ready(past[-1] if past else self.editions[0])
