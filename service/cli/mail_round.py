"""One round of mail: the day's letters, one after another; no transaction is open while the mail server is spoken to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine

from models.store.database import alone, reading, writing
from service import logs
from service.books import books
from service.config import MailSettings
from service.exchange.post import Letter, MailConnection, NoServer, NotSent
from service.usecases.exchange.mail_todo import letters_of_day, mark_mailed
from service.usecases.exchange.patrol import ToLookAt

WAIT_SECONDS = 60.0
"""How long a round waits for another one of this machine."""


@dataclass(slots=True)
class MailRound:
    """What a round came to. failed: a recipient and why it has no letter; without: units that have no address."""

    sent: int = 0
    done: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    without: tuple[str, ...] = ()


def mail_lists(
    engine: Engine,
    settings: MailSettings,
    findings: Sequence[ToLookAt],
    *,
    folder: Path,
    day: date,
    clock: Callable[[], datetime],
) -> MailRound:
    """Send what has not been sent this day. folder: where rounds of this machine wait for one another."""
    with alone(folder / "mail.lock", WAIT_SECONDS):
        with reading(engine) as session:
            letters = letters_of_day(session, books(), findings, office=settings.office, day=day)
        mailed = MailRound(done=letters.done, without=letters.without)
        with MailConnection(settings) as post:
            for at, letter in enumerate(letters.due):
                try:
                    _send(engine, post, letter, day, clock)
                    mailed.sent += 1
                except NotSent as error:
                    mailed.failed.append((letter.recipient, str(error)))
                except NoServer as error:
                    mailed.failed += [(unsent.recipient, str(error)) for unsent in letters.due[at:]]
                    break
    logs.event("mailed", sent=mailed.sent, done=mailed.done, failed=len(mailed.failed))
    return mailed


def _send(engine: Engine, post: MailConnection, letter: Letter, day: date, clock: Callable[[], datetime]) -> None:
    post.send(letter, now=clock())
    with writing(engine) as session:
        mark_mailed(session, letter, day, now=clock())
