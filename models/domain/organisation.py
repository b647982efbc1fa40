"""People and the posts they hold: what a project leader must be, and whom the committee manages. Source: art-3.2.b, art-3.3.b."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

RANKS = ("正职", "主持工作", "副职主持工作", "副职", "其他")
LEADING_RANKS = frozenset({"正职", "主持工作", "副职主持工作"})
"""Ranks that lead a unit: its principal, or who is in charge of its work."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post that a person holds. managed_by: a word of the vocabulary's ``managed_by``; to_on: None while it lasts."""

    staff_number: str
    name: str
    unit: str
    post: str
    rank: str
    managed_by: str
    from_on: date
    to_on: date | None = None

    @property
    def leads(self) -> bool:
        """Whether the post leads its unit."""
        return self.rank in LEADING_RANKS
