"""The usual rulebook is checked once for its files; nothing else of it is taken on trust."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.book import loading
from rules.book.book_file import BookFile, RulebookError
from rules.book.rulebook import Rulebook
from tests.altered import parts_of


class Checks:
    """How often the shape of a file was looked at, and where the rulebook lies."""

    def __init__(self, book: Path) -> None:
        self.book, self.number = book, 0

    def load(self) -> Rulebook:
        """As a new process does."""
        return loading._load.__wrapped__(self.book, None)


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checks:
    book = tmp_path / "book"
    shutil.copytree(loading.BOOK, book)
    found, look = Checks(book), BookFile._faults

    def counted(file: BookFile, shape: str) -> Iterator[tuple[int, str]]:
        found.number += 1
        return look(file, shape)

    monkeypatch.setattr(loading, "BOOK", book)
    monkeypatch.setattr(BookFile, "_faults", counted)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return found


def test_the_same_files_are_checked_once(checks: Checks) -> None:
    first = checks.load()
    number = checks.number
    assert number > 20
    assert parts_of(checks.load()) == parts_of(first)
    assert checks.number == number


@pytest.mark.parametrize("file", ["2021-06-28/guards.yaml", "2021-06-28/ledger.yaml", "policy/default.yaml"])
def test_a_changed_file_is_checked(checks: Checks, file: str) -> None:
    checks.load()
    path = checks.book / file
    path.write_text(path.read_text(encoding="utf-8") + "\nplanted: true\n", encoding="utf-8")
    with pytest.raises(RulebookError, match="planted"):
        checks.load()


def test_what_contradicts_the_other_files_is_found_after_a_change(checks: Checks) -> None:
    checks.load()
    path = checks.book / "text.md"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(RulebookError, match="散列值"):
        checks.load()


def test_what_another_user_wrote_does_not_count(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    checks.load()
    number = checks.number
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    checks.load()
    assert checks.number == 2 * number


@pytest.mark.parametrize("cache", ["/dev/null/nowhere", "beside"])
def test_where_nothing_can_be_remembered_all_is_checked(
    checks: Checks, cache: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    monkeypatch.chdir(tmp_path)
    checks.load()
    number = checks.number
    assert checks.load().sha256 == checks.load().sha256
    assert checks.number == 3 * number
    assert not (tmp_path / "beside").exists()
