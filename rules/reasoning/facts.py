"""The typed question: what an investigation team has found about one matter and its persons.

All values are plain, immutable and already validated by the schema at the edge; ``None`` always means "not yet known"
unless the field says otherwise. Days are local dates (Asia/Shanghai). Source: the case-file contract, section 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from rules.book.logic import OPEN, Status

Evidence = str | Mapping[str, Any]
"""One piece of evidence: a sentence, or an object of plain values (title, reference, date …)."""


@dataclass(frozen=True, slots=True)
class Act:
    """What the Office (or somebody else) did about a matter on one day. Source: art-6.2 – art-6.4.

    by, matter: None stands for the Supervision Office and for the matter of the case. entered_on: the day of its entry in the ledger,
    shown and never counted; supported: False where it was entered late and nothing shows that it was done on its day (A-75).
    """

    on: date
    kind: Literal["assignment", "routine", "formal", "urging"]
    by: str | None = None
    channel: str | None = None
    matter: str | None = None
    entered_on: date | None = None
    supported: bool | None = None


@dataclass(frozen=True, slots=True)
class ExtensionFacts:
    """A written request for more time and the decision on it. Source: art-6.5.2.a.

    granted: None while undecided; new_due_on is set only where granted is True.
    """

    requested_on: date | None = None
    reason: str | None = None
    decided_on: date | None = None
    decided_by: str | None = None
    granted: bool | None = None
    new_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """The supervised matter as far as the question of accountability needs it. Source: art-3 – art-6."""

    name: str
    category: str | None
    lead_unit: str | None
    due_on: date | None
    co_units: tuple[str, ...] = ()
    registered: bool | None = None
    assignment_record: Literal["written", "oral", "none"] | None = None
    assigned_on: date | None = None
    extension: ExtensionFacts | None = None
    reported_on: date | None = None
    review: Literal["accepted", "returned"] | None = None
    returned_on: date | None = None
    redone_on: date | None = None
    redo_review: Literal["accepted", "returned"] | None = None
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """What people found on one element of a provision, with the evidence they rely on."""

    status: Status
    evidence: tuple[Evidence, ...] = ()
    found_by: str | None = None
    found_on: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One person investigated; each is evaluated on their own. Source: art-8.0.b, reading A-07.

    findings: group id (``art-8.1.5/neglect``) → element → FindingFacts. A group that is not a key was not alleged; an element
    missing in a listed group is open. evidence: further evidence by ``group.element``, ``group``, ``harm``, ``role``,
    ``conduct`` or ``unfit_for_post``.
    """

    id: str
    managed_by: Literal["school_committee", "superior", "below_scope", "other"]
    party_member: bool
    name: str | None = None
    post: str | None = None
    role: Literal["principal", "other_member", "undetermined"] = "undetermined"
    conduct: Literal["improper", "ineffective", "not_executed"] | None = None
    harm: Literal["none", "adverse", "grave", "considerable", "serious"] | None = None
    unfit_for_post: Status = OPEN
    distinct_periods: bool = False
    findings: Mapping[str, Mapping[str, FindingFacts]] = field(default_factory=dict)
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannedDays:
    """Days on which the decision is expected to be made and served, from which the duties' days are shown.

    Both default to the trigger date; they are an assumption for reading the periods, never a finding.
    """

    decided_on: date | None = None
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A whole case: one matter, one or more persons, and the day on which accountability is proposed (reading A-03)."""

    trigger_date: date
    matter: MatterFacts
    persons: tuple[PersonFacts, ...]
    title: str | None = None
    narrative: str | None = None
    planned: PlannedDays = PlannedDays()
