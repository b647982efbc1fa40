"""What a case waits for, and whose it is: the acts that carry it on, those that clear the way, the duties after the decision.

It follows from the rulebook (``awaits`` in ``proceedings.yaml``) and the records alone: nothing is told that ``act`` would refuse
for the sake of the case or of whoever is told; what only has to be filled in rightly is not looked at. Source: art-9; art-7.2.b.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from models.case.act import GUARDS
from models.case.case import Case
from models.case.duties import CaseDuty, duties_of
from models.case.outcome import MEASURE_OF
from models.case.parts import Person
from models.case.recusal_guards import decider_of
from models.case.request import CaseRequest
from models.case.waiting import WAITING
from models.records.record import Actor
from rules.book.actions import Action
from rules.book.contract.case_effects import AboutPerson, Executed, RecusalDecided, Signed, Unwound
from rules.book.contract.effect import Effect
from rules.book.contract.guards import CASE_GUARDS
from rules.book.rulebook import Rulebook
from rules.reasoning.calendar import WorkCalendar

_OF_ACTOR = frozenset({"competent_approver", "approver_not_involved", "competent_in_recusal"})
"""The guards that ask who acts, beside those of the kinds of actors."""
_RECUSED = "approval_stands"
"""The guard that is kept as long as nobody was recused."""
_NOBODY = Actor("", "office")


@dataclass(frozen=True, slots=True)
class Awaited:
    """An act that a case waits for. by: as whom it is done; person: whom it is about; says: what its record says, where that is known;
    duty: the duty after the decision that it fulfils."""

    action: Action
    by: tuple[str, ...]
    person: str | None = None
    says: Mapping[str, str] = field(default_factory=dict)
    duty: CaseDuty | None = None


@dataclass(frozen=True, slots=True)
class Lookout:
    """The cases in which something may wait for somebody, a bound on the safe side.

    states: in any of these; after_recusal: in these, where somebody was recused; dated: those of which the row says a day.
    """

    states: frozenset[str]
    after_recusal: frozenset[str]
    dated: bool


def awaited(case: Case, today: date, book: Rulebook, calendar: WorkCalendar) -> tuple[Awaited, ...]:
    """Everything that a case waits for on a local day, in the order in which the rulebook asks for it, each once."""
    found: list[Awaited] = []
    for one in _Waiting(case, today, book, calendar).every():
        if one not in found:
            found.append(one)
    return tuple(found)


def is_for(one: Awaited, actor: Actor, request: CaseRequest) -> bool:
    """Whether it is somebody's: as what they act, and as who they are. request: of the case, on that day."""
    if actor.kind not in one.by:
        return False
    names = (request.procedure.actor_guards[actor.kind], *(name for name in one.action.guards if name in _OF_ACTOR))
    asked = replace(request, actor=actor, effect=_effect(one))
    return all(GUARDS[name](asked) for name in names)


def lookout(book: Rulebook, kinds: Collection[str]) -> Lookout:
    """Where something may wait for those who act as one of these."""
    awaits, actions = book.proceedings.awaits, book.proceedings.actions

    def reached(state: str, *, recused: bool) -> bool:
        """Whether one of them has an act among those that carry on from a state, or clear the way for these."""
        names = list(awaits.onward[state])
        for name in names:  # which grows while it is gone through
            for guard in actions[name].guards:
                if recused or guard != _RECUSED:
                    names += [one for one in awaits.met_by.get(guard, ()) if one not in names]
        return any(state in actions[name].sources and set(actions[name].actors) & set(kinds) for name in names)

    before = [state for state in awaits.onward if state != WAITING]
    states = frozenset(state for state in before if reached(state, recused=False))
    after = frozenset(state for state in before if reached(state, recused=True)) - states
    following = (*awaits.onward.get(WAITING, ()), *(one.action for one in awaits.done_by.values()))
    proposed = (awaits.on_proposal,) if awaits.on_proposal else ()
    return Lookout(states, after, any(set(actions[name].actors) & set(kinds) for name in (*following, *proposed)))


