"""A rulebook with some files replaced by data: loaded and checked as any other, without being written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from rules.book.book_file import BookFile
from rules.book.loading import _Loader
from rules.book.rulebook import Rulebook


def load_changed(folder: Path, files: Mapping[str, Any], edition: date | None = None) -> Rulebook:
    """The rulebook of the folder with these files. Raises RulebookError, as for files."""
    return _Overlaid(folder, files, edition).load()


class _Overlaid(_Loader):
    def __init__(self, folder: Path, changed: Mapping[str, Any], edition: date | None) -> None:
        self.changed = changed
        super().__init__(folder, edition)

    def file(self, name: str, shape: str = "", *, edition: bool = True) -> BookFile:
        file = _read(self.place(f"{name}.yaml", edition=edition), shape or name)
        self.files[name] = file.changed(self.changed[name], shape or name) if name in self.changed else file
        return self.files[name]


@cache
def _read(path: Path, shape: str) -> BookFile:
    return BookFile(path, shape)


def pour(target: Any, source: Any) -> None:
    """Make a frozen value equal to another of its kind, in place: whoever holds it sees the change."""
    for field in fields(target):
        old, new = getattr(target, field.name), getattr(source, field.name)
        if is_dataclass(old) and type(old) is type(new) and not isinstance(old, type):
            pour(old, new)
        else:
            object.__setattr__(target, field.name, new)
