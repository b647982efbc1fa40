"""A matter's file as one package: its forms, notices, records and attachments, a table of contents, and every file's hash.

The same matter makes the same bytes. Source: art-6.7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from models.records.record import attached_to
from models.store import attachments
from models.store.attachments import Attachment
from rules.reasoning.editions import Books
from service.documents.ledger.archive import ChecklistItem, contents_paper, records_paper
from service.documents.writing.forms import registration_form, urging_notice
from service.usecases.exchange.packing import PackagePart, attached_part, drawn, named_files, records, write_package
from service.usecases.matters.act_on_matter import MatterOutcome, read_matter
from service.usecases.people.entered_by import matter_as_told
from service.usecases.people.principals import Principal

_FORM, _NOTICES, _RECORDS, _ATTACHED = "1-登记表", "2-催办通知", "3-办理记录", "4-附件"
_SHOWN_BY: Mapping[str, tuple[str, ...]] = {
    "registration_form": ("endorse_registration", "approve_registration", "register", "carry_over"),
    "assignment": ("assign", "supplement_assignment", "carry_over"),
    "completion_report": ("report",),
    "review": ("accept", "return"),
    "closing": ("sign_closing", "close"),
    "feedback": ("feed_back",),
}
"""Material → the actions whose records show it."""


def write_archive_package(
    session: Session, books: Books, matter_id: str, out: IO[bytes], *, folder: Path, reader: Principal | None = None
) -> None:
    """Write the package as zip into ``out``; of the attachments, one at a time is in memory.

    folder: where the bytes of attachments lie. reader: who is told in it who entered a record; None: whoever may see all.
    Raises MatterUnknown, attachments.ContentLost.
    """
    found = read_matter(session, books, matter_id)
    if reader is not None:
        found = matter_as_told(session, reader, found)
    attached = named_files(_ATTACHED, attachments.of(session, "matter", matter_id))
    parts = [*_made(found, attached, books), *(attached_part(name, row) for name, row in attached.items())]
    checks, matter = _checks(found, attached, books), found.matter
    about = {
        "id": found.id,
        "number": found.number,
        "title": matter.title,
        "state": matter.state,
        "version": matter.version,
    }
    materials = [{"material": check.material, "label": check.label, "shown_by": check.shown_by} for check in checks]
    contents = partial(contents_paper, matter, found.number, books.usual, checks)
    write_package(parts, contents, {"matter": about, "materials": materials}, out, folder)


def _made(found: MatterOutcome, attached: Mapping[str, Attachment], books: Books) -> Iterator[PackagePart]:
    """The registration form, every notice, the records."""
    book, matter = books.usual, found.matter
    yield from drawn(_FORM, registration_form(matter, found.number, book))
    urgings = [record for record in matter.records if record.action == "urge"]
    for at, urging in enumerate(urgings, 1):
        yield from drawn(f"{_NOTICES}/{at:02}-{urging.on}", urging_notice(matter, found.number, urging, book))
    names = {row.id: name for name, row in attached.items()}
    paper = records_paper(matter, found.number, book, names)
    yield from records(_RECORDS, matter.records, book.ledger.actions, paper)


def _checks(found: MatterOutcome, attached: Mapping[str, Attachment], books: Books) -> list[ChecklistItem]:
    """What archiving asks for, and what shows it."""
    book = books.usual
    names = {row.id: name for name, row in attached.items()}
    checks = []
    for material, label in book.ledger.archive.items():
        shown: list[str] = []
        for record in found.matter.records:
            if record.action in _SHOWN_BY[material]:
                said = book.ledger.actions[record.action].label
                shown.append(f"{_RECORDS}.pdf第{record.number}号（{said}，{record.on}）")
                shown += (names[one] for one in attached_to(record) if one in names)
        if material == "registration_form" and shown:
            shown = [f"{_FORM}.pdf", *shown]
        checks.append(ChecklistItem(material, label, tuple(shown)))
    return checks
