"""What the records of an accountability case say. Source: art-9."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from models.records.record import Effect, Reasoned


@dataclass(frozen=True)
class Accused:
    """A person investigated, as the proposal names them."""

    id: str
    name: str
    post: str
    unit: str
    managed_by: str
    party_member: bool


@dataclass(frozen=True)
class Member:
    """A member of the team. active: until a recusal."""

    name: str
    unit: str
    head: bool = False
    active: bool = True


@dataclass(frozen=True)
class Meeting:
    """A meeting of the committee. recused: who stayed away for a conflict of interest."""

    body: str
    held_on: date
    attendance: tuple[str, ...]
    votes: Mapping[str, int]
    recused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slot:
    """The answer to a question of discretion."""

    id: str
    choice: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What is decided on a person."""

    outcome: str
    measures: tuple[str, ...] = ()
    organisational_kind: str | None = None
    slots: tuple[Slot, ...] = ()
    departure: str | None = None
    referral: bool = False
    referral_note: str | None = None


@dataclass(frozen=True, kw_only=True)
class PersonOutcome(Outcome):
    person: str


@dataclass(frozen=True)
class Value:
    """What a finding would be."""

    element: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Approved(Effect):
    opinion: str | None = None


@dataclass(frozen=True, kw_only=True)
class Noted(Effect):
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class AboutPerson(Effect):
    """Something about one of the persons investigated."""

    person: str


@dataclass(frozen=True, kw_only=True)
class Proposed(Reasoned):
    title: str
    matters: tuple[str, ...]
    situations: tuple[str, ...]
    persons: tuple[Accused, ...]


@dataclass(frozen=True, kw_only=True)
class NotApproved(Reasoned):
    """The inquiry was not approved."""


@dataclass(frozen=True, kw_only=True)
class MembersAdded(Effect):
    members: tuple[Member, ...]


@dataclass(frozen=True, kw_only=True)
class TeamFormed(MembersAdded):
    led_by_other: str | None = None


@dataclass(frozen=True, kw_only=True)
class Recused(Reasoned):
    name: str
    ground: str


@dataclass(frozen=True, kw_only=True)
class Found(AboutPerson, Reasoned):
    element: str
    value: str
    evidence: tuple[Mapping[str, object], ...] = ()
    second: str | None = None


@dataclass(frozen=True, kw_only=True)
class Evaluated(AboutPerson):
    matter: str | None = None
    receipt_id: str


@dataclass(frozen=True, kw_only=True)
class FactMaterialServed(AboutPerson):
    text: str


@dataclass(frozen=True, kw_only=True)
class Stated(AboutPerson):
    """What the person says."""

    text: str | None = None


@dataclass(frozen=True, kw_only=True)
class Heard(Stated):
    place: str | None = None
    present: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PointRaised(AboutPerson):
    kind: str
    step: str
    text: str
    accepting: tuple[Value, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OfPoint(AboutPerson, Reasoned):
    """Something about a point of the defence."""

    point: str


@dataclass(frozen=True, kw_only=True)
class PointWithdrawn(OfPoint):
    pass


@dataclass(frozen=True, kw_only=True)
class PointAnswered(OfPoint):
    reasonable: bool
    adopted: bool


@dataclass(frozen=True, kw_only=True)
class Signed(AboutPerson, Noted):
    kind: str
    text: str | None = None


@dataclass(frozen=True, kw_only=True)
class Discussed(Effect):
    participants: tuple[str, ...]
    minutes: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reported(Effect):
    groups: Mapping[str, str | None]
    signatures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Submitted(Noted):
    """To the committee."""


@dataclass(frozen=True, kw_only=True)
class SentBack(Reasoned):
    """By the committee, to the inquiry."""


@dataclass(frozen=True, kw_only=True)
class OfMeeting(Effect):
    """What a meeting of the committee did."""

    meeting: Meeting


@dataclass(frozen=True, kw_only=True)
class Decided(OfMeeting):
    decisions: tuple[PersonOutcome, ...]


@dataclass(frozen=True, kw_only=True)
class Issued(AboutPerson):
    number: str


@dataclass(frozen=True, kw_only=True)
class Served(AboutPerson):
    to: Literal["person", "unit"]
    received_on: date | None = None
    signed_by: str | None = None
    refusal_note: str | None = None
    witness: str | None = None


@dataclass(frozen=True, kw_only=True)
class Notified(AboutPerson):
    department: str


@dataclass(frozen=True, kw_only=True)
class Filed(AboutPerson):
    reference: str | None = None


@dataclass(frozen=True, kw_only=True)
class FormalitiesCompleted(AboutPerson, Noted):
    pass


@dataclass(frozen=True, kw_only=True)
class RatingsBarred(AboutPerson):
    rating_final: bool = False


@dataclass(frozen=True, kw_only=True)
class Executed(AboutPerson):
    kind: str
    text: str | None = None


@dataclass(frozen=True, kw_only=True)
class Suspended(AboutPerson, Reasoned):
    pass


@dataclass(frozen=True, kw_only=True)
class Appealed(Stated):
    pass


@dataclass(frozen=True, kw_only=True)
class Reviewed(AboutPerson, Reasoned, OfMeeting):
    """What a meeting makes of a decision: on an appeal, or of itself. decision: what takes its place where it is changed."""

    result: Literal["upheld", "changed", "revoked"]
    same_body_reason: str | None = None
    prepared_by: tuple[str, ...] = ()
    decision: Outcome | None = None


@dataclass(frozen=True, kw_only=True)
class AppealReviewed(Reviewed):
    pass


@dataclass(frozen=True, kw_only=True)
class Corrected(Reviewed):
    pass


@dataclass(frozen=True, kw_only=True)
class ReviewTold(AboutPerson):
    to: Literal["appellant", "unit"]
    form: str


@dataclass(frozen=True, kw_only=True)
class Unwound(AboutPerson, Noted):
    consequence: str


@dataclass(frozen=True)
class Rested:
    """The confirmed row of the influence periods that the end of one rested on; None for what it left open."""

    ends_on: date


@dataclass(frozen=True, kw_only=True)
class PeriodEnded(AboutPerson, Noted):
    period: Rested | None = None


CASE_EFFECTS: Mapping[str, type[Effect]] = {
    "propose": Proposed,
    "approve": Approved,
    "approve_again": Approved,
    "refuse": NotApproved,
    "form_team": TeamFormed,
    "recuse": Recused,
    "add_member": MembersAdded,
    "find": Found,
    "evaluate": Evaluated,
    "serve_fact_material": FactMaterialServed,
    "hear": Heard,
    "raise_point": PointRaised,
    "withdraw_point": PointWithdrawn,
    "answer_point": PointAnswered,
    "sign": Signed,
    "discuss": Discussed,
    "report": Reported,
    "submit": Submitted,
    "send_back": SentBack,
    "decide": Decided,
    "issue_decision": Issued,
    "serve_decision": Served,
    "notify_department": Notified,
    "file_decision": Filed,
    "complete_formalities": FormalitiesCompleted,
    "bar_ratings": RatingsBarred,
    "execute": Executed,
    "suspend_execution": Suspended,
    "appeal": Appealed,
    "review_appeal": AppealReviewed,
    "inform_of_review": ReviewTold,
    "correct": Corrected,
    "unwind": Unwound,
    "end_period": PeriodEnded,
    "close": Noted,
    "withdraw": Reasoned,
}
"""Action → what its record says."""
