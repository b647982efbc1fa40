"""What the records of an accountability case say. Source: art-9."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from rules.book.contract.asking import (
    AskingWithdrawn as AskingWithdrawn,
)
from rules.book.contract.asking import (
    ConfirmationAsked as ConfirmationAsked,
)
from rules.book.contract.asking import (
    ConfirmationDeclined as ConfirmationDeclined,
)
from rules.book.contract.asking import (
    ConfirmationGiven as ConfirmationGiven,
)
from rules.book.contract.asking import (
    MinutesObjected as MinutesObjected,
)
from rules.book.contract.effect import Effect, OwnHand, Reasoned, Supplied
from rules.book.contract.people import PersonRef

JUDGEMENTS = frozenset({"harm", "role", "conduct", "unfit_for_post", "distinct_periods"})
"""Findings that are no elements of the vocabulary: words of their own."""
Capacity = Literal["approver", "team", "committee", "office", "department"]
"""As what somebody has a hand in a case; who decides on their recusal follows from that."""


@dataclass(frozen=True)
class Accused:
    """A person investigated, as the proposal names them."""

    id: str
    name: PersonRef
    post: str
    unit: str
    managed_by: str
    party_member: bool


@dataclass(frozen=True)
class Member:
    """A member of the team. active: until a recusal."""

    name: PersonRef
    unit: str
    head: bool = False
    active: bool = True


@dataclass(frozen=True)
class Meeting:
    """A meeting of the committee. recused: who stayed away for a conflict of interest."""

    body: str
    held_on: date
    attendance: tuple[PersonRef, ...]
    votes: Mapping[str, int]
    recused: tuple[PersonRef, ...] = ()


@dataclass(frozen=True)
class ChosenSlot:
    """The answer to a question of discretion."""

    id: str
    choice: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What is decided on a person."""

    outcome: Literal["held", "not_held", "exempted", "no_situation"]
    measures: tuple[str, ...] = ()
    organisational_kind: str | None = None
    slots: tuple[ChosenSlot, ...] = ()
    departure: str | None = None
    referral: bool = False
    referral_note: str | None = None


@dataclass(frozen=True, kw_only=True)
class PersonOutcome(Outcome):
    person: str


@dataclass(frozen=True)
class ProposedValue:
    """What a finding would be."""

    element: str
    value: str


class Approved(Effect):
    opinion: str | None = None


class Noted(Effect):
    note: str | None = None


class AboutPerson(Effect):
    """Something about one of the persons investigated."""

    person: str


class InquiryProposed(Reasoned):
    opens = True
    title: str
    matters: tuple[str, ...]
    situations: tuple[str, ...]
    persons: tuple[Accused, ...]


class NotApproved(Reasoned):
    """The inquiry was not approved."""


class MembersAdded(Effect):
    members: tuple[Member, ...]


class TeamFormed(MembersAdded):
    led_by_other: str | None = None


class OfRecused(Reasoned):
    """Something about whoever has a hand in the case and takes no part in it, or is asked not to."""

    name: PersonRef


class OnGround(OfRecused):
    ground: str


class Recused(OnGround):
    """At once, at one's own request; earlier records say it of others too."""


class RecusalProposed(OnGround):
    """capacity: as what they have a hand in the case."""

    capacity: Capacity


class RecusalDecided(Reasoned):
    """proposal: the number of the record that asks for it."""

    proposal: str
    granted: bool


class RecusalLifted(OfRecused):
    pass


class Found(AboutPerson, Reasoned):
    closed = frozenset({"element"})
    element: str
    value: str
    evidence: tuple[Mapping[str, object] | str, ...] = ()
    second: Annotated[PersonRef | None, OwnHand] = None


class Evaluated(AboutPerson):
    matter: str | None = None
    receipt_id: Annotated[str, Supplied]


class FactMaterialServed(AboutPerson):
    text: str


class Stated(AboutPerson):
    """What the person says."""

    text: str | None = None


class Heard(Stated):
    place: str | None = None
    present: tuple[PersonRef, ...]


class PointRaised(AboutPerson):
    kind: str
    step: str
    text: str
    accepting: tuple[ProposedValue, ...] = ()


class OfPoint(AboutPerson, Reasoned):
    """Something about a point of the defence."""

    point: str


class PointWithdrawn(OfPoint):
    pass


class PointAnswered(OfPoint):
    reasonable: bool
    adopted: bool


class Signed(AboutPerson, Noted):
    kind: Literal["agrees", "differs", "refuses"]
    text: str | None = None


class Discussed(Effect):
    participants: Annotated[tuple[PersonRef, ...], OwnHand]
    minutes: str | None = None


class Reported(Effect):
    groups: Mapping[str, str | None]
    signatures: Annotated[tuple[PersonRef, ...], OwnHand]


class SubmittedToCommittee(Noted):
    """To the committee."""


class SentBack(Reasoned):
    """By the committee, to the inquiry."""


class OfMeeting(Effect):
    """What a meeting of the committee did."""

    meeting: Meeting


class Decided(OfMeeting):
    decisions: tuple[PersonOutcome, ...]


class Issued(AboutPerson):
    number: Annotated[str, Supplied]


class Served(AboutPerson):
    to: Literal["person", "unit"]
    received_on: date | None = None
    signed_by: PersonRef | None = None
    refusal_note: str | None = None
    witness: PersonRef | None = None


class Notified(AboutPerson):
    department: Literal["organisation", "personnel"]


class Filed(AboutPerson):
    reference: str | None = None


class FormalitiesCompleted(AboutPerson, Noted):
    pass


class RatingsBarred(AboutPerson):
    rating_final: bool = False


class Executed(AboutPerson):
    kind: Literal["self_examination", "rectification", "circulation", "admonition", "organisational_measure"]
    text: str | None = None


class Suspended(AboutPerson, Reasoned):
    pass


class Appealed(Stated):
    pass


class Reviewed(AboutPerson, Reasoned, OfMeeting):
    """What a meeting makes of a decision: on an appeal, or of itself. decision: what takes its place where it is changed."""

    result: Literal["upheld", "changed", "revoked"]
    same_body_reason: str | None = None
    prepared_by: tuple[PersonRef, ...] = ()
    decision: Outcome | None = None


class AppealReviewed(Reviewed):
    pass


class Corrected(Reviewed):
    pass


class ReviewTold(AboutPerson):
    to: Literal["appellant", "unit"]
    form: str


class Unwound(AboutPerson, Noted):
    consequence: str


@dataclass(frozen=True)
class Rested:
    """The confirmed row of the influence periods that the end of one rested on; None for what it left open."""

    ends_on: date


class PeriodEnded(AboutPerson, Noted):
    period: Rested | None = None
