"""The records of a case read as they are, without trusting that any of them was allowed, or is there. Source: art-9.

A record counts where its actor is one for whom the action is. Nothing here raises for a record that lacks a detail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from models.case.recusal import Recusals
from models.people.identity import holds, is_same, may_hold
from models.records.fold import as_far_as
from models.records.reading import BLANK_DAY
from models.records.record import E, Record
from rules.book.actions import Action
from rules.book.contract import case_effects as effects
from rules.book.contract.effect import Effect
from rules.book.contract.people import PersonRef
from rules.book.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Event:
    """A record at its place in the history, read as far as it can be. day: of the committee's meeting where there was one, else
    of the record."""

    at: int
    record: Record
    effect: Effect

    @property
    def action(self) -> str:
        return self.record.action

    @property
    def day(self) -> date:
        held = self.effect.meeting.held_on if isinstance(self.effect, effects.OfMeeting) else BLANK_DAY
        return self.record.on if held == BLANK_DAY else held

    def about(self, person: str) -> bool:
        """Whether it is about somebody."""
        return isinstance(self.effect, effects.AboutPerson) and self.effect.person == person

    def precedes(self, other: Event) -> bool:
        """Whether it stands before the other and is not dated after it."""
        return self.at < other.at and self.day <= other.day


def _effect(record: Record, actions: Mapping[str, Action]) -> Effect:
    action = actions.get(record.action)
    return record.effect or (as_far_as(action, record.details) if action else Effect())


def _mentioned(effect: Effect) -> Iterator[str]:
    if isinstance(effect, effects.AboutPerson) and effect.person:
        yield effect.person
    if isinstance(effect, effects.Decided):
        yield from (one.person for one in effect.decisions)


class Trail:
    """A history: every event, those that count, and who its people are."""

    def __init__(self, records: Iterable[Record], book: Rulebook) -> None:
        self.book = book
        self.events = tuple(Event(at, one, _effect(one, book.proceedings.actions)) for at, one in enumerate(records))

    def read(self, kind: type[E]) -> Iterator[tuple[Event, E]]:
        """The events that say something of a kind, whoever did it, each with what it says."""
        return ((event, event.effect) for event in self.events if isinstance(event.effect, kind))

    def told(self, kind: type[E], person: str | None = None) -> list[tuple[Event, E]]:
        """Those that count; about one person where one is named."""
        return [
            (event, said)
            for event, said in self.read(kind)
            if (person is None or event.about(person)) and self.counts(event)
        ]

    @cached_property
    def persons(self) -> Mapping[str, effects.Accused]:
        """Id → what the proposal says of the person; also who is only mentioned later."""
        found: dict[str, effects.Accused] = {}
        for _, proposed in self.read(effects.InquiryProposed):
            for one in proposed.persons:
                found.setdefault(one.id, one)
        for event in self.events:
            for id in _mentioned(event.effect):
                found.setdefault(id, effects.Accused(id, PersonRef(""), "", "", "", False))
        return found

    @cached_property
    def investigated(self) -> tuple[PersonRef, ...]:
        """Whom the case is about, as far as they are named."""
        return tuple(one.name for one in self.persons.values() if one.name.name)

    @cached_property
    def members(self) -> tuple[PersonRef, ...]:
        """Everybody who was ever put into the team."""
        return tuple(
            member.name
            for event, added in self.read(effects.MembersAdded)
            if self._fits(event, self.book.proceedings.actions)
            for member in added.members
        )

    def recused(self, before: int) -> tuple[PersonRef, ...]:
        """Who took no part then."""
        return tuple(self._recusals[before].standing)

    @cached_property
    def _recusals(self) -> Sequence[Recusals]:
        """The recusals before each event, and after the last; none is lifted by anybody for whom that is not."""
        found = [Recusals()]
        for event in self.events:
            lifts = isinstance(event.effect, effects.RecusalLifted)
            counts = not lifts or self._fits(event, self.book.proceedings.actions)
            one = event.record
            found.append(found[-1].after(one.number, event.effect, one.actor) if counts else found[-1])
        return found

    def _fits(self, event: Event, actions: Mapping[str, Action]) -> bool:
        return event.action in actions and event.record.actor.kind in actions[event.action].actors

    def counts(self, event: Event) -> bool:
        """Whether the actor is one for whom the action is; membership is not asked where no team is on record."""
        if not self._fits(event, self.book.proceedings.actions):
            return False
        actor, effect = event.record.actor, event.effect
        about = self.persons.get(effect.person) if isinstance(effect, effects.AboutPerson) else None
        if actor.kind == "team" and self.members:
            return holds(self.members, actor.person) and not may_hold(self.recused(event.at), actor.person)
        if actor.kind == "person":
            return about is None or not about.name.name or is_same(about.name, actor.person)
        return actor.kind != "unit" or about is None or about.unit in ("", actor.unit)

    def all(self, *actions: str, person: str | None = None) -> tuple[Event, ...]:
        """The events of these actions that count, in their order; about one person where one is named."""
        return tuple(
            event
            for event in self.events
            if event.action in actions and (person is None or event.about(person)) and self.counts(event)
        )

    def last(self, *actions: str, person: str | None = None) -> Event | None:
        return next(reversed(self.all(*actions, person=person)), None)

    def inquired(self) -> tuple[Event, ...]:
        """What was done in the investigation, whoever did it."""
        return tuple(event for event in self.events if self._sources(event) == ("investigating",))

    def _sources(self, event: Event) -> tuple[str, ...]:
        action = self.book.proceedings.actions.get(event.action)
        return action.sources if action else ()

    @cached_property
    def stage(self) -> str:
        """How far the history has come, whoever did it."""
        reached = [stage for event in self.events for stage in self._stages(event)]
        return max(reached, key=self.book.checkup.stages.index, default=self.book.checkup.stages[0])

    def _stages(self, event: Event) -> Iterator[str]:
        actions = self.book.proceedings.actions
        if event.action not in actions:
            return
        to, sources = actions[event.action].to, actions[event.action].sources
        if event.action == "form_team":
            yield "begun"
        elif to in ("reported", "submitted", "decided"):
            yield to
        elif len(sources) == 1 and sources[0] in self.book.checkup.stages:
            yield sources[0]

    @property
    def dropped(self) -> bool:
        """Whether the case ended without a decision being asked for."""
        return any(event.action in ("refuse", "withdraw") for event in self.events)

    @property
    def closed(self) -> bool:
        """Whether it was closed, and has not been taken up again by an appeal or a correction."""
        ends = [event.action for event in self.events if event.action in ("close", "appeal", "correct")]
        return bool(ends) and ends[-1] == "close"

    def before_report(self, event: Event) -> bool:
        """Whether it precedes the last report; the decision, where no report is on record."""
        bound = self.last("report") or self.last("decide")
        return bound is None or event.precedes(bound)

    def decision(self, person: str) -> tuple[Event, effects.Outcome] | None:
        """The last decision on a person, with its event; also one that fell since."""
        made: tuple[Event, effects.Outcome] | None = None
        for event, said in self.told(effects.OfMeeting):
            if isinstance(said, effects.Decided):
                mine = [one for one in said.decisions if one.person == person]
                made = (event, mine[0]) if mine else made
            elif isinstance(said, effects.Reviewed) and said.person == person and said.decision is not None:
                made = event, said.decision
        return made

    def revoked(self, person: str) -> bool:
        """Whether the last decision on a person has been revoked."""
        results = [
            said.result for _, said in self.told(effects.Reviewed, person) if said.result in ("changed", "revoked")
        ]
        return bool(results) and results[-1] == "revoked"

    def following(self, person: str, action: str) -> tuple[Event, ...]:
        """The events about a person that can belong to the last decision: for a changed one those after the change."""
        made = self.decision(person)
        start = made[0].at if made and made[0].action != "decide" else -1
        return tuple(event for event in self.all(action, person=person) if event.at > start)
