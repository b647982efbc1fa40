"""One round with OA: send what is due, take in what came back. Each parcel and each receipt is a transaction of its own."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from models.schemas.reading import Unreadable
from models.store.database import reading, writing
from service import logs
from service.books import books
from service.exchange.inbox import arrived, put_away
from service.exchange.oa import OfficeAutomation, Undelivered
from service.usecases.exchange.deliver_parcels import (
    Claim,
    claim_parcel,
    issued_matter,
    message_of,
    record_delivered,
    record_failure,
)
from service.usecases.exchange.take_receipt import take_receipt
from service.usecases.matters.act_on_matter import Stale
from service.usecases.refusals import REFUSALS, explained

Clock = Callable[[], datetime]
_AWAY = 3
"""So many failures in a row, and OA is taken to be away: the rest keeps its tries for the next round."""


@dataclass(slots=True)
class SendingRound:
    """What a round of sending came to."""

    delivered: int = 0
    later: int = 0
    given_up: int = 0


@dataclass(slots=True)
class Taken:
    """What a round of taking in came to. left: still being written, or written to by somebody else in that moment."""

    recorded: int = 0
    refused: int = 0
    left: int = 0


def send_due(engine: Engine, oa: OfficeAutomation, clock: Clock) -> SendingRound:
    """Send every parcel whose turn has come."""
    sent, failed = SendingRound(), 0
    while failed < _AWAY:
        with writing(engine) as session:
            claim = claim_parcel(session, now=clock())
        if claim is None:
            break
        failure = _send(engine, oa, claim, clock)
        if failure is None:
            sent.delivered, failed = sent.delivered + 1, 0
            continue
        with writing(engine) as session:
            again = record_failure(
                session, claim, failure.reason, final=failure.final, now=clock(), chance=random.random()
            )
        logs.event("oa_undelivered", parcel=claim.parcel_id, tries=claim.tries, again=again is not None)
        if again is None:
            sent.given_up += 1
        else:
            sent.later += 1
        failed = 0 if failure.final else failed + 1
    return sent


def _send(engine: Engine, oa: OfficeAutomation, claim: Claim, clock: Clock) -> Undelivered | None:
    """Send one parcel and write down that it arrived; or say why it did not."""
    try:
        with reading(engine) as session:
            issued = issued_matter(session, books(), claim)
        message_id = oa.deliver(message_of(claim, issued, books()), now=clock())
    except Undelivered as failure:
        return failure
    except DBAPIError:
        raise
    except Exception as error:  # one form that cannot be drawn must not hold up the others
        logs.fault("oa", error, parcel=claim.parcel_id)
        return Undelivered("制作附件或者发送时出现内部错误")
    with writing(engine) as session:
        record_delivered(session, claim, message_id, now=clock())
    logs.event("oa_delivered", parcel=claim.parcel_id, tries=claim.tries)
    return None


def take_receipts(engine: Engine, base: Path, clock: Clock) -> Taken:
    """Record every receipt that lies in the folder. Raises OSError where the folder cannot be used."""
    taken = Taken()
    for found in arrived(base, now=clock()):
        try:
            with writing(engine) as session:
                take_receipt(session, books(), found.raw, now=clock())
        except Stale:
            taken.left += 1
        except REFUSALS as error:
            if isinstance(error, Unreadable) and not found.settled:  # half written
                taken.left += 1
                continue
            put_away(base, found, refused=explained(error, books()))
            taken.refused += 1
        else:
            put_away(base, found)
            taken.recorded += 1
    return taken
