"""Disqualification from ratings: a person's follows the year of the decision, a unit's only a decision that names the unit.

Source: art-7.2.b; readings A-12 (year of the decision) and A-13 (a unit needs an express statement).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.records.signs import says


@dataclass(frozen=True, slots=True)
class RatingBar:
    """What a decision says of ratings. kind: ``person`` or ``unit``; name: of the person, or of the unit again.

    statement: the decision's own words about the unit; rating_final: that year's rating was already settled, so that
    people have to decide what follows.
    """

    decision_number: str
    decided_on: date
    kind: str
    name: str
    unit: str
    statement: str | None = None
    rating_final: bool = False

    @property
    def year(self) -> int:
        """The year whose ratings are lost."""
        return self.decided_on.year


class UnitNotNamed(Exception):
    """A unit is barred only by a decision that says so; ``guard`` names the rule."""

    guard = "unit_barred_by_statement"


def check(bar: RatingBar) -> None:
    """Refuse a unit's bar without the decision's own words. Raises UnitNotNamed."""
    if bar.kind == "unit" and not says(bar.statement):
        raise UnitNotNamed(bar.unit)
