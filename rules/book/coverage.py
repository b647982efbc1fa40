"""The text of the regulation partitioned to the character: every character belongs to exactly one segment, and none to none."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from rules.book.book_file import BookFile, Place
from rules.book.rulebook import Provision, Rulebook, Segment
from rules.book.uses import uses

BLANK, MARKUP, HEADING = "blank", "markup", "heading"
_MARKUP = re.compile(r"(\s|<[^<>]*>)+")
_UNLINKED = ("information", "people")


def partition(file: BookFile, text: str, provisions: Iterable[Provision]) -> tuple[Segment, ...]:
    """Provisions, marks of layout and blanks in the order of the text. Raises RulebookError at a gap or an overlap."""
    found: list[Segment] = []
    at = 0
    for start, end, place, treatment, provision in sorted(_taken(file, provisions), key=lambda row: row[:2]):
        if start < at:
            raise file.error(place, f"原文 {start}–{min(at, end)} 已经归入 {found[-1].provision or MARKUP}，不得重复")
        found += _blank(file, place, text, at, start)
        if provision is None and not _MARKUP.fullmatch(text[start:end]):
            raise file.error(place, f"原文 {start}–{end} 不只是排版标记")
        found.append(Segment(start, end, text[start:end], treatment, provision))
        at = end
    return (*found, *_blank(file, ("provisions",), text, at, len(text)))


def _taken(file: BookFile, provisions: Iterable[Provision]) -> Iterator[tuple[int, int, Place, str, str | None]]:
    for position, provision in enumerate(provisions):
        place: Place = ("provisions", position)
        yield *provision.span, place, HEADING if provision.heading else provision.treatment, provision.id
    for position, (start, end) in enumerate(file.data["markup"]):
        yield start, end, ("markup", position), MARKUP, None


def _blank(file: BookFile, place: Place, text: str, start: int, end: int) -> list[Segment]:
    """What stands between two segments, which may only be blank."""
    words = text[start:end]
    if words.strip():
        raise file.error(place, f"原文 {start}–{end}“{words.strip()[:20]}”没有归入任何条款")
    return [Segment(start, end, words, BLANK, None)] if words else []


def links(book: Rulebook) -> Mapping[str, tuple[str, ...]]:
    """Provision id → what carries it out: the entries that rest on it, and what it names itself (``carried_by``)."""
    used = uses(book)
    return {row.id: (*used.get(row.id, ()), *row.carried_by) for row in book.provisions.values()}


def unlinked(book: Rulebook) -> Iterator[tuple[int, str]]:
    """Position and fault of each provision that is to be carried out and is not, or is by what does not exist."""
    linked = links(book)
    for position, row in enumerate(book.provisions.values()):
        if row.treatment not in _UNLINKED and not linked[row.id]:
            yield position, f"{row.id} 的处理方式不是仅作信息，却没有任何规则、限制、文书或者职责使用"
        for name in row.carried_by:
            if not _exists(book, *name.split(":", 1)):
                yield position, f"{row.id} 所连的“{name}”不存在"


def _exists(book: Rulebook, kind: str, name: str) -> bool:
    known: Mapping[str, Collection[str]] = {
        "category": book.vocabulary.enumerations["category"],
        "vocabulary": book.vocabulary.enumerations,
        "book": ("in_force_from",),
        "procedure": ("ledger", "inspections"),
        "reminder": book.ledger.reminders,
        "case_action": book.proceedings.actions,
    }
    return kind == "service" or name in known[kind]
