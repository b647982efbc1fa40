"""Acting on a matter: the guards of the ledger, and the refusals that name them. Source: guards P1–P6 of the procedure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from models.matter.matter import Matter, matter_fold
from models.people.identity import holds
from models.people.organisation import LEADING_RANKS
from models.records.fold import as_far_as, with_effect
from models.records.record import Actor, E, Hand, Record
from models.records.signs import says
from rules.book.actions import Action
from rules.book.contract import matter_effects as effects
from rules.book.contract.effect import Effect, Reasoned
from rules.book.contract.people import PersonRef
from rules.book.rulebook import Ledger

_ANSWERS = {"decide_extension": "request_extension", "record_urging": "urge"}
"""Action → the action that it answers."""


class ActRefused(Exception):
    """What was asked is not allowed; ``guards`` are the ids of everything that forbids it."""

    def __init__(self, guards: tuple[str, ...]) -> None:
        super().__init__("、".join(guards))
        self.guards = guards


class WrongState(Exception):
    """The action does not fit the matter's state."""

    def __init__(self, action: Action, state: str) -> None:
        super().__init__(f"{action.id} in {state}")
        self.action, self.state = action, state


class WrongDay(Exception):
    """The action is dated before what it follows; ``earliest`` is the first day that is possible."""

    def __init__(self, earliest: date) -> None:
        super().__init__(str(earliest))
        self.earliest = earliest


@dataclass(frozen=True, slots=True)
class MatterRequest:
    """An action asked for: on a local day, by somebody, with its details.

    units: the names of the school's units; leading: who leads each of the handling units and the Office on that day, as far as
    the organisation lists any; office: the Office's names; entered_on: the local day of entry, the day itself where none is given;
    effect: what the details say, read by ``act``.
    """

    matter: Matter
    details: Mapping[str, Any]
    actor: Actor
    on: date
    units: frozenset[str]
    ledger: Ledger
    leading: Mapping[str, tuple[PersonRef, ...]] = field(default_factory=dict)
    office: frozenset[str] = frozenset()
    entered_on: date | None = None
    effect: Effect | None = None

    @property
    def last_on(self) -> date:
        """The later of the day of the act and that of its entry: dating an act back does not undo what has passed since."""
        return max(self.on, self.entered_on or self.on)

    def of(self, kind: type[E]) -> E:
        """What the details say, where a guard is for what says something of this kind."""
        assert isinstance(self.effect, kind)
        return self.effect

    def heads(self, units: Iterable[str]) -> tuple[PersonRef, ...]:
        """Who leads these units; empty where the organisation lists nobody there."""
        return tuple(one for unit in units for one in self.leading.get(unit, ()))


def act(action_id: str, request: MatterRequest, *, hand: Hand, recorded_at: datetime) -> tuple[Matter, Record]:
    """The matter after the action, and its new record.

    Raises WrongState; WrongDay; ActRefused, with every guard that forbids it.
    """
    action = request.ledger.actions[action_id]
    matter = request.matter
    if (matter.state not in action.sources) if action.sources else matter.version > 0:
        raise WrongState(action, matter.state)
    earliest = _earliest(request, action)
    if earliest is not None and request.on < earliest:
        raise WrongDay(earliest)
    names = (*(request.ledger.actor_guards[kind] for kind in action.actors), *action.guards)
    asked = replace(request, effect=as_far_as(action, request.details))
    refused = tuple(name for name in dict.fromkeys(names) if not GUARDS[name](asked))
    if refused:
        raise ActRefused(refused)
    number, details = matter.version + 1, dict(request.details)
    made = Record(number, action.id, request.on, hand, details, recorded_at)
    record = with_effect(made, action)
    if not matter_fold.follows(matter, record):
        raise WrongState(action, matter.state)
    return matter_fold.applied(matter, record, action.to), record


def _earliest(request: MatterRequest, action: Action) -> date | None:
    """A change of state comes no earlier than the last one, an answer no earlier than what it answers, anything else no
    earlier than the assignment."""
    matter = request.matter
    if action.to is not None:
        changes = [record.on for record in matter.records if request.ledger.actions[record.action].to is not None]
        return max(changes, default=None)
    asked = [record.on for record in matter.records if record.action == _ANSWERS.get(action.id)]
    return asked[-1] if asked else matter.assigned_on or matter.registered_on


