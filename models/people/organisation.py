"""People and the posts they hold: what a project leader must be, and whom the committee manages. Source: art-3.2.b, art-3.3.b."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from rules.answering import about

RANKS = ("正职", "主持工作", "副职主持工作", "副职", "其他")
LEADING_RANKS = frozenset({"正职", "主持工作", "副职主持工作"})
"""Ranks that lead a unit: its principal, or who is in charge of its work."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post that a person holds. managed_by: a word of the vocabulary's ``managed_by``; to_on: None while it lasts."""

    staff_number: Annotated[str, about("工号")]
    name: Annotated[str, about("姓名")]
    unit: Annotated[str, about("单位")]
    post: Annotated[str, about("职务")]
    rank: Annotated[str, about("职级", *RANKS)]
    managed_by: Annotated[str, about("干部管理", of="managed_by")]
    from_on: Annotated[date, about("起")]
    to_on: Annotated[date | None, about("止")] = None

    @property
    def leads(self) -> bool:
        """Whether the post leads its unit."""
        return self.rank in LEADING_RANKS
