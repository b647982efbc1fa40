"""What the records of a supervised matter say. Source: art-3 – art-6, annex-1, annex-2."""

from __future__ import annotations

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
from rules.book.contract.effect import Effect, OwnHand, Reasoned
from rules.book.contract.people import PersonRef

Channel = Literal["oa", "written", "telephone", "oral"]


class MatterEffect(Effect):
    """What may stand in any of them: the attachments that it names, and why it was entered late where it was."""

    attachments: tuple[str, ...] | None = None
    late_reason: str | None = None

    @property
    def sets_due_on(self) -> date | None:
        """The due date that it sets."""
        return None


class ByLeader(MatterEffect):
    """Something that rests on an approval. approved_by: whom a record of before 0.3.0 says to have given it; since, that is an act of
    their own (``Approving``)."""

    approved_by: Annotated[PersonRef | None, OwnHand] = None


class Approving(MatterEffect):
    """Yes or no of a school leader, or of the Office's director, with words."""

    agrees: bool
    opinion: str | None = None


class RegistrationOpinion(Approving):
    """Whether the matter may be registered as it is proposed."""


class ClosingOpinion(Approving):
    """Whether the matter may be closed."""


@dataclass(frozen=True)
class ProjectLeader:
    name: PersonRef
    rank: Literal["正职", "主持工作", "副职主持工作", "副职", "其他"]


@dataclass(frozen=True)
class Milestone:
    """A step of the plan. unit: who carries it out, None for the lead unit; reached_on: None until it is reported."""

    title: str
    due_on: date
    unit: str | None = None
    reached_on: date | None = None


class Handling(MatterEffect):
    """Who is to do it by when; what is not mentioned stays as it was."""

    lead_unit: str | None = None
    co_units: tuple[str, ...] | None = None
    due_on: date | None = None


class ChangeOpinion(Approving, Handling):
    """Whether a due date that is past, or other units for what is overdue, may be set."""


class Planned(Handling, Reasoned):
    """Who does it by when."""

    project_leader: ProjectLeader | None = None

    @property
    def sets_due_on(self) -> date | None:
        return self.due_on


class Opened(Planned):
    closed = frozenset({"category"})
    opens = True
    title: str
    category: str
    basis: str


class Proposed(Opened):
    consulted_with: str | None = None
    consulted_on: date | None = None
    items: Literal["1", "2"] | None = None
    major: bool | None = None
    comprehensive: bool | None = None


class CarriedOver(Opened):
    """From an older ledger."""

    registered_on: date | None = None
    assigned_on: date
    original_number: str | None = None
    source: str


class Registered(ByLeader, Reasoned):
    """direct: approved by the head of the Office."""

    route: Literal["direct", "leader"]
    opinion: str | None = None


class Arranged(Planned, ByLeader):
    plan: str | None = None
    division: str | None = None
    milestones: tuple[Milestone, ...] | None = None


class Assigned(ByLeader, Reasoned):
    channel: Channel
    message_id: str | None = None
    person: PersonRef | None = None


class AssignmentSupplemented(MatterEffect):
    channel: Channel
    person: PersonRef
    note: str | None = None


class Acknowledged(MatterEffect):
    signed_by: PersonRef


class Progressed(MatterEffect):
    note: str
    milestones_reached: tuple[str, ...] | None = None


class Checked(MatterEffect):
    method: Literal["check", "meeting", "interview", "site_visit", "other"] | None = None
    problems: str | None = None
    coordination: str | None = None


@dataclass(frozen=True)
class DoneThen:
    """What shows that something was done on its day, though it was entered later. reference: of a message; of_office, of_unit: who
    spoke with whom."""

    kind: Literal["oa", "mail", "receipt", "call"]
    reference: str | None = None
    of_office: PersonRef | None = None
    of_unit: PersonRef | None = None


class Pressed(MatterEffect):
    """What may count as supervision."""

    proof: DoneThen | None = None


class Supervised(Checked, Pressed):
    note: str


class Urged(Pressed):
    responsible: PersonRef | None = None
    contact: PersonRef | None = None
    phone: str | None = None
    channel: Channel | None = None
    message_id: str | None = None


class UrgingConfirmed(MatterEffect):
    signed_by: PersonRef | None = None
    contact_note: str | None = None


class ExtensionAsked(MatterEffect, Reasoned):
    progress: str | None = None


class ExtensionDecided(MatterEffect, Reasoned):
    granted: bool
    new_due_on: date | None = None
    measures: str | None = None

    @property
    def sets_due_on(self) -> date | None:
        return self.new_due_on


class SpeciallyReported(MatterEffect):
    meeting: Literal["standing_committee", "president_meeting"]
    note: str | None = None


class Submitted(MatterEffect):
    """Reported as finished."""

    result: str


class Accepted(MatterEffect):
    opinion: str | None = None


class Returned(MatterEffect, Reasoned):
    kind: Literal["supplement", "redo"] | None = None
    new_due_on: date | None = None

    @property
    def sets_due_on(self) -> date | None:
        return self.new_due_on


class Closed(MatterEffect):
    """leader_agrees: what a record of before 0.3.0 says of the leader; since, that is an act of their own (``ClosingOpinion``)."""

    office_agrees: bool
    leader_agrees: bool | None = None
    remarks: str | None = None


class FedBack(MatterEffect):
    to: str
    note: str | None = None
    circulated_to: str | None = None


class Archived(MatterEffect):
    closed = frozenset({"contents"})
    contents: tuple[str, ...]
