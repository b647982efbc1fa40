"""Many senders killed at random points: nothing is lost, every parcel arrives, a second arrival has the key of the first."""

from __future__ import annotations

import pytest

from models.store.database import connect
from tests.issued import with_units
from tests.oa_kills import survive

KILLS, PARCELS = 300, 400


@pytest.mark.soak
def test_three_hundred_killed_senders_lose_nothing(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    engine = connect(database_url)
    with_units(engine, 甲处=None)
    found = survive(engine, kills=KILLS, parcels=PARCELS, seed=20260601)
    engine.dispose()
    with capsys.disabled():
        print(f"\n{engine.dialect.name}: {found}")
    assert found.unrecorded > 0  # the kills met the moment between sending and recording
