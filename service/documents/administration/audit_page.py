"""The daily page of the audit trail: its head on paper, to be signed and put away."""

from __future__ import annotations

from datetime import date

from service.documents.parts.paper import Paper
from service.documents.writing.laid_out import laid_out
from service.documents.writing.wording import day


def audit_page(on: date, number: int, algorithm: str, head: str, anchor: str) -> Paper:
    """The page of one day. number: of the last event; head: its hash; anchor: the whole as a line of a file."""
    subject = f"审计记录每日页（{day(on)}）"
    return laid_out("audit-page", subject, on=on, number=number, algorithm=algorithm, head=head, anchor=anchor)
