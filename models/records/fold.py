"""What records make: each is read, held against what the ones before it made, and added. The same for matters and for cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Generic, TypeVar

from models.records.damage import Damaged
from models.records.reading import NOTHING_KNOWN, KnownPersons, Torn, read
from models.records.record import Record
from rules.book.actions import Action
from rules.book.contract.effect import Effect
from rules.book.contract.people import PersonRef

S = TypeVar("S")
Actions = Mapping[str, Action]
"""What may be done to something, as the book says."""


@dataclass(frozen=True, slots=True)
class Fold(Generic[S]):
    """How something is made of its records.

    follows: whether a record can stand where the ones before it lead; applied: what it makes of it, and the state that it leads
    to; damaged: what is raised of records that make no whole.
    """

    empty: S
    follows: Callable[[S, Record], bool]
    applied: Callable[[S, Record, str | None], S]
    damaged: type[Damaged]

    def __call__(self, records: Iterable[Record], actions: Actions, known: KnownPersons = NOTHING_KNOWN) -> S:
        """What records make, from the first one on. known: whom names in them mean. Raises ``damaged``, never for a fault of ours."""
        made = self.empty
        for number, found in enumerate(records, 1):
            if found.number != number or found.action not in actions:
                raise self.damaged(number)
            try:
                record = with_effect(found, actions[found.action], known)
            except Torn:
                raise self.damaged(number) from None
            if not self.follows(made, record):
                raise self.damaged(number)
            made = self.applied(made, record, actions[record.action].to)
        return made

    def again(self, records: Iterable[Record], actions: Actions) -> S:
        """What some of the records make that were read before."""
        return reduce(lambda made, one: self.applied(made, one, actions[one.action].to), records, self.empty)


def with_effect(record: Record, action: Action, known: KnownPersons = NOTHING_KNOWN) -> Record:
    """The record with what it says. Raises Torn."""
    if record.effect is not None:
        return record
    effect = read(action.effect, record.details, known)
    for name, words in action.closed.items():
        said = getattr(effect, name)
        if not words.issuperset(said if isinstance(said, tuple) else (said,)):
            raise Torn
    return replace(record, effect=effect)


def as_far_as(action: Action, details: Mapping[str, object]) -> Effect:
    """What details say as far as they can be read, for whoever judges them."""
    return read(action.effect, details, as_far_as=True)


def own_hands(action: Action, details: Mapping[str, object]) -> Iterator[PersonRef]:
    """Those whom details name in the fields for whose own act it is too."""
    effect = as_far_as(action, details)
    for name in (field.id for field in action.fields if field.own):
        match getattr(effect, name):
            case PersonRef() as one:
                yield one
            case tuple() as several:
                yield from several
