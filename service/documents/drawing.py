"""Documents as files: docx to edit, PDF to sign, and the monthly table also as a sheet."""

from __future__ import annotations

from service.documents import docx_file, pdf_file
from service.documents.forms import Document
from service.documents.laid_out import laid_out
from service.documents.paper import Paper
from service.documents.sheets import as_xlsx

__all__ = ["DRAW", "PAGES", "as_docx", "as_pdf", "as_xlsx"]


def as_docx(document: Document | Paper) -> bytes:
    """An editable file."""
    return docx_file.as_docx(_paper(document))


def as_pdf(document: Document | Paper) -> bytes:
    """Pages as they are printed."""
    return pdf_file.as_pdf(_paper(document))


def _paper(document: Document | Paper) -> Paper:
    """A form of the regulation is arranged as its annex."""
    return laid_out("annex", document.title, document=document) if isinstance(document, Document) else document


PAGES = {"docx": as_docx, "pdf": as_pdf}
DRAW = {**PAGES, "xlsx": as_xlsx}
"""File format → how it is made."""
