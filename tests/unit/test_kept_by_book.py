"""What is derived from a book is kept by it, for a bounded number of books: a book with the same confirmations is the same one."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models.office.period import PeriodAct, laid_over
from models.schemas.entries import case_entries, matter_entries
from rules.book.loading import load_rulebook
from tests.architecture.test_house import MODULES

BOOK = load_rulebook()


def confirmed(number: int) -> dict[str, PeriodAct]:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    return {
        BOOK.periods[0].id: PeriodAct(
            BOOK.periods[0].id, number, "confirm", date(2026, 5, 1), at, "周清", "党委", "文件"
        )
    }


def test_the_same_confirmations_make_the_same_book() -> None:
    assert laid_over(BOOK, confirmed(1)) is laid_over(BOOK, confirmed(1))
    assert laid_over(BOOK, confirmed(1)) is not laid_over(BOOK, confirmed(2))
    assert laid_over(BOOK, {}) is BOOK


def test_entries_are_kept_for_some_books_only() -> None:
    for number in range(50):
        book = laid_over(BOOK, confirmed(number))
        assert case_entries(book).actions.items() <= book.proceedings.actions.items()
        matter_entries(book)
    assert max(case_entries.cache_info().currsize, matter_entries.cache_info().currsize) <= 8


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_nothing_is_kept_of_every_book_that_there_ever_was(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and "cache" in {ast.unparse(one) for one in node.decorator_list}:
            assert "Rulebook" not in {ast.unparse(one.annotation) for one in node.args.args if one.annotation}, (
                node.name
            )