def _direct(request: MatterRequest) -> bool:
    return request.of(effects.Registered).route == "direct"


def _needs_leader(request: MatterRequest) -> bool:
    """Several units and weighty, comprehensive, or unclear (A-23: from three units on; unclear ones go to a leader)."""
    matter = request.matter
    many = len(matter.units) >= request.ledger.leader_route_units
    return matter.major or matter.comprehensive or many


def _after_due(request: MatterRequest, due: date | None) -> bool:
    return due is not None and request.on > due


def _moved_ahead(request: MatterRequest) -> bool:
    """Whether the first due date is past, and the one that took its place is not."""
    matter = request.matter
    return _after_due(request, matter.set_due_on) and not _after_due(request, matter.due_on)


def _set_due_on(request: MatterRequest) -> date | None:
    """The due date that is asked for."""
    return request.of(effects.MatterEffect).sets_due_on


def _due_date_kept(request: MatterRequest) -> bool:
    """Once assigned, a due date is no longer the Office's to move (P5); where there is none yet, it may be set."""
    matter, new = request.matter, _set_due_on(request)
    return new is None or matter.assigned_on is None or matter.due_on is None or new == matter.due_on


def _return_date_ahead(request: MatterRequest) -> bool:
    """A return leaves the unit at least the time that it had."""
    new, now = _set_due_on(request), request.matter.due_on
    return new is None or new >= max(request.on, now or request.on)


def _led(request: MatterRequest) -> bool:
    matter = request.matter
    return len(matter.units) < 2 or (matter.lead_unit is not None and bool(matter.plan) and bool(matter.division))


def _known_units(request: MatterRequest) -> bool:
    effect = request.of(effects.Planned)
    stones = effect.milestones or () if isinstance(effect, effects.Arranged) else ()
    named = (effect.lead_unit, *(effect.co_units or ()), *(stone.unit for stone in stones))
    return all(unit in request.units for unit in named if unit is not None)


def _new_day(request: MatterRequest) -> bool:
    new, now = _set_due_on(request), request.matter.due_on
    if not request.of(effects.ExtensionDecided).granted:
        return new is None
    return new is not None and (now is None or new > now)


def _past_due(request: MatterRequest) -> date | None:
    """The due date that an entry sets, or a registration or an assignment confirms, where it is past on that day, or on the day of
    entry: dating proposal, registration and assignment back does not bring it before them."""
    new, now = _set_due_on(request), request.matter.due_on
    if new is None and isinstance(request.effect, effects.Registered | effects.Assigned):
        new = now
    elif new == now:
        new = None
    return new if new is not None and request.last_on > new else None


def _said(request: MatterRequest, due: date) -> list[Effect | None]:
    """What an entry says of a due date that is past; where it only confirms it, also what was said since that day."""
    if _set_due_on(request) is not None:
        return [request.effect]
    since = (record for record in request.matter.records if max(record.on, record.entered_on) > due)
    return [request.effect, *(record.effect for record in since)]


def _past_due_reasoned(request: MatterRequest) -> bool:
    due = _past_due(request)
    return due is None or any(_gives_reason(said) for said in _said(request, due))


def _gives_reason(effect: Effect | None) -> bool:
    return isinstance(effect, Reasoned) and says(effect.reason)


def _past_due_approved(request: MatterRequest) -> bool:
    """By a leader: who approves a direct registration is the Office's head. What is only proposed is approved later."""
    due = _past_due(request)
    proposing = request.matter.registered_on is None and not isinstance(request.effect, effects.Registered)
    return due is None or proposing or any(_led_by(said) for said in _said(request, due))


def _led_by(effect: Effect | None) -> bool:
    direct = isinstance(effect, effects.Registered) and effect.route == "direct"
    return isinstance(effect, effects.ByLeader) and bool(effect.approved_by) and not direct