@dataclass(frozen=True, slots=True)
class _Waiting:
    case: Case
    today: date
    book: Rulebook
    calendar: WorkCalendar

    def every(self) -> Iterator[Awaited]:
        procedure = self.book.proceedings
        for name in procedure.awaits.onward.get(self.case.state, ()):
            action = procedure.actions[name]
            for whom in self._whom(action):
                if action.to is not None or not self._was_done(action, whom):
                    yield from self._towards(action, whom)
        yield from self._proposed()
        for id, person in self.case.persons.items():
            for duty in duties_of(self.case, id, self.today, self.book, self.calendar):
                if duty.state in ("open", "overdue"):
                    yield from self._fulfilling(person, duty)

    def _proposed(self) -> Iterator[Awaited]:
        """The decision on each recusal that is proposed, of whoever is competent."""
        action = self.book.proceedings.actions.get(self.book.proceedings.awaits.on_proposal or "")
        if action is None or self.case.state not in action.sources:
            return
        for number in self.case.recusals.proposed:
            by = decider_of(self.case, RecusalDecided(proposal=number, granted=True))
            yield Awaited(action, (by,) if by else (), None, {"proposal": number})

    def _towards(self, action: Action, person: str | None, before: tuple[str, ...] = ()) -> Iterator[Awaited]:
        """The act, where nothing stands in its way; else what clears the way."""
        if self.case.state not in action.sources or action.id in before:
            return
        lacking = self._lacking(action, person)
        if not lacking:
            yield Awaited(action, self._actors(action, person), person)
        for guard in lacking:
            for name in self.book.proceedings.awaits.met_by.get(guard, ()):
                clearing = self.book.proceedings.actions[name]
                for whom in (person,) if person is not None and clearing.person else self._whom(clearing):
                    if not self._keeps(guard, whom):
                        yield from self._towards(clearing, whom, (*before, action.id))

    def _fulfilling(self, person: Person, duty: CaseDuty) -> Iterator[Awaited]:
        name, _, consequence = duty.id.partition(".")
        done = self.book.proceedings.awaits.done_by.get(name)
        if done is None:
            return
        action = self.book.proceedings.actions[done.action]
        if self.case.state not in action.sources or self._lacking(action, person.id):
            return
        if issubclass(action.effect, Unwound):
            by = (self.book.proceedings.consequences[consequence].by,)
            yield Awaited(action, by, person.id, {"consequence": consequence}, duty)
        elif issubclass(action.effect, Executed):
            for kind in _to_carry_out(person):
                yield Awaited(action, _who_chooses(action, kind), person.id, {"kind": kind}, duty)
        else:
            yield Awaited(action, action.actors, person.id, done.says, duty)

    def _whom(self, action: Action) -> tuple[str | None, ...]:
        return tuple(self.case.persons) if action.person else (None,)

    def _was_done(self, action: Action, person: str | None) -> bool:
        return any(
            record.action == action.id
            and (person is None or (isinstance(record.effect, AboutPerson) and record.effect.person == person))
            for record in self.case.records
        )

    def _lacking(self, action: Action, person: str | None) -> list[str]:
        """The guards that the case itself does not keep, whoever acts and whatever is filled in."""
        of_case = (name for name in action.guards if CASE_GUARDS[name] in (Effect, AboutPerson))
        return [name for name in of_case if name not in _OF_ACTOR and not self._keeps(name, person)]

    def _keeps(self, guard: str, person: str | None) -> bool:
        """Whether the case keeps a guard, as far as it is about one person."""
        case = self.case if person is None else replace(self.case, persons={person: self.case.persons[person]})
        return GUARDS[guard](CaseRequest(case, {}, _NOBODY, self.today, self.book, effect=_about(person)))

    def _actors(self, action: Action, person: str | None) -> tuple[str, ...]:
        """Whose an act is: what the person has signed themselves lacks the word of the team alone."""
        if person is None or not issubclass(action.effect, Signed):
            return action.actors
        about = self.case.persons[person]
        signed = about.signature is not None and about.signature.number > max(about.fact_materials, default=0)
        return tuple(kind for kind in action.actors if not signed or kind != "person")


def _effect(one: Awaited) -> Effect:
    """What the record will say, as far as that is known."""
    if issubclass(one.action.effect, RecusalDecided):
        return RecusalDecided(proposal=one.says["proposal"], granted=True)
    return _about(one.person)


def _about(person: str | None) -> Effect:
    return Effect() if person is None else AboutPerson(person=person)


def _to_carry_out(person: Person) -> Iterator[str]:
    measures = person.held.measures if person.held is not None else ()
    return (kind for kind, measure in MEASURE_OF.items() if measure in measures and kind not in person.executed)


def _who_chooses(action: Action, kind: str) -> tuple[str, ...]:
    """Who may fill in this word."""
    chosen = next((one.chosen_by for one in action.fields if one.id == "kind"), None) or {}
    return chosen.get(kind, action.actors)
