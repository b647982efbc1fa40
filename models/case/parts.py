"""The parts of a case as values: persons, findings, points of defence, decisions, appeals. Source: art-9; art-8.2; art-7.2.b."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from rules.book.contract.case_effects import Accused, Meeting, Outcome, Rested
from rules.book.contract.people import PersonRef


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found on one element of one person. by: who found it; number: of the record; was: the finding it replaced.

    value: a status of the vocabulary, or the word of a judgement (harm, role, conduct, unfit_for_post).
    """

    element: str
    value: str
    evidence: tuple[Mapping[str, Any] | str, ...]
    by: tuple[PersonRef, ...]
    on: date
    number: int
    reason: str | None = None
    was: Finding | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the statement and defence. step: the step of the recommendation it is pinned to.

    accepting: element → value, what the findings would be if it were accepted. adopted: None until it is answered.
    """

    id: str
    kind: str
    step: str
    text: str
    accepting: Mapping[str, str]
    on: date
    number: int
    withdrawn: bool = False
    reasonable: bool | None = None
    adopted: bool | None = None
    answer: str | None = None
    answered_at: int | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """What the person wrote under the fact material. kind: agrees, differs or refuses; note: the team's; own: signed by the
    person themselves, not entered by the team."""

    kind: str
    note: str | None
    number: int
    own: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What the committee decided on a person. outcome: held, not_held, exempted or no_situation.

    slots: question of discretion → choice and reason. departures: why a choice lies outside the recommended range.
    """

    outcome: str
    measures: tuple[str, ...]
    organisational_kind: str | None
    slots: Mapping[str, Mapping[str, str]]
    departure: str | None
    referral: bool
    referral_note: str | None
    decided_on: date
    voters: tuple[PersonRef, ...]
    receipt_id: str | None
    number: int

    @classmethod
    def of(cls, made: Outcome, meeting: Meeting, receipt_id: str | None, number: int) -> Decision:
        """One person's decision in a record of the committee."""
        slots = {slot.id: {"choice": slot.choice, "reason": slot.reason} for slot in made.slots}
        said = {field.name: getattr(made, field.name) for field in fields(Outcome)} | {"slots": slots}
        return cls(**said, decided_on=meeting.held_on, voters=meeting.attendance, receipt_id=receipt_id, number=number)


@dataclass(frozen=True, slots=True)
class Appeal:
    """A written appeal. review: None until it has been reviewed; then upheld, changed or revoked.

    same_body_reason: why it was reviewed by whoever decided, and prepared_by whom; informed: who was told the result; told_on: when.
    """

    text: str
    on: date
    number: int
    review: str | None = None
    reviewed_on: date | None = None
    reason: str | None = None
    same_body_reason: str | None = None
    prepared_by: tuple[PersonRef, ...] = ()
    informed: frozenset[str] = frozenset()
    told_on: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Consequence:
    """Something that a decision brought about: by which record, and how it is undone. undone_on: None while it stands."""

    id: str
    number: int
    on: date
    undone_on: date | None = None


@dataclass(frozen=True)
class Person(Accused):
    """A person investigated, as the records leave it.

    decision: the one in force, None before, and after a revocation; first_decision: the one that was taken first;
    overturned_at: the record that last changed or revoked it, 0 where none did; period_rested_on: the confirmed row by which the
    influence period ended.
    """

    findings: Mapping[str, Finding] = field(default_factory=dict)
    fact_materials: tuple[int, ...] = ()
    hearings: tuple[int, ...] = ()
    points: Mapping[str, Point] = field(default_factory=dict)
    signature: Signature | None = None
    evaluated_at: int | None = None
    receipt_id: str | None = None
    decision: Decision | None = None
    first_decision: Decision | None = None
    decision_number: str | None = None
    issued_on: date | None = None
    served: Mapping[str, date] = field(default_factory=dict)
    notified: Mapping[str, date] = field(default_factory=dict)
    filed_on: date | None = None
    formalities_on: date | None = None
    ratings_barred_on: date | None = None
    executed: Mapping[str, date] = field(default_factory=dict)
    appeals: tuple[Appeal, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    period_ended_on: date | None = None
    period_rested_on: Rested | None = None
    overturned_at: int = 0

    @property
    def held(self) -> Decision | None:
        """The decision that stands, where it holds the person accountable."""
        return self.decision if self.decision is not None and self.decision.outcome == "held" else None

    @property
    def in_force(self) -> bool:
        """Whether a decision that holds the person accountable has been issued and stands."""
        return self.held is not None and self.decision_number is not None

    @property
    def pending_appeal(self) -> Appeal | None:
        return next((appeal for appeal in self.appeals if appeal.review is None), None)

    @property
    def open_points(self) -> tuple[Point, ...]:
        """Points that stand and have no answer."""
        return tuple(point for point in self.points.values() if not point.withdrawn and point.adopted is None)

    @property
    def owed(self) -> tuple[Consequence, ...]:
        """Consequences of a decision that no longer stands as it was taken, not yet undone."""
        return tuple(one for one in self.consequences if one.undone_on is None and one.number < self.overturned_at)