def _moved_overdue_approved(request: MatterRequest) -> bool:
    """Once a matter that was assigned is overdue, its handling units are no longer the Office's alone to change, nor by an
    act that is dated back."""
    effect, matter = request.of(effects.Arranged), request.matter
    others = matter.co_units if effect.co_units is None else effect.co_units
    same = effect.lead_unit in (None, matter.lead_unit) and set(others) == set(matter.co_units)
    overdue = matter.assigned_on is not None and matter.due_on is not None and request.last_on > matter.due_on
    return same or not overdue or (says(effect.reason) and effect.approved_by is not None)


def _archived(request: MatterRequest) -> bool:
    return set(request.ledger.archive) <= set(request.of(effects.Archived).contents)


def _project_leader(request: MatterRequest) -> bool:
    """For an assignment to several units a qualified leader must be named; a named one must be qualified.

    Where the organisation lists who leads the lead unit, it has to be one of them.
    """
    effect, several = request.effect, len(request.matter.units) > 1
    named, lead = request.matter.project_leader, request.matter.lead_unit
    if isinstance(effect, effects.Planned):
        named, lead = effect.project_leader or named, effect.lead_unit or lead
    if not named:
        return not (several and isinstance(effect, effects.Assigned))
    heads = request.heads([lead] if lead else ())
    return named.rank in LEADING_RANKS and (not heads or holds(heads, named.name))


def _director(request: MatterRequest) -> bool:
    """A direct registration names who approved it: the Office's head, where the organisation lists one."""
    approved_by, heads = request.of(effects.Registered).approved_by, request.heads(request.office)
    return not _direct(request) or (approved_by is not None and (not heads or holds(heads, approved_by)))


def _explained(request: MatterRequest) -> bool:
    effect = request.of(effects.Proposed)
    return effect.category != "other" or says(effect.reason)


GUARDS: Mapping[str, Callable[[MatterRequest], bool]] = {
    "office_acts": lambda request: request.actor.kind == "office",
    "handling_unit_acts": lambda request: request.actor.kind == "unit" and request.actor.unit in request.matter.units,
    "leader_decides_extension": lambda request: request.actor.kind == "leader",
    "consulted": lambda request: bool(request.of(effects.Proposed).consulted_with),
    "one_matter_one_item": lambda request: (
        not isinstance(request.effect, effects.Proposed) or request.effect.items in (None, "1")
    ),
    "other_category_explained": _explained,
    "school_unit": _known_units,
    "major_needs_leader": lambda request: not _needs_leader(request) if _direct(request) else _led_by(request.effect),
    "direct_needs_unit_and_due": lambda request: (
        not _direct(request) or (bool(request.matter.units) and request.matter.due_on is not None)
    ),
    "direct_needs_director": _director,
    "handling_unit_named": lambda request: bool(request.matter.units),
    "one_lead_unit": _led,
    "qualified_project_leader": _project_leader,
    "issued_through_oa": lambda request: request.of(effects.Assigned).channel == "oa",
    "overdue": lambda request: (
        _after_due(request, request.matter.due_on) or _after_due(request, request.matter.set_due_on)
    ),
    "not_extended": lambda request: not _moved_ahead(request) or request.matter.due_set_on_return,
    "not_sent_back_with_date": lambda request: not (_moved_ahead(request) and request.matter.due_set_on_return),
    "still_unfinished": lambda request: request.matter.state in ("assigned", "returned"),
    "urging_recorded": lambda request: bool(
        request.of(effects.UrgingConfirmed).signed_by or request.of(effects.UrgingConfirmed).contact_note
    ),
    "reasoned_request": lambda request: (
        says(request.of(effects.ExtensionAsked).reason) and says(request.of(effects.ExtensionAsked).progress)
    ),
    "request_pending": lambda request: request.matter.pending_extension is not None,
    "due_date_kept": _due_date_kept,
    "later_due_date": _new_day,
    "past_due_reasoned": _past_due_reasoned,
    "past_due_approved": _past_due_approved,
    "moved_overdue_approved": _moved_overdue_approved,
    "return_reasoned": lambda request: says(request.of(Reasoned).reason),
    "return_date_ahead": _return_date_ahead,
    "both_boxes": lambda request: request.of(effects.Closed).office_agrees and request.of(effects.Closed).leader_agrees,
    "fed_back": lambda request: request.matter.fed_back_on is not None,
    "archive_complete": _archived,
}
"""Guard id → whether the request keeps it."""
