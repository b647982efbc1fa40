"""What lies on top of an archived matter: the list of its records, and the table of contents with the checklist. Source: art-6.7."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.matter.matter import Matter
from models.records.record import Record
from rules.book.rulebook import Rulebook
from service.documents.parts.paper import Paper
from service.documents.writing.hand_words import entered_words
from service.documents.writing.laid_out import laid_out
from service.documents.writing.record_words import in_words

_KINDS = {"office": "办公室", "director": "办公室主任", "unit": "承办单位", "leader": "校领导"}


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of the package. size in bytes, sha256 in hexadecimal digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A material that archiving asks for, and the files and records that show it; none where it is missing."""

    material: str
    label: str
    shown_by: tuple[str, ...]


def records_paper(matter: Matter, number: str | None, book: Rulebook, attached: Mapping[str, str]) -> Paper:
    """Every record in words, with the provision that it rests on. attached: id of an attachment → its name."""

    def said(record: Record) -> str:
        return "\n".join(filter(None, (in_words(record, attached, book), entered_words(record))))

    title = "督查督办事项办理记录"
    return laid_out(
        "records",
        title,
        book,
        title=title,
        about=_about(matter, number),
        landscape=False,
        said=said,
        records=matter.records,
        actions=book.ledger.actions,
        kinds=_KINDS,
    )


def contents_paper(
    matter: Matter, number: str | None, book: Rulebook, checks: Iterable[ChecklistItem], files: Iterable[PackedFile]
) -> Paper:
    """The checklist, and every file with its size and hash."""
    return laid_out("contents", "督查督办事项归档目录", book, about=_about(matter, number), files=files, checks=checks)


def _about(matter: Matter, number: str | None) -> str:
    return f"{matter.title}{f'（{number}）' if number else ''}"
