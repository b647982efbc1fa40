"""Whose hand an entry is, and what shows it: the papers that are bound to it by the hashes of their bytes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.records.record import BoundPaper, Hand, Vouched
from models.schemas.errors import CaseFileError, FieldError
from models.store import attachments
from models.store.attachments import Owner
from service.usecases.entry import Entry


def hand_of(session: Session, entry: Entry, owner: Owner, owner_id: str | None) -> Hand:
    """Whose hand an entry on a matter or a case is; None where that is opened by it. Raises CaseFileError."""
    own = entry.enterer is not None and entry.enterer == entry.actor.id
    papers = _bound(session, entry, owner, owner_id)
    vouched: Vouched = "self" if own else "paper" if papers else "earlier"
    return Hand(entry.actor, entry.entered_by, entry.enterer, vouched, papers, entry.late_reason)


def _bound(session: Session, entry: Entry, owner: Owner, owner_id: str | None) -> tuple[BoundPaper, ...]:
    """The papers of an entry. Raises CaseFileError."""
    there = (
        {row.id: row.sha256 for row in attachments.of(session, owner, owner_id)} if entry.papers and owner_id else {}
    )
    faults = [
        FieldError(f"papers[{at}]", "没有这个附件；请先上传，再作为所依据的纸面材料引用")
        for at, paper in enumerate(entry.papers)
        if paper not in there
    ]
    if faults:
        raise CaseFileError(faults)
    return tuple(BoundPaper(paper, there[paper]) for paper in dict.fromkeys(entry.papers))
