"""A supervised matter as the sum of its records. A transition adds a record, or is refused with the provisions that forbid it.

Nothing of a matter is ever changed in place: its state, due date and counts follow from its records, in their order, and
so what happened in the ledger can be the evidence of a case. Source: art-3 – art-6, annex-1, annex-2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import reduce
from typing import Any, Literal

from rules.calendar import LOCAL

ActorKind = Literal["office", "unit", "leader", "team", "person", "committee", "organisation", "personnel"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: by name, and as what; in the ledger the Office, a handling unit or a school leader."""

    name: str
    kind: ActorKind
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that was done: the action, the local day on which, by whom, with which details; and when and by whom it was
    written down. A record that nobody has entered yet names nobody.
    """

    number: int
    action: str
    on: date
    actor: Actor
    details: Mapping[str, Any]
    recorded_at: datetime
    entered_by: str = ""

    @property
    def entered_on(self) -> date:
        """The local day on which it was written down."""
        return self.recorded_at.astimezone(LOCAL).date()


@dataclass(frozen=True, slots=True)
class Submission:
    """Work reported as finished, and what the review found; accepted is None until it is reviewed."""

    on: date
    accepted: bool | None = None
    returned_on: date | None = None
    new_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """A request for more time; granted is None until a school leader decides."""

    requested_on: date
    reason: str
    granted: bool | None = None
    decided_on: date | None = None
    decided_by: str | None = None
    new_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of the plan. unit: who carries it out, None for the lead unit; reached_on: None until it is reported."""

    title: str
    due_on: date
    unit: str | None = None
    reached_on: date | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as its records leave it. version: how many records it has."""

    state: str = ""
    version: int = 0
    title: str = ""
    category: str = ""
    basis: str = ""
    lead_unit: str | None = None
    co_units: tuple[str, ...] = ()
    set_due_on: date | None = None
    major: bool = False
    comprehensive: bool = False
    registered_on: date | None = None
    assigned_on: date | None = None
    project_leader: Mapping[str, str] | None = None
    plan: str | None = None
    division: str | None = None
    milestones: tuple[Milestone, ...] = ()
    acknowledged: frozenset[str] = frozenset()
    carried_over: bool = False
    extensions: tuple[Extension, ...] = ()
    submissions: tuple[Submission, ...] = ()
    fed_back_on: date | None = None
    records: tuple[Record, ...] = field(default=(), repr=False)

    @property
    def units(self) -> tuple[str, ...]:
        """Every handling unit, the lead unit first."""
        return ((self.lead_unit,) if self.lead_unit else ()) + self.co_units

    @property
    def due_on(self) -> date | None:
        """The day by which it has to be done: the last new day that was granted or set on return, else the set one."""
        granted = [(extension.decided_on, extension.new_due_on) for extension in self.extensions if extension.granted]
        returned = [(sent.returned_on, sent.new_due_on) for sent in self.submissions if sent.new_due_on]
        dated = [(on, due) for on, due in (*granted, *returned) if on is not None and due is not None]
        return max(dated)[1] if dated else self.set_due_on

    @property
    def due_set_on_return(self) -> bool:
        """Whether the due date in force was set when work was returned (A-52)."""
        return any(sent.new_due_on is not None and sent.new_due_on == self.due_on for sent in self.submissions)

    @property
    def pending_extension(self) -> Extension | None:
        """The request that no leader has decided yet."""
        return next((found for found in reversed(self.extensions) if found.granted is None), None)

    @property
    def open_milestones(self) -> tuple[Milestone, ...]:
        """The steps of the plan that nobody has reported as reached."""
        return tuple(stone for stone in self.milestones if stone.reached_on is None)

    @property
    def unacknowledged(self) -> tuple[str, ...]:
        """The handling units that have not signed for the assignment; none for a matter brought in from elsewhere."""
        if self.assigned_on is None or self.carried_over:
            return ()
        return tuple(unit for unit in self.units if unit not in self.acknowledged)

    def has(self, action: str) -> bool:
        """Whether something was done at least once."""
        return any(record.action == action for record in self.records)


def replay(records: Iterable[Record], transitions: Mapping[str, str | None]) -> Matter:
    """The matter that these records make. transitions: action → the state that it leads to, or None."""
    return reduce(lambda matter, record: applied(matter, record, transitions[record.action]), records, Matter())


def as_of(matter: Matter, day: date, transitions: Mapping[str, str | None]) -> Matter:
    """The matter as what had happened by the end of a day leaves it."""
    if all(record.on <= day for record in matter.records):
        return matter
    return replay((record for record in matter.records if record.on <= day), transitions)


def follows(matter: Matter, record: Record) -> bool:
    """Whether a record can stand here: its matter opened, reported or waiting for a decision where it builds on that."""
    if (matter.version == 0) is not (record.action in ("propose", "carry_over")):
        return False
    if record.action in ("accept", "return"):
        return bool(matter.submissions)
    return record.action != "decide_extension" or any(asked.granted is None for asked in matter.extensions)


def applied(matter: Matter, record: Record, to: str | None) -> Matter:
    """The matter with one more record."""
    change = _CHANGES.get(record.action)
    changed = change(matter, record) if change else matter
    return replace(changed, state=to or matter.state, version=matter.version + 1, records=(*matter.records, record))


def _described(matter: Matter, record: Record) -> Matter:
    """What an opinion or an arrangement says of the matter; what it does not mention stays."""
    names = {"title", "category", "basis", "lead_unit", "major", "comprehensive", "project_leader", "plan", "division"}
    found = {name: value for name, value in record.details.items() if name in names and value is not None}
    if record.details.get("co_units") is not None:
        found["co_units"] = tuple(record.details["co_units"])
    if record.details.get("due_on") is not None:
        found["set_due_on"] = record.details["due_on"]
    if record.details.get("milestones") is not None:
        found["milestones"] = tuple(
            Milestone(stone["title"], stone["due_on"], stone.get("unit")) for stone in record.details["milestones"]
        )
    return replace(matter, **found)


def _carried_over(matter: Matter, record: Record) -> Matter:
    registered, assigned = record.details.get("registered_on"), record.details.get("assigned_on")
    described = _described(matter, record)
    return replace(
        described, carried_over=True, registered_on=registered or record.on, assigned_on=assigned or record.on
    )


def _progressed(matter: Matter, record: Record) -> Matter:
    reached = set(record.details.get("milestones_reached") or ())
    milestones = tuple(
        replace(stone, reached_on=record.on) if stone.title in reached and stone.reached_on is None else stone
        for stone in matter.milestones
    )
    return replace(matter, milestones=milestones)


def _reviewed(matter: Matter, record: Record, accepted: bool) -> Matter:
    last = replace(matter.submissions[-1], accepted=accepted)
    if not accepted:
        last = replace(last, returned_on=record.on, new_due_on=record.details.get("new_due_on"))
    told = matter.fed_back_on if accepted else None  # what was told of work that came back has to be told anew
    return replace(matter, submissions=(*matter.submissions[:-1], last), fed_back_on=told)


def _decided(matter: Matter, record: Record) -> Matter:
    open_one = next(at for at, found in reversed(list(enumerate(matter.extensions))) if found.granted is None)
    decided = replace(
        matter.extensions[open_one],
        granted=record.details["granted"],
        decided_on=record.on,
        decided_by=record.actor.name,
        new_due_on=record.details.get("new_due_on"),
    )
    kept = list(matter.extensions)
    kept[open_one] = decided
    return replace(matter, extensions=tuple(kept))


_CHANGES: Mapping[str, Callable[[Matter, Record], Matter]] = {
    "propose": _described,
    "carry_over": _carried_over,
    "arrange": _described,
    "acknowledge": lambda matter, record: replace(
        matter, acknowledged=matter.acknowledged | ({record.actor.unit} if record.actor.unit else frozenset())
    ),
    "progress": _progressed,
    "register": lambda matter, record: replace(matter, registered_on=record.on),
    "assign": lambda matter, record: replace(matter, assigned_on=record.on),
    "request_extension": lambda matter, record: replace(
        matter, extensions=(*matter.extensions, Extension(record.on, record.details["reason"]))
    ),
    "decide_extension": _decided,
    "report": lambda matter, record: replace(matter, submissions=(*matter.submissions, Submission(record.on))),
    "accept": lambda matter, record: _reviewed(matter, record, True),
    "return": lambda matter, record: _reviewed(matter, record, False),
    "feed_back": lambda matter, record: replace(matter, fed_back_on=record.on),
}
