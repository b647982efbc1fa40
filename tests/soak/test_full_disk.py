"""A disk that is really full: 507 or 503 and never a 500, nothing half written, and all goes on once there is room."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.matter.matters import MatterRow
from models.people.units import Unit
from models.store.database import connect, reading, upgrade, writing
from service.app import create_app
from service.usecases.administration.verify_trail import verify_trail
from tests.integration.conftest import new_token
from tests.integration.ledger_office import approved, opened

ROOM = 6 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", place], capture_output=True)
    if made.returncode:
        pytest.skip("this machine does not let the test mount a disk of its own")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def filled(disk: Path, left: int) -> None:
    """Nothing of the disk is left but so many bytes."""
    (disk / "filler").unlink(missing_ok=True)
    room = os.statvfs(disk)
    (disk / "filler").write_bytes(b"x" * max(room.f_bavail * room.f_bsize - left, 0))


def until_it_fails(client: FlaskClient, written: list[str]) -> set[int]:
    """Matters with a file and an entry each, until nothing goes in any more: how the machine's failures were answered."""
    answered: set[int] = set()
    for _ in range(60):
        answer = opened(client)
        if answer.status_code == 201:
            written.append(answer.json["id"])
            sent = {"file": (BytesIO(os.urandom(20_000)), "记录.pdf")}
            place = f"/api/v1/matters/{written[-1]}/attachments"
            done = approved(client, answer.json, "register", "2026-01-06", route="direct")
            answered |= {client.post(place, data=sent).status_code, done.status_code}
        answered.add(answer.status_code)
        if any(status >= 500 for status in answered):
            break
    return {status for status in answered if status >= 400}


@pytest.mark.soak
def test_a_full_disk_is_answered_and_nothing_is_lost(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_DATA_DIR", str(disk))
    url = f"sqlite:///{disk / 'wenze.sqlite3'}"
    upgrade(url)
    app = create_app(url)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {new_token(app)}"
    with writing(app.extensions["database"]) as session:
        session.add(Unit(name="甲处", from_on=date(2020, 1, 1)))
    written: list[str] = []
    for left in (0, 4096, 30_000, 100_000, 300_000):
        filled(disk, left)
        met = until_it_fails(client, written)
        assert met, left
        assert met <= {507, 503}, (left, met)
        assert client.get("/healthz").status_code in (200, 503)
        assert client.get("/api/v1/matters").status_code == 200
        (disk / "filler").unlink()
        answer = opened(client)
        assert answer.status_code == 201, answer.json
        written.append(answer.json["id"])
    app.extensions["database"].dispose()
    engine = connect(url)
    with reading(engine) as session:
        assert set(session.scalars(select(MatterRow.id))) == set(written)
        assert verify_trail(session, files=disk / "attachments").broken is None
    engine.dispose()
