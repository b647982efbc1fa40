"""A rulebook with some files replaced by data: loaded and checked as any other, without being written down."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from rules.book_file import BookFile, RulebookError
from rules.loading import _Loader
from rules.rulebook import Rulebook
from rules.strict_yaml import Document


def load_changed(folder: Path, files: Mapping[str, Any], edition: date | None = None) -> Rulebook:
    """The rulebook of the folder with these files. Raises RulebookError, as for files."""
    return _Overlaid(folder, files, edition).load()


class _Overlaid(_Loader):
    def __init__(self, folder: Path, changed: Mapping[str, Any], edition: date | None) -> None:
        self.changed = changed
        super().__init__(folder, edition)

    def file(self, name: str, shape: str, *, edition: bool = True) -> BookFile:
        original = _read(self.place(f"{name}.yaml", edition=edition), shape)
        self.files[name] = _replaced(original, self.changed[name], shape) if name in self.changed else original
        return self.files[name]


@cache
def _read(path: Path, shape: str) -> BookFile:
    return BookFile(path, shape)


def _replaced(original: BookFile, data: Any, shape: str) -> BookFile:
    made = object.__new__(BookFile)
    made.path, made.raw = original.path, json.dumps(data, ensure_ascii=False).encode()
    made.document = Document(data, original.document.lines)
    faults = list(made._faults(shape))
    if faults:
        raise RulebookError(made.path, faults[0][0], "；".join(message for _, message in faults))
    return made


def pour(target: Any, source: Any) -> None:
    """Make a frozen value equal to another of its kind, in place: whoever holds it sees the change."""
    for field in fields(target):
        old, new = getattr(target, field.name), getattr(source, field.name)
        if is_dataclass(old) and type(old) is type(new) and not isinstance(old, type):
            pour(old, new)
        else:
            object.__setattr__(target, field.name, new)
