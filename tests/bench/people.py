"""Thirty people at work in the pages at once, beside one person on the same server, in one run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Measure
from tests.bench.serving import free_port
from tests.people_at_work import at_work, p95
from tests.postgres import running


def measures(seconds: float, people: int) -> Iterator[Measure]:
    """PostgreSQL, two workers; everybody thinks up to four seconds between two pages."""
    with tempfile.TemporaryDirectory() as name, running() as server:
        found = at_work(server.database(), Path(name), free_port(), people=people, seconds=seconds, pause=4.0)
    if found.faults or found.lost or found.doubled:
        raise RuntimeError(str(found))
    what = f"{people}人同时在页面上办理时一页的95百分位时间，与同一次运行中一人独用时之比"
    yield Measure("people_p95_vs_idle", what, [p95(found.busy) / p95(found.idle)], None, "at_most")
