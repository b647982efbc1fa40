"""Write down what a decision says of ratings: for a person always, for a unit only where the decision names it. Source: art-7.2.b."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from models.office import rating_bars
from models.office.ratings import RatingBar, check
from models.people import units
from models.people.names import name_fault
from rules.reasoning.calendar import LOCAL
from service.usecases.matters.act_on_matter import EntryImpossible


def bar_from_ratings(session: Session, bar: RatingBar, *, now: datetime, entered_by: str) -> RatingBar:
    """Keep it; the same decision about the same person or unit is kept once.

    It follows from a decision that the committee took; it decides nothing. Raises ratings.UnitNotNamed, EntryImpossible.
    """
    today = now.astimezone(LOCAL).date()
    if bar.decided_on > today:
        raise EntryImpossible("decided_on", f"决定日期（{bar.decided_on}）不得晚于今天（{today}）")
    proper = units.aliases(session).get(bar.unit, bar.unit)
    if proper not in units.on_day(session, bar.decided_on):
        raise EntryImpossible("unit", "不是学校在决定之日的单位")
    named = RatingBar(
        bar.decision_number,
        bar.decided_on,
        bar.kind,
        proper if bar.kind == "unit" else bar.name,
        proper,
        bar.statement,
        bar.rating_final,
    )
    check(named)
    if named.kind == "person" and not named.name:
        raise EntryImpossible("name", "对象为党政领导干部的，须写明姓名")
    fault = name_fault(named.name or "") if named.kind == "person" else None
    if fault is not None:
        raise EntryImpossible("name", fault)
    if not rating_bars.known(session, named):
        rating_bars.add(session, str(uuid.uuid4()), named, now=now, entered_by=entered_by)
    return named
