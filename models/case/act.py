"""Acting on a case: the states it must be in, the guards it must keep. Source: art-9; guards P7–P15 of the procedure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from models.case.case import Case, case_fold
from models.case.discretion import DISCRETION_GUARDS
from models.case.inquiry import INQUIRY_GUARDS
from models.case.outcome import OUTCOME_GUARDS
from models.case.recusal_guards import RECUSAL_GUARDS
from models.case.request import CaseRequest, Check
from models.matter.act import ActRefused, WrongDay
from models.records.fold import as_far_as, with_effect
from models.records.record import Hand, Record
from rules.book.actions import Action
from rules.book.contract.case_effects import AboutPerson

GUARDS: Mapping[str, Check] = {**INQUIRY_GUARDS, **RECUSAL_GUARDS, **DISCRETION_GUARDS, **OUTCOME_GUARDS}
"""Guard id → whether the request keeps it."""


class WrongStage(Exception):
    """The action does not fit the state of the case."""

    def __init__(self, action: Action, state: str) -> None:
        super().__init__(f"{action.id} in {state}")
        self.action, self.state = action, state


class PersonUnknown(LookupError):
    """The case is not about a person of this id."""


def act(action_id: str, request: CaseRequest, *, hand: Hand, recorded_at: datetime) -> tuple[Case, Record]:
    """The case after the action, and its new record.

    Raises WrongStage; PersonUnknown; WrongDay; ActRefused, with every guard that forbids it.
    """
    action = request.procedure.actions[action_id]
    case = request.case
    if (case.state not in action.sources) if action.sources else case.version > 0:
        raise WrongStage(action, case.state)
    asked = replace(request, effect=as_far_as(action, request.details))
    if isinstance(asked.effect, AboutPerson) and asked.effect.person not in case.persons:
        raise PersonUnknown(asked.effect.person)
    earliest = _earliest(case, action, request.procedure.actions)
    if earliest is not None and request.on < earliest:
        raise WrongDay(earliest)
    names = (*_actor_guards(action, request), *action.guards)
    refused = tuple(name for name in dict.fromkeys(names) if not GUARDS[name](asked))
    if refused:
        raise ActRefused(refused)
    number, details = case.version + 1, dict(request.details)
    made = Record(number, action.id, request.on, hand, details, recorded_at)
    record = with_effect(made, action)
    if not case_fold.follows(case, record):
        raise WrongStage(action, case.state)
    return case_fold.applied(case, record, action.to), record


def _actor_guards(action: Action, request: CaseRequest) -> tuple[str, ...]:
    """The guard of what the actor acts as; where the action is not for them, the guard of the first whom it is for."""
    kind = request.actor.kind if request.actor.kind in action.actors else action.actors[0]
    return (request.procedure.actor_guards[kind],)


def _earliest(case: Case, action: Action, actions: Mapping[str, Action]) -> date | None:
    """Nothing comes before the last change of state; an appeal in a case that is not closed changes none."""
    state, changes = "", []
    for record in case.records:
        to = actions[record.action].to
        if to is not None and to != state:
            state = to
            changes.append(record.on)
    return max(changes, default=None)
