"""Tell what may be done to each person of a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from models.schemas.case_file import load_case
from models.schemas.errors import CaseFileError, FieldError
from rules.latitude.answer import Admissible
from rules.latitude.view import MOST_DISPUTED, LatitudeView
from rules.reasoning.editions import Books
from rules.reasoning.facts import CaseFacts
from rules.reasoning.recommendation import Recommender


@cache
def _view(made: Recommender) -> LatitudeView:
    return LatitudeView(made)


def latitude(data: Any, books: Books, disputed: Sequence[date] = ()) -> Admissible:
    """The latitude of a case file. Raises CaseFileError with every fault at once."""
    case = load_case(data, books.usual)
    return told(books.of(case), case, disputed)


def told(made: Recommender, case: CaseFacts, disputed: Sequence[date] = ()) -> Admissible:
    """The latitude of a case under a rulebook. Raises CaseFileError (disputed)."""
    return _view(made).tell(case, _checked(case, disputed))


def _checked(case: CaseFacts, disputed: Sequence[date]) -> Sequence[date]:
    """Days on which something was done, and not more than can be gone through."""
    faults = []
    days = sorted({act.on for act in case.matter.acts})
    odd = [day for day in disputed if day not in days]
    if odd:
        allowed = "、".join(map(str, days)) or "无"
        faults.append(f"{'、'.join(map(str, odd))} 没有督办行为；可以是：{allowed}")
    if len(set(disputed)) > MOST_DISPUTED:
        faults.append(f"最多 {MOST_DISPUTED} 日")
    if faults:
        raise CaseFileError([FieldError("disputed", fault) for fault in faults])
    return disputed
