"""What records make: each is read, held against what the ones before it made, and added. The same for matters and for cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Generic, TypeVar

from models.records.damage import Damaged
from models.records.reading import Torn, read
from models.records.record import Effect, Record

S = TypeVar("S")
Transitions = Mapping[str, str | None]
"""Action → the state that it leads to, or None."""


@dataclass(frozen=True, slots=True)
class Fold(Generic[S]):
    """How something is made of its records.

    effects: action → what its record says; follows: whether a record can stand where the ones before it lead; applied: what it
    makes of it, and the state that it leads to; damaged: what is raised of records that make no whole.
    """

    empty: S
    effects: Mapping[str, type[Effect]]
    follows: Callable[[S, Record], bool]
    applied: Callable[[S, Record, str | None], S]
    damaged: type[Damaged]

    def __call__(self, records: Iterable[Record], transitions: Transitions) -> S:
        """What records make, from the first one on. Raises ``damaged``, never for a fault of ours."""
        made = self.empty
        for number, found in enumerate(records, 1):
            if found.number != number or found.action not in self.effects or found.action not in transitions:
                raise self.damaged(number)
            try:
                record = self.read(found)
            except Torn:
                raise self.damaged(number) from None
            if not self.follows(made, record):
                raise self.damaged(number)
            made = self.applied(made, record, transitions[record.action])
        return made

    def read(self, record: Record) -> Record:
        """The record with what it says. Raises Torn."""
        if record.effect is not None:
            return record
        return replace(record, effect=read(self.effects[record.action], record.details))

    def as_far_as(self, action: str, details: Mapping[str, object]) -> Effect:
        """What details say as far as they can be read, for whoever judges them."""
        return read(self.effects[action], details, as_far_as=True)

    def again(self, records: Iterable[Record], transitions: Transitions) -> S:
        """What some of the records make that were read before."""
        return reduce(lambda made, one: self.applied(made, one, transitions[one.action]), records, self.empty)
