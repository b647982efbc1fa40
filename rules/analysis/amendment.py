"""A draft amendment: a short file of replacements laid over an edition. It is loaded and checked like any rulebook, and decides no case."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rules.analysis.replacements import Replaced, ReplacementInWords, ReplacementRefused
from rules.book.book_file import BookFile, Place, RulebookError
from rules.book.loading import BOOK, load_rulebook
from rules.book.overlay import load_changed
from rules.book.rulebook import Rulebook
from rules.reasoning.editions import days_in_force


class AmendmentRefused(RulebookError):
    """Every fault of an amendment, one a line."""

    def __init__(self, faults: list[str]) -> None:
        ValueError.__init__(self, "\n".join(faults))


@dataclass(frozen=True, slots=True)
class Version:
    """A rulebook to be compared: an edition, or a draft with what it rests on and what it replaces."""

    book: Rulebook
    basis: str = ""
    changes: tuple[ReplacementInWords, ...] = ()


def load_version(path: Path, folder: Path = BOOK) -> Version:
    """A draft (a file, over an edition in ``folder``), a rulebook's folder, or the folder of one of its editions.

    Raises RulebookError; AmendmentRefused with every fault of a draft at once.
    """
    if path.is_file():
        return load_amendment(path, folder)
    whole, name = path.resolve().parent, path.resolve().name
    editions = {day.isoformat(): day for day in days_in_force(whole)} if (whole / "book.yaml").exists() else {}
    return Version(load_rulebook(whole, editions[name]) if name in editions else load_rulebook(path))


def load_amendment(path: Path, folder: Path = BOOK) -> Version:
    """The draft in ``path`` over an edition in ``folder``. Raises RulebookError, AmendmentRefused with every fault at once."""
    return _Laid(BookFile(path, "amendment"), folder).version()


class _Laid:
    def __init__(self, file: BookFile, folder: Path) -> None:
        self.file, self.folder, self.data = file, folder, file.data
        self.edition = self._edition()
        self.base = load_rulebook(folder, self.edition)

    def _edition(self) -> date | None:
        days = [day.isoformat() for day in days_in_force(self.folder)]
        named = self.data.get("edition")
        if named is None:
            return None
        if named not in days:
            raise AmendmentRefused([self._said(("edition",), f"没有 {named} 起施行的一版；可以是：{'、'.join(days)}")])
        return date.fromisoformat(named)

    def version(self) -> Version:
        made = Replaced(self.base)
        changes, faults = list[ReplacementInWords](), list[str]()
        for position, row in enumerate(self.data["replacements"]):
            try:
                changes += made.replace(row)
            except ReplacementRefused as refused:
                faults += [self._said(("replacements", position, *at), message) for at, message in refused.faults]
        if faults:
            raise AmendmentRefused(faults)
        return Version(self._marked(self._loaded(made.files)), self.data["basis"], tuple(changes))

    def _loaded(self, files: Mapping[str, Any]) -> Rulebook:
        """By the checks of any rulebook; what they find is told of each replacement that has it by itself."""
        try:
            return load_changed(self.folder, files, self.edition)
        except RulebookError as error:
            raise AmendmentRefused(list(self._alone()) or [self._said(("replacements",), _plain(error))]) from None

    def _alone(self) -> Iterator[str]:
        for position, row in enumerate(self.data["replacements"]):
            made = Replaced(self.base)
            made.replace(row)
            try:
                load_changed(self.folder, made.files, self.edition)
            except RulebookError as error:
                yield self._said(("replacements", position), _plain(error))

    def _marked(self, book: Rulebook) -> Rulebook:
        title = self.data["title"]
        digest = hashlib.sha256(book.sha256.encode() + b"\0" + self.file.raw).hexdigest()
        return replace(
            book,
            id=f"{book.id}+{self.data['id']}",
            title=f"{book.title}（草案：{title}）",
            sha256=digest,
            draft=title,
            sources=MappingProxyType({**book.sources, "amendment": self.file.raw.decode("utf-8")}),
        )

    def _said(self, place: Place, message: str) -> str:
        return str(self.file.error(place, f"{'.'.join(map(str, place))}：{message}"))


def _plain(error: RulebookError) -> str:
    """The fault without the line, which is that of the file as it was."""
    head, _, message = str(error).partition("：")
    return f"{message}（{head.partition(' ')[0]}）"
