"""A choice among what the book lists, looked up when the command is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

import click

from rules.book.rulebook import Rulebook
from service.books import books


class ChoiceOfBook(click.Choice[str]):
    def __init__(self, of: Callable[[Rulebook], Iterable[str]]) -> None:
        self.of, self.case_sensitive = of, True

    @cached_property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(self.of(books().usual))
