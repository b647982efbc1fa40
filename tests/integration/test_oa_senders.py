"""Senders beside one another, and senders that die, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from models.store.database import connect, writing
from service.cli.oa_round import send_due
from service.usecases.exchange.deliver_parcels import LEASE, MOST_TRIES, claim_parcel, record_delivered, record_failure
from tests.issued import ASSIGNING, NOW, UNIT, act, assigned, with_units
from tests.oa_kills import survive
from tests.oa_parts import at, states, webhook
from tests.oa_server import OfficeAutomationServer, serving


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with_units(engine, 甲处=None, 乙处=None)
    return engine


@pytest.fixture
def server() -> Iterator[OfficeAutomationServer]:
    with serving(OfficeAutomationServer(now=NOW)) as made:
        yield made


def test_two_senders_at_once_send_everything_once(engine: Engine, server: OfficeAutomationServer) -> None:
    server.pause = lambda _: 0.02
    made = [assigned(engine, f"事项{number}").id for number in range(12)]
    others = [connect(engine.url.render_as_string(hide_password=False)) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda other: send_due(other, webhook(server), at()), others))
    for other in others:
        other.dispose()
    assert sum(sent.delivered for sent in found) == 12
    assert sorted(server.keys_received()) == sorted(f"{matter}-{ASSIGNING}" for matter in made)


def test_nobody_claims_a_parcel_while_its_lease_runs(engine: Engine, server: OfficeAutomationServer) -> None:
    matter = assigned(engine)
    with writing(engine) as session:
        first = claim_parcel(session, now=NOW)  # and its sender dies
    assert first is not None
    for moment, delivered in ((NOW + LEASE - timedelta(seconds=1), 0), (NOW + LEASE, 1)):
        server.now = moment
        assert send_due(engine, webhook(server), at(moment)).delivered == delivered
    assert states(engine, matter.id) == [("delivered", 2, None)]
    with writing(engine) as session:  # the first one was only slow
        record_failure(session, first, "迟到", final=True, now=NOW + LEASE, chance=0.0)
    assert states(engine, matter.id) == [("delivered", 2, None)]


def test_a_late_failure_does_not_undo_a_newer_claim_but_a_late_arrival_counts(engine: Engine) -> None:
    matter = assigned(engine)
    with writing(engine) as session:
        first = claim_parcel(session, now=NOW)
    with writing(engine) as session:
        second = claim_parcel(session, now=NOW + LEASE)
    assert first is not None
    assert second is not None
    assert (first.key, second.tries) == (second.key, 2)
    with writing(engine) as session:
        again = record_failure(session, first, "迟到", final=True, now=NOW + LEASE, chance=0.0)
    assert again == NOW + 2 * LEASE
    with writing(engine) as session:
        record_delivered(session, first, "OA-1", now=NOW + LEASE)
    assert states(engine, matter.id) == [("delivered", 2, None)]


def test_a_sender_that_dies_every_time_does_not_try_for_ever(engine: Engine) -> None:
    matter, now = assigned(engine), NOW
    for _ in range(MOST_TRIES):
        with writing(engine) as session:
            assert claim_parcel(session, now=now) is not None
        now += LEASE
    with writing(engine) as session:
        assert claim_parcel(session, now=now) is None
    ((state, tries, error),) = states(engine, matter.id)
    assert (state, tries) == ("given_up", 12)
    assert "没有结果" in (error or "")


def test_senders_that_are_killed_lose_nothing(engine: Engine) -> None:
    found = survive(engine, kills=5, parcels=12, seed=7)
    assert found.sendings >= found.parcels


def test_other_writers_work_while_oa_is_slow(engine: Engine, server: OfficeAutomationServer) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_: int) -> float:
        begun.set()
        go_on.wait(10)
        return 0.0

    server.pause = slow
    matter = assigned(engine)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(send_due, engine, webhook(server, 20.0), at())
        assert begun.wait(10)
        act(engine, matter, "acknowledge", "2026-01-08", UNIT, signed_by="王五")
        go_on.set()
        assert sending.result().delivered == 1
