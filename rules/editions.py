"""The editions of a rulebook side by side, each in force from the day that names its folder; and which of them decides a case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Lock

from rules.book_file import RulebookError
from rules.calendar import WorkCalendar
from rules.derivation import due_date
from rules.facts import CaseFacts
from rules.loading import BOOK, load_rulebook
from rules.recommendation import Recommender
from rules.rulebook import Rulebook

KEPT = BOOK.parent.parent / "kept"
"""The books of earlier releases, a folder each, byte for byte."""
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


def governing_day(case: CaseFacts) -> date:
    """The day whose edition decides a case: the day on which the matter was due.

    An edition has no effect on what was due before it (art-10.b, reading A-02, which the gate of scope applies too). Until the
    due date is known, the day on which accountability is proposed.
    """
    return due_date(case.matter) or case.trigger_date


class Editions:
    """Every edition in a folder made ready to answer; build one per process, before threads are started. Raises RulebookError."""

    def __init__(self, folder: Path = BOOK, calendar: WorkCalendar | None = None) -> None:
        usual = load_rulebook(folder)
        books = [load_rulebook(folder, day) for day in days_in_force(folder)]
        for book in books:
            if book.vocabulary != usual.vocabulary:
                name = folder / book.in_force_from.isoformat() / "vocabulary.yaml"
                raise RulebookError(name, 1, f"词汇与所用的一版（{usual.in_force_from}）不同，案卷的格式须先更新")
        self._ready = {book.in_force_from: Recommender(book, calendar) for book in books}
        self._calendar = calendar
        self._earlier: dict[str, Recommender] = {}
        self._one_at_a_time = Lock()
        self.usual = self._ready[usual.in_force_from]

    @property
    def books(self) -> tuple[Rulebook, ...]:
        """The editions, the earliest first."""
        return tuple(made.book for made in self._ready.values())

    def made_by(self, sha256: str) -> Recommender | None:
        """The one with this hash, by which a receipt was made; None where the files are others by now."""
        made = next((made for made in self._ready.values() if made.book.sha256 == sha256), None)
        return made or self._kept(sha256)

    def _kept(self, sha256: str) -> Recommender | None:
        """One of the books of earlier releases, carried unchanged: a receipt is only ever read by the book that made it."""
        with self._one_at_a_time:
            if sha256 not in self._earlier:
                kept = map(load_rulebook, sorted(KEPT.iterdir()))
                book = next((book for book in kept if book.sha256 == sha256), None)
                if book is None:
                    return None
                self._earlier[sha256] = Recommender(book, self._calendar)
            return self._earlier[sha256]

    def of(self, case: CaseFacts) -> Recommender:
        """The one that decides a case; the first where none was in force yet: by it the case is out of scope."""
        return self.on(governing_day(case))

    def on(self, day: date) -> Recommender:
        """The one in force on a day."""
        past = [found for found in self._ready if found <= day]
        return self._ready[past[-1] if past else min(self._ready)]
