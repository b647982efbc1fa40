"""What the records say by which somebody is asked whether an act is theirs, and answers. They change nothing of what they stand beside.

Source: the practice of this system; nobody signs for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from rules.book.contract.effect import Effect, Supplied
from rules.book.contract.people import PersonRef


class Aside(Effect):
    """Something that is said of an act, by whom the act itself names; no entry is filled in for it, no guard is asked."""


@dataclass(frozen=True)
class AskedActor:
    """Who is said to have done it."""

    name: str
    kind: str
    unit: str | None = None
    id: str | None = None


class ConfirmationAsked(Aside):
    """The whole entry of an act, and those whose own act it is and who have not shown that: it is made when all of them confirm it.

    of: whom is asked.
    """

    action: Annotated[str, Supplied]
    done_on: Annotated[date, Supplied]
    actor: Annotated[AskedActor, Supplied]
    details: Annotated[Mapping[str, object], Supplied]
    of: Annotated[tuple[PersonRef, ...], Supplied]
    late_reason: Annotated[str | None, Supplied] = None


class OfEarlier(Aside):
    """An answer. to: the number of the record that it is about."""

    to: Annotated[int, Supplied]


class ReasonedAnswer(OfEarlier):
    reason: str


class ConfirmationGiven(OfEarlier):
    """By one of those who were asked."""


class ConfirmationDeclined(ReasonedAnswer):
    """By one of those who were asked: it is never made."""


class AskingWithdrawn(ReasonedAnswer):
    """By whoever had asked."""


class MinutesObjected(ReasonedAnswer):
    """By a member of the committee, to what a record says of the meeting that they attended."""
