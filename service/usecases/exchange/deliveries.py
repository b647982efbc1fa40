"""What became of the parcels to OA: of one matter, and of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from models.matter import matters
from models.office import outbox
from rules.reasoning.editions import Books
from service.usecases.matters.act_on_matter import MatterUnknown, shown_number


@dataclass(frozen=True, slots=True)
class Delivery:
    """A parcel as it is shown. number: the parcel's own; error: why it did not arrive, as far as the last try."""

    number: int
    matter_id: str
    matter_number: str | None
    title: str
    record: int
    form: str
    form_name: str
    state: Literal["waiting", "delivered", "given_up"]
    tries: int
    created_at: datetime
    next_try_at: datetime | None
    delivered_at: datetime | None
    message_id: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class OutboxState:
    """Everything that has not arrived, and how much has."""

    waiting: tuple[Delivery, ...]
    given_up: tuple[Delivery, ...]
    delivered: int


def deliveries_of(session: Session, books: Books, matter_id: str) -> list[Delivery]:
    """The parcels of a matter, oldest first. Raises MatterUnknown."""
    if matters.find(session, matter_id) is None:
        raise MatterUnknown(matter_id)
    return list(_shown(session, books, outbox.of_matter(session, matter_id)))


def outbox_state(session: Session, books: Books) -> OutboxState:
    """What waits, what was given up, and how many arrived."""
    waiting, lost = outbox.waiting(session), outbox.given_up(session)
    return OutboxState(
        tuple(_shown(session, books, waiting)), tuple(_shown(session, books, lost)), outbox.count_delivered(session)
    )


def _shown(session: Session, books: Books, parcels: Iterable[outbox.Parcel]) -> Iterable[Delivery]:
    book, parcels = books.usual, list(parcels)
    rows = {row.id: row for row in matters.find_many(session, [one.matter_id for one in parcels])} if parcels else {}
    for parcel in parcels:
        row = rows.get(parcel.matter_id)
        if row is None:
            continue
        name = book.provisions[book.forms[parcel.form].title].text
        yield Delivery(
            parcel.id,
            row.id,
            shown_number(row),
            row.title,
            parcel.record_number,
            parcel.form,
            name,
            _state(parcel),
            parcel.tries,
            parcel.created_at,
            parcel.next_try_at,
            parcel.delivered_at,
            parcel.message_id,
            parcel.error,
        )


def _state(parcel: outbox.Parcel) -> Literal["waiting", "delivered", "given_up"]:
    if parcel.delivered_at is not None:
        return "delivered"
    return "waiting" if parcel.next_try_at is not None else "given_up"
