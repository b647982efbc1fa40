"""Acting on a matter: the guards of the ledger, and the refusals that name them. Source: guards P1–P6 of the procedure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeGuard

from models.matter.matter import Matter, Opinion, matter_fold, units_with
from models.people.identity import holds, may_hold
from models.people.organisation import LEADING_RANKS
from models.records.fold import as_far_as, with_effect
from models.records.record import Actor, E, Hand, Record
from models.records.signs import says
from rules.book.actions import Action
from rules.book.contract import matter_effects as effects
from rules.book.contract.effect import Effect, Reasoned
from rules.book.contract.people import PersonRef
from rules.book.rulebook import Ledger

_ANSWERS = {
    "decide_extension": "request_extension",
    "record_urging": "urge",
    "endorse_registration": "propose",
    "approve_registration": "propose",
    "sign_closing": "accept",
}
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


def _agreed(said: Opinion | None, request: MatterRequest) -> TypeGuard[Opinion]:
    """Whether somebody agrees by the day of the act."""
    return said is not None and not said.refuses and said.on <= request.on


def _apart(request: MatterRequest) -> bool:
    """Whoever approves has neither done nor written down anything for the Office in the matter."""
    hands = [record.hand for record in request.matter.records if record.actor.kind == "office"]
    entered = [PersonRef(hand.entered_by, hand.enterer) for hand in hands if hand.enterer is not None]
    return not may_hold([*(hand.actor.person for hand in hands), *entered], request.actor.person)


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
    effect = request.of(effects.Handling)
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


def _past_due_reasoned(request: MatterRequest) -> bool:
    """By the entry; where it only confirms the due date, also by what was said since that day."""
    due = _past_due(request)
    since = request.matter.records if due is not None and _set_due_on(request) is None else ()
    said = (
        request.effect,
        *(record.effect for record in since if due is not None and max(record.on, record.entered_on) > due),
    )
    return due is None or any(_gives_reason(one) for one in said)


def _gives_reason(effect: Effect | None) -> bool:
    return isinstance(effect, Reasoned) and says(effect.reason)


def _past_due_approved(request: MatterRequest) -> bool:
    """By a leader who names that due date, or spoke when it was past. What is only proposed is approved later."""
    due, effect = _past_due(request), request.effect
    proposing = request.matter.registered_on is None and not isinstance(effect, effects.Registered)
    direct = isinstance(effect, effects.Registered) and effect.route == "direct"
    if due is None or proposing or (_named_approver(effect) and not direct):
        return True
    new = _set_due_on(request) is not None
    said = [one for one in request.matter.opinions if one.by_leader and one.due_on == due and (new or one.on > due)]
    return not direct and _agreed(said[-1] if said else None, request)


def _named_approver(effect: Effect | None) -> bool:
    """Whether an older record names a leader who approved."""
    return isinstance(effect, effects.ByLeader) and effect.approved_by is not None


def _moved_overdue_approved(request: MatterRequest) -> bool:
    """Once a matter that was assigned is overdue, its handling units are no longer the Office's alone to change, nor by an
    act that is dated back."""
    effect, matter = request.of(effects.Arranged), request.matter
    units = units_with(matter, effect)
    overdue = matter.assigned_on is not None and matter.due_on is not None and request.last_on > matter.due_on
    if _same_units(units, matter.units) or not overdue:
        return True
    said = [one for one in matter.opinions if one.about is effects.ChangeOpinion and _same_units(one.units, units)]
    approved = bool(said) and not said[-1].spent and _agreed(said[-1], request)
    return says(effect.reason) and (approved or _named_approver(effect))


def _same_units(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the same unit leads, and the same ones help."""
    return some[:1] == others[:1] and set(some[1:]) == set(others[1:])


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
    """The Office's head, where the organisation lists one."""
    heads = request.heads(request.office)
    return request.actor.kind == "director" and (not heads or holds(heads, request.actor.person))


def _closing_agreed(request: MatterRequest) -> bool:
    """By the Office and by a leader; the opinion on what an older ledger says to have been closed stands there."""
    matter, effect = request.matter, request.of(effects.Closed)
    before = matter.carried_over and request.on <= matter.records[0].entered_on
    return effect.office_agrees and (before or _agreed(matter.opinion(effects.ClosingOpinion), request))


def _explained(request: MatterRequest) -> bool:
    effect = request.of(effects.Proposed)
    return effect.category != "other" or says(effect.reason)


GUARDS: Mapping[str, Callable[[MatterRequest], bool]] = {
    "office_acts": lambda request: request.actor.kind == "office",
    "handling_unit_acts": lambda request: request.actor.kind == "unit" and request.actor.unit in request.matter.units,
    "leader_acts": lambda request: request.actor.kind == "leader",
    "director_acts": _director,
    "leader_decides_extension": lambda request: request.actor.kind == "leader",
    "consulted": lambda request: bool(request.of(effects.Proposed).consulted_with),
    "one_matter_one_item": lambda request: (
        not isinstance(request.effect, effects.Proposed) or request.effect.items in (None, "1")
    ),
    "other_category_explained": _explained,
    "school_unit": _known_units,
    "major_needs_leader": lambda request: (
        not request.matter.needs_leader(request.ledger.leader_route_units)
        if _direct(request)
        else _agreed(request.matter.wanted(by_leader=True), request)
    ),
    "direct_needs_unit_and_due": lambda request: not _direct(request) or not request.matter.unclear,
    "direct_needs_director": lambda request: (
        not _direct(request) or _agreed(request.matter.wanted(by_leader=False), request)
    ),
    "refusal_answered": lambda request: not _direct(request) or not request.matter.refused,
    "approver_apart": _apart,
    "refusal_worded": lambda request: (
        request.of(effects.Approving).agrees or says(request.of(effects.Approving).opinion)
    ),
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
    "both_boxes": _closing_agreed,
    "fed_back": lambda request: request.matter.fed_back_on is not None,
    "archive_complete": _archived,
}
"""Guard id → whether the request keeps it."""
