"""A record: one thing that was done to a matter or in a case, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, TypeVar

from rules.book.contract.case_effects import AboutPerson
from rules.book.contract.effect import Effect
from rules.book.contract.guards import ActorKind
from rules.book.contract.matter_effects import MatterEffect, Progressed, Submitted
from rules.book.contract.people import PersonRef
from rules.reasoning.calendar import LOCAL


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: by name, and as what; in the ledger the Office, a handling unit or a school leader. id: in the registry of persons,
    None where it is not known which person a record from before there was one names, and where it was no person."""

    name: str
    kind: ActorKind
    unit: str | None = None
    id: str | None = None

    @property
    def person(self) -> PersonRef:
        return PersonRef(self.name, self.id)


Vouched = Literal["self", "paper", "asked", "confirmed", "system", "earlier"]
"""What shows that somebody did it: they entered it themselves; a paper is bound to it; nothing yet, they were asked; they confirmed
it; no person did it, but a table that was brought in or a message of OA tells it; it is from before this was asked for."""


@dataclass(frozen=True, slots=True)
class BoundPaper:
    """A paper that is bound to a record: the attachment, and the hash of its bytes."""

    attachment: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Hand:
    """Who did something, and who wrote it down: nobody yet, where it is only asked for.

    enterer: who wrote it down, in the registry of persons, None where that is not known or was no person; asked: the number of the
    record by which whoever did it was asked to confirm it, asked_on: the local day of that; late_reason: why it was not written down
    when it was done.
    """

    actor: Actor
    entered_by: str = ""
    enterer: str | None = None
    vouched: Vouched = "earlier"
    papers: tuple[BoundPaper, ...] = ()
    late_reason: str | None = None
    asked: int | None = None
    asked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that was done: the action, the local day on which, whose hand it was, with which details; and when it was written
    down.

    details: as they were written, for whoever shows or hashes them; effect: what they say, None as long as nobody has read them.
    """

    number: int
    action: str
    on: date
    hand: Hand
    details: Mapping[str, Any]
    recorded_at: datetime
    effect: Effect | None = field(default=None, compare=False)

    @property
    def actor(self) -> Actor:
        return self.hand.actor

    @property
    def entered_by(self) -> str:
        return self.hand.entered_by

    @property
    def entered_on(self) -> date:
        """The local day on which it was written down: what was confirmed since, when whoever did it was asked."""
        return self.hand.asked_on or self.recorded_at.astimezone(LOCAL).date()

    @property
    def late(self) -> bool:
        """Whether it was written down later than on its day.

        Policy: the regulation sets no day for the entry. Nothing is refused but an entry that gives no reason, and what was entered
        late is shown as such wherever the act is.
        """
        return self.entered_on > self.on

    @property
    def late_reason(self) -> str | None:
        """Why; before it was asked of every act, the acts that count told it among what was filled in."""
        said = self.effect.late_reason if isinstance(self.effect, MatterEffect) else None
        return self.hand.late_reason or said


E = TypeVar("E", bound=Effect)


def told(records: Iterable[Record], kind: type[E]) -> Iterator[tuple[Record, E]]:
    """The records that say something of a kind, each with what it says."""
    return ((record, record.effect) for record in records if isinstance(record.effect, kind))


def last_told(records: Iterable[Record], kind: type[E]) -> tuple[Record, E] | tuple[None, None]:
    """The last of them."""
    return next(reversed(list(told(records, kind))), (None, None))


def attached_to(record: Record) -> tuple[str, ...]:
    """The attachments that a record names."""
    return record.effect.attachments or () if isinstance(record.effect, MatterEffect) else ()


def feedback(records: Iterable[Record]) -> Iterator[tuple[Record, str]]:
    """What the units said of how it goes, and that it is done."""
    for record in records:
        match record.effect:
            case Progressed(note=said) | Submitted(result=said):
                yield record, said


def about(record: Record, person: str) -> bool:
    """Whether a record is about somebody."""
    return isinstance(record.effect, AboutPerson) and record.effect.person == person
