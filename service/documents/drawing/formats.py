"""Documents as files: docx to edit, PDF to sign, and the monthly table also as a sheet."""

from __future__ import annotations

from service.documents.drawing import docx_file, pdf_file
from service.documents.ledger.sheets import as_xlsx
from service.documents.parts.paper import Paper
from service.documents.writing.forms import Document
from service.documents.writing.laid_out import laid_out

__all__ = ["DRAW", "PAGES", "as_docx", "as_pdf", "as_xlsx"]


def as_docx(document: Document | Paper) -> bytes:
    """An editable file."""
    return docx_file.as_docx(as_paper(document))


def as_pdf(document: Document | Paper) -> bytes:
    """Pages as they are printed."""
    return pdf_file.as_pdf(as_paper(document))


def as_paper(document: Document | Paper) -> Paper:
    """Annex 3 is drawn from its data."""
    return laid_out("status-table", document.title, document=document) if isinstance(document, Document) else document


PAGES = {"docx": as_docx, "pdf": as_pdf}
DRAW = {**PAGES, "xlsx": as_xlsx}
"""File format → how it is made."""
