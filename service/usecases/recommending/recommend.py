"""Evaluate a case file that has been read: data → facts → recommendation."""

from __future__ import annotations

from typing import Any

import msgspec

from models.schemas.case_file import load_case
from rules.book.rulebook import Rulebook
from rules.reasoning.answer import Recommendation
from rules.reasoning.editions import Books
from rules.reasoning.recommendation import Recommender

_UNSTORED = "只推算，没有存为回执，不能作为办理案件的依据；承担在办案件工作的，推算一律存为该案的回执"


def unstored(answer: Recommendation) -> Recommendation:
    """The same where it is answered without being kept, and says so."""
    return msgspec.structs.replace(answer, stored=False, stored_notice=_UNSTORED)


def book_of(answer: Recommendation, books: Books) -> Rulebook:
    """The edition by which a recommendation was made just now."""
    return next(book for book in books.editions if book.sha256 == answer.rulebook.sha256)


def recommend(data: Any, label: str, books: Books, by: Recommender | None = None) -> Recommendation:
    """The recommendation for a case file, by the edition that decides it. Raises CaseFileError with every fault at once.

    by: the rulebook of an earlier recommendation, with which this one is to be compared.
    """
    case = load_case(data, books.usual)
    return (by or books.of(case)).recommend(case, label)
