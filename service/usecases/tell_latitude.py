"""Tell what may be done to each person: of a case file, or of a receipt under the very rules that it was made by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import orjson
from sqlalchemy.orm import Session

from models.schemas.case_file import load_case
from models.schemas.errors import CaseFileError, FieldError
from models.store import receipts
from rules.facts import CaseFacts
from rules.latitude_view import MOST_DISPUTED, LatitudeView
from rules.recommendation import Recommender
from service.usecases.recommend import editions


@dataclass
class RulebookChanged(Exception):
    """The receipt was made by another rulebook than the one in use: today's rules do not re-read yesterday's case."""

    then: str
    now: str

    def __str__(self) -> str:
        return f"回执所依的规则版本（{self.then[:16]}）与现在的（{self.now[:16]}）不同，不能据以推算裁量空间；请重新请求处理建议"


@cache
def _view(made: Recommender) -> LatitudeView:
    return LatitudeView(made)


def latitude(data: Any, disputed: Sequence[date] = ()) -> dict[str, Any]:
    """The latitude of a case file. Raises CaseFileError with every fault at once."""
    case = load_case(data)
    return _told(editions().of(case), case, disputed)


def receipt_latitude(session: Session, receipt_id: str, disputed: Sequence[date] = ()) -> dict[str, Any] | None:
    """The latitude of a stored receipt; None where there is none. Raises RulebookChanged, CaseFileError (disputed)."""
    found = receipts.facts(session, receipt_id)
    if found is None:
        return None
    facts, sha256 = found
    made = editions().made_by(sha256)
    if made is None:
        raise RulebookChanged(sha256, editions().usual.book.sha256)
    return {"receipt": receipt_id, **_told(made, load_case(orjson.loads(facts)), disputed)}


def _told(made: Recommender, case: CaseFacts, disputed: Sequence[date]) -> dict[str, Any]:
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
