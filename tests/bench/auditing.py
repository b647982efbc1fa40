"""How long the verification of the audit trail takes, and what its length costs, on both databases.

A trail of 100,000 events, every fourth of which wrote a record, has to be verified within ten seconds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import orjson
from sqlalchemy import Engine, insert, update

from models.audit import events as audit
from models.audit.events import AuditEvent, AuditHead, AuditRecord
from models.audit.hashes import record_hashes
from models.matter.matters import MatterRow, RecordRow
from models.store.database import connect, snapshot, upgrade, writing
from service.usecases.administration.verify_trail import verify_trail
from tests import postgres
from tests.audit_trail import NOW
from tests.bench.measure import Measure, seconds

_SECONDS = 10.0
_BATCH = 5_000


def long_trail(engine: Engine, events: int) -> None:
    """Events as they are appended, written in batches; every fourth with a record of a matter."""
    previous = audit.NOTHING
    for first in range(1, events + 1, _BATCH):
        previous = _some(engine, range(first, min(first + _BATCH, events + 1)), previous)
    with writing(engine) as session:
        session.execute(update(AuditHead).values(number=events, hash=previous))


def _some(engine: Engine, numbers: range, previous: str) -> str:
    wrote = [number for number in numbers if number % 4 == 0]
    keys = {number: ("matter", f"m{number}", 1) for number in wrote}
    rows, vouched = [], []
    with writing(engine) as session:
        session.execute(insert(MatterRow), [_matter(number) for number in wrote])
        session.execute(insert(RecordRow), [_record(number) for number in wrote])
        hashes = record_hashes(session, list(keys.values()), "sha256")
        for number in numbers:
            records = [(*keys[number], hashes[keys[number]])] if number in keys else []
            rows.append(made := _event(number, previous, records))
            previous = made["hash"]
            vouched += [{"kind": kind, "owner_id": owner, "number": at, "hash": found, "event": number}
                        for kind, owner, at, found in records]  # fmt: skip
        session.execute(insert(AuditEvent), rows)
        session.execute(insert(AuditRecord), vouched)
    return previous


def _matter(number: int) -> dict[str, object]:
    return {"id": f"m{number}", "title": "事项", "category": "plan", "state": "proposed", "version": 1}


def _record(number: int) -> dict[str, object]:
    details = orjson.dumps({"title": "事项", "basis": "要点" * 100})
    return {"matter_id": f"m{number}", "number": 1, "action": "propose", "done_on": NOW.date(), "actor_name": "李四",
            "actor_kind": "office", "details": details, "recorded_at": NOW, "entered_by": "测试"}  # fmt: skip


def _event(number: int, previous: str, records: list[audit.Hashed]) -> dict[str, object]:
    facts = orjson.dumps({"at": number})
    values = {"number": number, "at": NOW.isoformat(timespec="microseconds"), "actor": "测试", "actor_kind": "token", "actor_id": "t",
              "action": "cases.read_one", "outcome": "read", "subject_kind": "case", "subject_id": "c", "algorithm": "sha256",
              "previous": previous}  # fmt: skip
    return values | {"facts": facts, "hash": audit.event_hash(values, facts, records)}


def verified(engine: Engine, events: int) -> None:
    with snapshot(engine) as session:
        found = verify_trail(session)
    if (found.events, found.broken) != (events, None):
        raise RuntimeError(f"{found}")


def measures(events: int, rounds: int) -> Iterator[Measure]:
    """Seconds of a whole verification over the ten that it may take."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {
            "sqlite": f"sqlite:///{folder / 'trail.sqlite3'}",
            "postgresql": stack.enter_context(postgres.running()).database(),
        }
        upgrade(urls["sqlite"])
        for name, url in urls.items():
            engine = connect(url)
            long_trail(engine, events)
            ratios = [seconds(lambda: verified(engine, events)) / _SECONDS for _ in range(rounds)]  # noqa: B023
            about = f"核对 {events} 条审计记录的用时与 {_SECONDS:.0f} 秒之比（{name}）"
            yield Measure(f"audit_{name}", about, ratios, 1.0, "at_most")
            engine.dispose()
