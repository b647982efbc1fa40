"""Evaluate a case file that has been read: data → facts → recommendation."""

from __future__ import annotations

from functools import cache
from typing import Any

from models.schemas.case_file import load_case
from rules.answer import Recommendation
from rules.editions import Editions
from rules.loading import load_rulebook
from rules.recommendation import Recommender
from rules.rulebook import Rulebook
from service.usecases.calendar_years import calendar_in_use


@cache
def editions() -> Editions:
    """The editions of the rulebook made ready to answer; call it once at start-up, before threads are started."""
    return Editions(calendar=calendar_in_use())


def recommender() -> Recommender:
    """The edition that the book names."""
    return editions().usual


def book_of(answer: Recommendation) -> Rulebook:
    """The edition by which a recommendation was made just now."""
    return next(book for book in editions().books if book.sha256 == answer.rulebook.sha256)


def recommend(data: Any, label: str, by: Recommender | None = None) -> Recommendation:
    """The recommendation for a case file, by the edition that decides it. Raises CaseFileError with every fault at once.

    by: the rulebook of an earlier recommendation, with which this one is to be compared.
    """
    case = load_case(data, load_rulebook())
    return (by or editions().of(case)).recommend(case, label)
