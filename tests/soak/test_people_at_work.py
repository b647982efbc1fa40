"""Thirty people at once for ten minutes, on the production database with two workers; a short version is part of the suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.serving import free_port
from tests.people_at_work import Found, at_work
from tests.postgres import Server


def nothing_went_wrong(found: Found) -> None:
    assert found.faults == []
    assert (found.lost, found.doubled) == (0, 0)
    assert found.done


@pytest.mark.soak
def test_thirty_people_for_ten_minutes(tmp_path: Path, postgresql: Server, capsys: pytest.CaptureFixture[str]) -> None:
    found = at_work(postgresql.database(), tmp_path, free_port(), people=30, seconds=600, pause=4.0)
    with capsys.disabled():
        print(f"\n30人10分钟：{found}")
    nothing_went_wrong(found)
    assert found.twice > 10


def test_nine_people_for_a_moment(tmp_path: Path, postgresql: Server) -> None:
    nothing_went_wrong(at_work(postgresql.database(), tmp_path, free_port(), people=9, seconds=5, pause=0.3))
