"""Senders that are killed with SIGKILL at random points between claiming, sending and recording.

``survive`` starts and kills them, one after another; ``python -m tests.oa_kills DATABASE OA`` is the process they come from.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from models.store.database import connect, reading, writing
from service import logs
from service.books import books
from service.cli.oa_round import send_due
from service.config import WebhookSettings
from service.exchange.webhook import Webhook
from service.usecases.exchange.deliver_parcels import LEASE, retry_parcel
from service.usecases.exchange.deliveries import outbox_state
from tests.conftest import ROOT
from tests.issued import ASSIGNING, NOW, assigned
from tests.oa_server import SECRET, OfficeAutomationServer, serving

_LONGEST = 0.12
"""Seconds after which a sender is killed at the latest: it works off a handful of parcels in that time."""


@dataclass(frozen=True, slots=True)
class Survived:
    """What came of it. unrecorded: OA had taken a parcel, and its sender was killed before it could write that down.

    interrupted: parcels whose twelve senders were all killed, so that a person had to let them be tried again.
    """

    kills: int
    parcels: int
    sendings: int
    unrecorded: int
    interrupted: int


def survive(engine: Engine, *, kills: int, parcels: int, seed: int) -> Survived:
    """Kill so many senders over so many parcels, then let one finish. Asserts that nothing was lost or changed."""
    chance = random.Random(seed)
    oa = OfficeAutomationServer(answer=lambda _: (chance.choices((200, 500, 429), (8, 1, 1))[0], b""))
    oa.pause = lambda _: chance.random() * 0.01
    wanted = {f"{assigned(engine, f'事项{number}').id}-{ASSIGNING}" for number in range(parcels)}
    now, accepted = NOW, Counter[str]()
    with serving(oa):
        url = engine.url.render_as_string(hide_password=False)
        with _senders(url, oa.url) as killed:
            for _ in range(kills):
                oa.now = now
                killed(now, chance.random() * _LONGEST)
                now += LEASE
        interrupted = 0
        for _ in range(14):
            interrupted += _tried_again(engine, now)
            oa.now, oa.answer = now, lambda _: (200, b"")
            send_due(engine, Webhook(WebhookSettings(oa.url, SECRET)), lambda moment=now: moment)  # type: ignore[misc]
            now += timedelta(days=1)
    with reading(engine) as session:
        state = outbox_state(session, books())
    assert (state.waiting, state.given_up, state.delivered) == ((), (), parcels)
    assert (set(oa.keys_received()), oa.forged) == (wanted, 0)
    assert all(len({body for key, _, body in oa.received if key == one}) == 1 for one in wanted)
    accepted.update(oa.accepted)
    assert set(accepted) == wanted
    return Survived(kills, parcels, len(oa.received), sum(accepted.values()) - parcels, interrupted)


def _tried_again(engine: Engine, now: datetime) -> int:
    """Let the parcels whose senders were always killed be tried again; the patrol had shown them."""
    with writing(engine) as session:
        lost = outbox_state(session, books()).given_up
        assert all("没有结果" in (delivery.error or "") for delivery in lost), lost
        for delivery in lost:
            retry_parcel(session, delivery.number, now=now)
    return len(lost)


@contextmanager
def _senders(url: str, address: str) -> Iterator[Callable[[datetime, float], None]]:
    """Kills a sender of a moment after so many seconds of work. A process that has loaded everything forks them all."""
    words = [sys.executable, "-m", "tests.oa_kills", url, address]
    with subprocess.Popen(
        words, cwd=ROOT, text=True, bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as parent:

        def killed(now: datetime, after: float) -> None:
            assert parent.stdin is not None
            assert parent.stdout is not None
            parent.stdin.write(f"{now.isoformat()}\n")
            sender = int(parent.stdout.readline())
            time.sleep(after)
            os.kill(sender, signal.SIGKILL)
            parent.stdin.write("\n")
            assert parent.stdout.readline() == "gone\n"

        yield killed
        assert parent.stdin is not None
        parent.stdin.close()


def _main(url: str, address: str) -> None:
    logs.configure()
    for line in iter(sys.stdin.readline, ""):
        sender = os.fork()
        if not sender:
            _send(url, address, datetime.fromisoformat(line.strip()))
        sys.stdin.readline()
        os.waitpid(sender, 0)
        print("gone", flush=True)


def _send(url: str, address: str, now: datetime) -> None:
    engine = connect(url)
    engine.connect().close()
    print(os.getpid(), flush=True)
    send_due(engine, Webhook(WebhookSettings(address, SECRET)), lambda: now)
    signal.pause()


if __name__ == "__main__":
    _main(*sys.argv[1:])
