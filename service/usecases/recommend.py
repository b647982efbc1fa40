"""Evaluate a case file that has been read: data → facts → recommendation."""

from __future__ import annotations

from functools import cache
from typing import Any

from models.schemas.case_file import load_case
from rules.loading import load_rulebook
from rules.recommendation import Recommender
from service.usecases.calendar_years import calendar_in_use


@cache
def recommender() -> Recommender:
    """The rulebook made ready to answer; call it once at start-up, before threads are started."""
    return Recommender(load_rulebook(), calendar_in_use())


def recommend(data: Any, label: str) -> dict[str, Any]:
    """The recommendation for a case file. Raises CaseFileError with every fault at once."""
    return recommender().recommend(load_case(data), label)
