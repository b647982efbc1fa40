"""A supervised matter as the sum of its records. A transition adds a record, or is refused with the provisions that forbid it.

Nothing of a matter is ever changed in place: its state, due date and counts follow from its records, in their order, and
so what happened in the ledger can be the evidence of a case. Source: art-3 – art-6, annex-1, annex-2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from models.people.asking import answers_something
from models.records.damage import MatterDamaged
from models.records.fold import Actions, Fold
from models.records.record import Actor, Hand, Record
from rules.book.contract import matter_effects as effects
from rules.book.contract.people import PersonRef


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
    decided_by: PersonRef | None = None
    new_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a school leader, or the Office's director, said. about: to what, by the effect of the record.

    agrees: None where an older record names whoever approved, and no more; units, due_on: those of which it was said;
    spent: whether the matter was moved to other units since.
    """

    on: date
    hand: Hand
    about: type[effects.Approving]
    agrees: bool | None
    words: str | None
    units: tuple[str, ...]
    due_on: date | None
    spent: bool = False

    @property
    def by_leader(self) -> bool:
        return self.hand.actor.kind == "leader"

    @property
    def refuses(self) -> bool:
        return self.agrees is False


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
    project_leader: effects.ProjectLeader | None = None
    plan: str | None = None
    division: str | None = None
    milestones: tuple[effects.Milestone, ...] = ()
    acknowledged: frozenset[str] = frozenset()
    carried_over: bool = False
    extensions: tuple[Extension, ...] = ()
    submissions: tuple[Submission, ...] = ()
    opinions: tuple[Opinion, ...] = ()
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
    def unclear(self) -> bool:
        """Whether it is not clear yet who does it, or by when."""
        return not self.units or self.due_on is None

    @property
    def refused(self) -> bool:
        """Whether a leader does not want it registered."""
        said = self.opinion(effects.RegistrationOpinion)
        return said is not None and said.refuses

    def needs_leader(self, many: int) -> bool:
        """Whether it is for a leader to approve: weighty, comprehensive, or of many units (A-23)."""
        return self.major or self.comprehensive or len(self.units) >= many

    def wanted(self, *, by_leader: bool) -> Opinion | None:
        """The opinion by which a leader, or the Office's director, wants it registered with the units and the due date that it has."""
        said = self.opinion(effects.RegistrationOpinion, by_leader=by_leader)
        if said is None or said.refuses or said.units not in ((), self.units) or said.due_on not in (None, self.due_on):
            return None
        return said

    def opinion(self, about: type[effects.Approving], *, by_leader: bool = True) -> Opinion | None:
        """What a leader said last of something, or the Office's director."""
        found = (one for one in reversed(self.opinions) if one.about is about and one.by_leader is by_leader)
        return next(found, None)

    @property
    def open_milestones(self) -> tuple[effects.Milestone, ...]:
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


def as_of(matter: Matter, day: date, actions: Actions) -> Matter:
    """The matter as what had happened by the end of a day leaves it."""
    if all(record.on <= day for record in matter.records):
        return matter
    return matter_fold.again((record for record in matter.records if record.on <= day), actions)


def _follows(matter: Matter, record: Record) -> bool:
    """Whether a record can stand here: its matter opened, reported or waiting for a decision where it builds on that."""
    effect = record.effect
    if (matter.version == 0) is not isinstance(effect, effects.Opened):
        return False
    if not answers_something(matter.records, effect):
        return False
    if isinstance(effect, effects.Accepted | effects.Returned):
        return bool(matter.submissions)
    if isinstance(effect, effects.ExtensionAsked):
        return effect.reason is not None
    return not isinstance(effect, effects.ExtensionDecided) or matter.pending_extension is not None


def _applied(matter: Matter, record: Record, to: str | None) -> Matter:
    """The matter with one more record."""
    changed = _changed(matter, record)
    return replace(
        changed,
        opinions=(*changed.opinions, *_opinions(changed, record)),
        state=to or matter.state,
        version=matter.version + 1,
        records=(*matter.records, record),
    )


def _opinions(matter: Matter, record: Record) -> Iterator[Opinion]:
    """What the record says that a leader, or the director, thinks of the matter as it leaves it."""
    match record.effect:
        case effects.Approving(agrees=agrees, opinion=words) as said:
            units, due_on = matter.units, matter.due_on
            if isinstance(said, effects.Handling):
                units, due_on = units_with(matter, said), said.due_on or due_on
            yield Opinion(record.on, record.hand, type(said), agrees, words, units, due_on)
        case effects.ByLeader(approved_by=PersonRef(name, id)) as said:
            registered = isinstance(said, effects.Registered)
            about = effects.RegistrationOpinion if registered else effects.ChangeOpinion
            words = said.opinion if isinstance(said, effects.Registered) else None
            direct = isinstance(said, effects.Registered) and said.route == "direct"
            hand = Hand(Actor(name, "director" if direct else "leader", id=id))
            yield Opinion(record.on, hand, about, None, words, matter.units, matter.due_on)


