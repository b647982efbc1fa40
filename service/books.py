"""Which book is applied: decided here, once a process. An edge hands it on as a value, and nothing below an edge asks for it."""

from __future__ import annotations

from functools import cache

from rules.reasoning.editions import Books
from service.usecases.adopting.calendar_years import calendar_in_use


@cache
def books() -> Books:
    """The book in use, with its editions; call it once at start-up, before threads are started."""
    return Books(calendar=calendar_in_use)
