"""The annexes of a matter, and the monthly table of all that run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from models.matter import matters
from models.matter.matter import Matter
from models.records.record import feedback
from rules.reasoning.editions import Books
from service.documents.parts.paper import Paper
from service.documents.writing.forms import MATTER_FORMS, Document, StatusRow, status_table
from service.usecases.matters.act_on_matter import read_matter, sound_by_batches

_RUNNING = ("assigned", "reported", "returned", "completed")


class NeverIssued(LookupError):
    """The matter has not issued this annex: it was never urged."""


def matter_form(session: Session, books: Books, matter_id: str, name: str) -> Paper:
    """The last annex of a name in ``MATTER_FORMS`` that a matter issued. Raises MatterUnknown, NeverIssued."""
    found = read_matter(session, books, matter_id)
    made = MATTER_FORMS[name](found.matter, found.number, books.usual)
    if not made:
        raise NeverIssued(matter_id)
    return made[-1]()


def status_table_of(session: Session, books: Books, *, month: date, cutoff: date, submit_by: date) -> Document:
    """Annex 3: every matter assigned by the cutoff and not yet closed, in the order in which they came in."""
    left_out: list[str] = []
    rows = list(status_rows(session, books, cutoff, left_out))
    return status_table(rows, month=month, cutoff=cutoff, submit_by=submit_by, book=books.usual, left_out=left_out)


def status_rows(session: Session, books: Books, cutoff: date, left_out: list[str]) -> Iterator[StatusRow]:
    """The rows of annex 3 as of a day; matters whose records are damaged are named in ``left_out``."""
    for row, matter in sound_by_batches(session, books, partial(matters.in_states, session, _RUNNING), left_out):
        if matter.assigned_on is not None and matter.assigned_on <= cutoff:
            yield _row(row.id, matter, cutoff)


def _row(matter_id: str, matter: Matter, cutoff: date) -> StatusRow:
    said = [one for one in feedback(matter.records) if one[0].on <= cutoff]
    done = any(sent.accepted and sent.on <= cutoff for sent in matter.submissions)
    text = said[-1][1] if said else ""
    units = "、".join(matter.units)
    return StatusRow(matter.assigned_on, units, matter.title, done if said else None, text, matter_id, matter.version)