def units_with(matter: Matter, said: effects.Handling) -> tuple[str, ...]:
    """The handling units as somebody names them, the lead unit first; what is not mentioned stays."""
    lead = said.lead_unit or matter.lead_unit
    return ((lead,) if lead else ()) + (matter.co_units if said.co_units is None else said.co_units)


def _changed(matter: Matter, record: Record) -> Matter:
    match record.effect:
        case effects.Planned() as effect:
            return _planned(matter, effect, record.on)
        case effects.Registered():
            return replace(matter, registered_on=record.on)
        case effects.Assigned():
            return replace(matter, assigned_on=record.on)
        case effects.Acknowledged():
            unit = {record.actor.unit} if record.actor.unit else set()
            return replace(matter, acknowledged=matter.acknowledged | unit)
        case effects.Progressed() as effect:
            return replace(matter, milestones=_reached(matter, effect.milestones_reached or (), record.on))
        case effects.ExtensionAsked() as effect:
            return replace(matter, extensions=(*matter.extensions, Extension(record.on, effect.reason or "")))
        case effects.ExtensionDecided() as effect:
            return _decided(matter, effect, record)
        case effects.Submitted():
            return replace(matter, submissions=(*matter.submissions, Submission(record.on)))
        case effects.Accepted():
            return _reviewed(matter, accepted=True)
        case effects.Returned() as effect:  # what was told of work that came back has to be told anew
            returned = _reviewed(matter, accepted=False, returned_on=record.on, new_due_on=effect.new_due_on)
            kept = tuple(one for one in matter.opinions if one.about is not effects.ClosingOpinion)
            return replace(returned, fed_back_on=None, opinions=kept)
        case effects.FedBack():
            return replace(matter, fed_back_on=record.on)
    return matter


def _planned(matter: Matter, effect: effects.Planned, on: date) -> Matter:
    """What an opinion or an arrangement says of the matter; what it does not mention stays."""
    match effect:
        case effects.Opened():
            matter = replace(matter, title=effect.title, category=effect.category, basis=effect.basis)
        case effects.Arranged():
            moved = matter.assigned_on is not None and units_with(matter, effect) != matter.units
            matter = replace(
                matter,
                opinions=tuple(replace(one, spent=one.spent or moved) for one in matter.opinions),
                plan=effect.plan or matter.plan,
                division=effect.division or matter.division,
                milestones=matter.milestones if effect.milestones is None else effect.milestones,
            )
    match effect:
        case effects.Proposed():
            matter = replace(matter, major=bool(effect.major), comprehensive=bool(effect.comprehensive))
        case effects.CarriedOver():
            matter = replace(
                matter, carried_over=True, registered_on=effect.registered_on or on, assigned_on=effect.assigned_on
            )
    return replace(
        matter,
        lead_unit=effect.lead_unit or matter.lead_unit,
        set_due_on=effect.due_on or matter.set_due_on,
        co_units=matter.co_units if effect.co_units is None else effect.co_units,
        project_leader=effect.project_leader or matter.project_leader,
    )


def _reached(matter: Matter, titles: tuple[str, ...], on: date) -> tuple[effects.Milestone, ...]:
    return tuple(
        replace(stone, reached_on=on) if stone.title in titles and stone.reached_on is None else stone
        for stone in matter.milestones
    )


def _reviewed(
    matter: Matter, *, accepted: bool, returned_on: date | None = None, new_due_on: date | None = None
) -> Matter:
    *before, last = matter.submissions
    found = replace(last, accepted=accepted, returned_on=returned_on, new_due_on=new_due_on)
    return replace(matter, submissions=(*before, found))


def _decided(matter: Matter, effect: effects.ExtensionDecided, record: Record) -> Matter:
    """The last request that is open."""
    at = next(at for at, asked in reversed(list(enumerate(matter.extensions))) if asked.granted is None)
    decided = replace(
        matter.extensions[at],
        granted=effect.granted,
        decided_on=record.on,
        decided_by=record.actor.person,
        new_due_on=effect.new_due_on,
    )
    return replace(matter, extensions=(*matter.extensions[:at], decided, *matter.extensions[at + 1 :]))


matter_fold = Fold(Matter(), _follows, _applied, MatterDamaged)
"""The matter that records make."""
