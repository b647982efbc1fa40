"""Whom records ask whether an act is theirs, and who has not answered. The act itself is another record, made when all have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from models.people.identity import is_same
from models.records.record import Record
from rules.book.contract.asking import (
    AskingWithdrawn,
    ConfirmationAsked,
    ConfirmationDeclined,
    ConfirmationGiven,
    OfEarlier,
)
from rules.book.contract.effect import Effect
from rules.book.contract.people import PersonRef


@dataclass(frozen=True, slots=True)
class AskedAct:
    """An act that waits. record: by which it is asked for; says: the whole entry; outstanding: who has not answered."""

    record: Record
    says: ConfirmationAsked
    outstanding: tuple[PersonRef, ...]

    def without(self, person: PersonRef) -> AskedAct:
        """What is left when one of them has confirmed it."""
        return replace(self, outstanding=tuple(one for one in self.outstanding if not is_same(one, person)))


def waiting_acts(records: Iterable[Record]) -> Mapping[int, AskedAct]:
    """Number of the record that asks → the act, as long as somebody has not answered and nobody has said no."""
    found: dict[int, AskedAct] = {}
    for record in records:
        match record.effect:
            case ConfirmationAsked() as says:
                found[record.number] = AskedAct(record, says, says.of)
            case ConfirmationGiven(to=number) if number in found:
                found[number] = found[number].without(record.actor.person)
                if not found[number].outstanding:
                    del found[number]
            case ConfirmationDeclined(to=number) | AskingWithdrawn(to=number):
                found.pop(number, None)
    return found


def answers_something(records: Sequence[Record], effect: Effect | None) -> bool:
    """Whether a record that is about an earlier one has one to be about."""
    return not isinstance(effect, OfEarlier) or 0 < effect.to <= len(records)
