"""The records of a case read as they are, without trusting that any of them was allowed, or is there. Source: art-9.

A record counts where its actor is one for whom the action is. Nothing here raises for a record that lacks a detail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from models.domain.matter import Record
from models.domain.names import bare, bares
from models.domain.signs import says
from rules.procedure import CaseAction
from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Event:
    """A record at its place in the history. day: of the committee's meeting where there was one, else of the record."""

    at: int
    record: Record

    @property
    def action(self) -> str:
        return self.record.action

    @property
    def details(self) -> Mapping[str, Any]:
        return self.record.details

    @property
    def day(self) -> date:
        held = mapping(self.details.get("meeting")).get("held_on")
        return held if isinstance(held, date) else self.record.on

    def precedes(self, other: Event) -> bool:
        """Whether it stands before the other and is not dated after it."""
        return self.at < other.at and self.day <= other.day

    def said(self, name: str) -> bool:
        """Whether a text was given."""
        return says(self.details.get(name))


def mapping(value: Any) -> Mapping[str, Any]:
    """The value where it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def rows(value: Any) -> tuple[Mapping[str, Any], ...]:
    """The mappings of a list; whatever else it is or holds is left out."""
    return tuple(one for one in value if isinstance(one, Mapping)) if isinstance(value, list | tuple) else ()


def names(value: Any) -> frozenset[str]:
    """The texts of a list."""
    return frozenset(one for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else frozenset()


class Trail:
    """A history: every event, those that count, and who its people are."""

    def __init__(self, records: Iterable[Record], book: Rulebook) -> None:
        self.book = book
        self.events = tuple(Event(at, record) for at, record in enumerate(records))

    @cached_property
    def persons(self) -> Mapping[str, Mapping[str, Any]]:
        """Id → what the proposal says of the person; also who is only mentioned later."""
        found: dict[str, Mapping[str, Any]] = {}
        for event in self.events:
            for row in rows(event.details.get("persons")):
                found.setdefault(str(row.get("id")), row)
        for event in self.events:
            for row in (event.details, *rows(event.details.get("decisions"))):
                if isinstance(row.get("person"), str):
                    found.setdefault(row["person"], {})
        return found

    @cached_property
    def person_names(self) -> frozenset[str]:
        """As they are compared to restrict."""
        return bares(str(row["name"]) for row in self.persons.values() if "name" in row)

    @cached_property
    def members(self) -> frozenset[str]:
        """Everybody who was ever put into the team."""
        return frozenset(
            str(row.get("name"))
            for event in self.events
            if event.action in ("form_team", "add_member") and self._fits(event, self.book.proceedings.actions)
            for row in rows(event.details.get("members"))
        )

    def recused(self, before: int) -> frozenset[str]:
        """Who had been recused by then, as they are compared to restrict."""
        return bares(str(event.details.get("name")) for event in self.events[:before] if event.action == "recuse")

    def _fits(self, event: Event, actions: Mapping[str, CaseAction]) -> bool:
        return event.action in actions and event.record.actor.kind in actions[event.action].actors

    def counts(self, event: Event) -> bool:
        """Whether the actor is one for whom the action is; membership is not asked where no team is on record."""
        if not self._fits(event, self.book.proceedings.actions):
            return False
        actor, about = event.record.actor, self.persons.get(str(event.details.get("person")), {})
        if actor.kind == "team" and self.members:
            return actor.name in self.members and bare(actor.name) not in self.recused(event.at)
        if actor.kind == "person":
            return str(about.get("name", actor.name)) == actor.name
        return actor.kind != "unit" or about.get("unit", actor.unit) == actor.unit

    def all(self, *actions: str, person: str | None = None) -> tuple[Event, ...]:
        """The events of these actions that count, in their order; about one person where one is named."""
        return tuple(
            event
            for event in self.events
            if event.action in actions
            and (person is None or event.details.get("person") == person)
            and self.counts(event)
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

    def decision(self, person: str) -> tuple[Event, Mapping[str, Any]] | None:
        """The last decision on a person, with its event; also one that fell since."""
        made: tuple[Event, Mapping[str, Any]] | None = None
        for event in self.all("decide", "review_appeal", "correct"):
            if event.action == "decide":
                mine = [row for row in rows(event.details.get("decisions")) if row.get("person") == person]
                made = (event, mine[0]) if mine else made
            elif event.details.get("person") == person and mapping(event.details.get("decision")):
                made = event, mapping(event.details["decision"])
        return made

    def revoked(self, person: str) -> bool:
        """Whether the last decision on a person has been revoked."""
        overturning = [event for event in self.all("review_appeal", "correct", person=person)
                       if event.details.get("result") in ("changed", "revoked")]  # fmt: skip
        return bool(overturning) and overturning[-1].details.get("result") == "revoked"

    def following(self, person: str, action: str) -> tuple[Event, ...]:
        """The events about a person that can belong to the last decision: for a changed one those after the change."""
        made = self.decision(person)
        start = made[0].at if made and made[0].action != "decide" else -1
        return tuple(event for event in self.all(action, person=person) if event.at > start)
