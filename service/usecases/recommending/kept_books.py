"""The rulebooks by which receipts were made: kept beside the receipts, and read from there when another one is in use by now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from threading import Lock

from sqlalchemy.orm import Session

from models.receipts import rulebooks
from models.store.audit_notes import keep_silent, tell
from rules.book.book_file import RulebookError
from rules.book.loading import digest_of, load_kept
from rules.reasoning.editions import Books, carried
from rules.reasoning.recommendation import Recommender
from service.usecases.adopting.calendar_years import calendar_in_use

_READ: dict[str, Recommender] = {}
_ONE_AT_A_TIME = Lock()


def made_by(session: Session, books: Books, sha256: str) -> Recommender | None:
    """The rulebook with this hash, ready to answer: a receipt is only ever read by the one that made it.

    None where it is kept nowhere, or cannot be read by this program any more.
    """
    return books.made_by(sha256) or _read(session, sha256)


def files_of(session: Session, books: Books, sha256: str) -> Mapping[str, str] | None:
    """The files of the rulebook with this hash, name → words; None where it is kept nowhere."""
    made = books.made_by(sha256)
    return made.book.sources if made else rulebooks.files(session, sha256)


def _read(session: Session, sha256: str) -> Recommender | None:
    with _ONE_AT_A_TIME:
        if sha256 not in _READ:
            files = rulebooks.files(session, sha256)
            try:
                book = None if files is None else load_kept(files)
            except RulebookError:
                return None
            if book is None or book.sha256 != sha256:
                return None
            _READ[sha256] = Recommender(book, calendar_in_use())
        return _READ[sha256]


def keep_earlier_books(session: Session, books: Books, *, now: datetime) -> None:
    """Keep the rulebook of every stored receipt, as far as this program carries it."""
    wanting = [sha256 for sha256, _ in rulebooks.wanting(session)]
    files = dict(_carried(books)) if wanting else {}
    found = [sha256 for sha256 in wanting if sha256 in files]
    for sha256 in found:
        rulebooks.keep(session, sha256, files[sha256], now=now)
    if found:
        tell(session, rulebooks=found)
    else:
        keep_silent(session)


def _carried(books: Books) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Hash and files of the rulebooks in use and of those that are carried for their receipts' sake."""
    yield from ((book.sha256, book.sources) for book in books.editions)
    yield from ((digest_of(sources), sources) for sources in carried())
