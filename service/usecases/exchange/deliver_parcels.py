"""Hand the outbox to OA: claim a parcel, draw what it carries, and write down what became of it.

Three steps, so that no transaction is open while OA is spoken to. ``claim_parcel`` puts the next try behind a lease and is
committed; the message is sent; ``record_delivered`` or ``record_failure`` is committed. While a lease runs nobody else claims
the parcel. A sender that dies between sending and recording leaves a parcel whose lease runs out: it is sent once more, with
the same key and the same content. Delivery is at least once, and OA tells the second by its key. Source: art-6.2.a, art-6.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.matter.matter import Matter, matter_fold
from models.office import outbox
from models.store.audit_notes import keep_silent
from rules.reasoning.editions import Books
from service.documents.writing.forms import MATTER_FORMS
from service.exchange.oa import Message
from service.usecases.matters.act_on_matter import read_matter

LEASE = timedelta(minutes=10)
"""Longer than one sending takes at most."""
MOST_TRIES = 12
_FIRST, _LONGEST, _FACTOR = timedelta(minutes=1), timedelta(days=1), 3.0
_MOST_ERROR = 500


class ParcelUnknown(LookupError):
    """No parcel has this number."""


class NotRetried(Exception):
    """The parcel cannot be sent again now; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A parcel in the hands of one sender. tries: which try this is, so that a late outcome is told from a newer one."""

    parcel_id: int
    matter_id: str
    record_number: int
    form: str
    tries: int

    @property
    def key(self) -> str:
        """The same for every try, and for no other parcel of any installation."""
        return f"{self.matter_id}-{self.record_number}"


@dataclass(frozen=True, slots=True)
class IssuedMatter:
    """A matter as it stood when its form was issued, whatever has been written since."""

    number: str | None
    matter: Matter


def claim_parcel(session: Session, *, now: datetime) -> Claim | None:
    """The oldest parcel whose turn has come, for this sender alone until the lease ends; None: nothing is due."""
    keep_silent(session)
    while found := outbox.due(session, now, 1):
        parcel = found[0]
        if parcel.tries < MOST_TRIES:
            parcel.tries, parcel.next_try_at, parcel.error = parcel.tries + 1, now + LEASE, None
            session.flush()
            return Claim(parcel.id, parcel.matter_id, parcel.record_number, parcel.form, parcel.tries)
        parcel.next_try_at, parcel.error = None, f"发送{MOST_TRIES}次，最后一次发送中断，没有结果"
        session.flush()
    return None


def issued_matter(session: Session, books: Books, claim: Claim) -> IssuedMatter:
    """The matter as it was at the parcel's record: a later try carries what the first one carried."""
    found = read_matter(session, books, claim.matter_id)
    return IssuedMatter(
        found.number, matter_fold.again(found.matter.records[: claim.record_number], books.usual.ledger.actions)
    )


def message_of(claim: Claim, issued: IssuedMatter, books: Books) -> Message:
    """The message, its form drawn."""
    from service.documents.drawing.formats import as_docx  # here, since its libraries take half of a start-up

    matter, name = issued.matter, claim.form.replace("_", "-")
    document = MATTER_FORMS[name](matter, issued.number, books.usual)[-1]()
    return Message(
        key=claim.key,
        matter_id=claim.matter_id,
        number=issued.number,
        title=matter.title,
        units=matter.units,
        form=claim.form,
        form_name=document.subject,
        record_number=claim.record_number,
        docx=as_docx(document),
    )


def record_delivered(session: Session, claim: Claim, message_id: str | None, *, now: datetime) -> None:
    """OA has it, even where the lease had run out before its answer came."""
    parcel = outbox.lock(session, claim.parcel_id)
    if parcel is None or parcel.delivered_at is not None:
        return
    parcel.delivered_at, parcel.message_id, parcel.next_try_at, parcel.error = now, message_id, None, None
    session.flush()


def record_failure(
    session: Session, claim: Claim, reason: str, *, final: bool, now: datetime, chance: float
) -> datetime | None:
    """When it is tried again; None: never. chance: 0 … 1, spreads the tries of many parcels.

    The outcome of a claim that another sender has taken over since is passed over.
    """
    parcel = outbox.lock(session, claim.parcel_id)
    if parcel is None or parcel.delivered_at is not None or parcel.tries != claim.tries:
        return None if parcel is None else parcel.next_try_at
    again = None if final or claim.tries >= MOST_TRIES else now + pause(claim.tries, chance)
    parcel.next_try_at, parcel.error = again, reason[:_MOST_ERROR]
    session.flush()
    return again


def pause(tries: int, chance: float) -> timedelta:
    """How long to wait after so many tries: a minute, three times as long each time, a day at most; up to a quarter more.

    Twelve tries last four to five days, so that OA may be away over a weekend.
    """
    times: float = _FACTOR ** (tries - 1) * (1 + chance / 4)
    return min(_FIRST * times, _LONGEST)


def retry_parcel(session: Session, parcel_id: int, *, now: datetime) -> None:
    """Let a parcel that was given up, or that waits, be tried at once, from the first try on.

    Raises ParcelUnknown; NotRetried where it has arrived or is being sent.
    """
    parcel = outbox.lock(session, parcel_id)
    if parcel is None:
        raise ParcelUnknown(parcel_id)
    if parcel.delivered_at is not None:
        raise NotRetried("已经送达，不再发送")
    if parcel.next_try_at is not None and parcel.tries and parcel.error is None:
        raise NotRetried("正在发送，没有结果的稍后会自动再发")
    parcel.tries, parcel.next_try_at, parcel.error = 0, now, None
    session.flush()
