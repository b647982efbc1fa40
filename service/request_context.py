"""What one request has in common: its moment, and one snapshot for all that it reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from flask import Flask, g

from models.store.database import OneReading, one_reading
from rules.book.rulebook import Rulebook
from rules.reasoning.calendar import LOCAL
from rules.reasoning.editions import Books
from service.books import books


@dataclass(frozen=True, slots=True)
class RequestContext:
    """now: when it came, in UTC; reads: the snapshot of its reading; books: by which it is answered."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    reads: OneReading = field(default_factory=OneReading)
    books: Books = field(default_factory=books)

    @property
    def book(self) -> Rulebook:
        """The edition that the book names."""
        return self.books.usual

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(LOCAL).date()


def context() -> RequestContext:
    """The context of the request that is being answered."""
    found: RequestContext = g.context
    return found


def register(app: Flask) -> None:
    """Call it before everything that reads for a request."""
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    g.context = RequestContext()
    one_reading.set(g.context.reads)


def _end(_: BaseException | None) -> None:
    if (shared := one_reading.get()) is not None:
        shared.end()
    one_reading.set(None)
