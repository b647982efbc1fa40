"""Many people at work in the pages at once: clerks and liaisons read and write, some of them twice, and nothing is lost or doubled.

Everybody has a session of their own with the real server. What a page says was carried out is written down with its key, and
afterwards held against the records in the database.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import subprocess
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
import requests.adapters
from argon2 import PasswordHasher
from sqlalchemy import select
from urllib3.util import Retry

from models.matter.matters import RecordRow
from models.people.accounts import Account
from models.people.units import Unit
from models.records.record import Actor
from models.store.database import connect, reading, writing
from rules.reasoning.calendar import LOCAL
from service.books import books
from service.usecases.entry import Entry
from service.usecases.people.accounts import Asked, grant_role
from tests.approved import AGREED, DIRECTOR
from tests.conftest import ROOT
from tests.registered import act_on_matter, open_matter, register

PASSWORD, UNITS = "correct-horse-42", tuple(f"{name}处" for name in "甲乙丙丁戊己庚辛壬")
_CSRF = re.compile('name="csrf" value="([^"]+)"')
_VERSION = re.compile('name="version" value="([0-9]+)"')


@dataclass
class Found:
    """idle, busy: seconds of each page that was asked for, of one person alone and of all at once.

    done: keys of what was said to be carried out; faults: answers that no person should see; stale: how often somebody else
    was faster; twice: how often the same was sent again.
    """

    idle: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    stale: int = 0
    twice: int = 0
    lost: int = 0
    doubled: int = 0

    def __str__(self) -> str:
        return (
            f"{len(self.busy)} 次请求，办理 {len(self.done)} 次，重复提交 {self.twice} 次，他人先办 {self.stale} 次；"
            f"丢失 {self.lost}，重复 {self.doubled}，错误 {len(self.faults)}；"
            f"p95 空闲 {p95(self.idle) * 1000:.0f} ms，{len(self.busy)} 次中 {p95(self.busy) * 1000:.0f} ms"
        )


def p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


def at_work(database_url: str, folder: Path, port: int, *, people: int, seconds: float, pause: float) -> Found:
    """One person alone for a tenth of the time, then all of them; pause: seconds that somebody thinks between two pages, at most."""
    matters, logins = _school(database_url, people)
    found, lock = Found(), threading.Lock()
    with _served(database_url, folder, port) as address:
        everybody = [_Person(address, login, matters, found, lock, seed) for seed, login in enumerate(logins)]
        for person in everybody:
            person.log_in()
        everybody[0].work(time.monotonic() + seconds / 10, pause / 10, found.idle)
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=one.work, args=(end, pause, found.busy)) for one in everybody]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    _count(database_url, found)
    return found


def _school(database_url: str, people: int) -> tuple[dict[str, list[str]], list[str]]:
    """Ten matters of each unit, in hand; an account for everybody, every third a clerk. Unit → its matters; log-in names."""
    engine, now, today = connect(database_url), datetime.now(UTC), datetime.now(LOCAL).date()
    hashed, logins = PasswordHasher().hash(PASSWORD), []
    matters: dict[str, list[str]] = {}
    with writing(engine) as session:
        session.add_all(Unit(name=name, from_on=date(2020, 1, 1)) for name in UNITS)
        session.flush()
        for at in range(people):
            logins.append(f"person{at}")
            person = register(session, [f"人员{at}"])[f"人员{at}"]
            session.add(Account(id=str(uuid.uuid4()), login=logins[-1], name=person.name, person_id=person.id,
                                password_hash=hashed, must_change=False, created_at=now))  # fmt: skip
            session.flush()
            unit = None if at % 3 == 0 else UNITS[at % len(UNITS)]
            role = "office_clerk" if unit is None else "unit_liaison"
            grant_role(session, logins[-1], Asked(role, date(2020, 1, 1), unit=unit), by="测试", now=now)
        office = Actor("人员0", "office")
        for unit in UNITS:
            for at in range(10):
                details = {"title": f"{unit}任务{at}", "category": "plan", "basis": "工作要点", "consulted_with": unit,
                           "lead_unit": unit, "due_on": today + timedelta(days=60)}  # fmt: skip
                made = open_matter(session, books(), Entry("propose", details, office, today, "测试"), now=now)
                steps: tuple[tuple[str, Actor, Mapping[str, Any]], ...] = (
                    ("endorse_registration", DIRECTOR, AGREED),
                    ("register", office, {"route": "direct"}),
                    ("assign", office, {"channel": "oa"}),
                )
                for version, (action, who, said) in enumerate(steps, 1):
                    act_on_matter(
                        session, books(), made.id, Entry(action, said, who, today, "测试"), expected=version, now=now
                    )
                matters.setdefault(unit, []).append(made.id)
    engine.dispose()
    return matters, logins


@contextmanager
def _served(database_url: str, folder: Path, port: int) -> Iterator[str]:
    env = {**os.environ, "DATABASE_URL": database_url, "WENZE_DATA_DIR": str(folder / "var")}
    command = [str(ROOT / ".venv/bin/wenze"), "serve", "--port", str(port), "--workers", "2"]
    address = f"http://127.0.0.1:{port}"
    with open(folder / "server.log", "wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
    try:
        for _ in range(300):
            with contextlib.suppress(requests.ConnectionError, requests.Timeout):
                if requests.get(f"{address}/healthz", timeout=10).ok:
                    break
            time.sleep(0.1)
        else:
            raise RuntimeError((folder / "server.log").read_text(encoding="utf-8")[-2000:])
        yield address
    finally:
        process.terminate()
        process.wait(30)


class _Person:
    """Somebody with a browser's session."""

    def __init__(
        self, address: str, login: str, matters: dict[str, list[str]], found: Found, lock: threading.Lock, seed: int
    ) -> None:
        self.address, self.login, self.found, self.lock = address, login, found, lock
        self.chance = random.Random(seed)
        self.unit = None if seed % 3 == 0 else UNITS[seed % len(UNITS)]
        self.name = f"人员{seed}"
        self.matters = matters[self.unit] if self.unit else [one for some in matters.values() for one in some]
        self.session = requests.Session()
        # as a browser does where the server has just closed the connection that it kept; an entry carries its key
        again = Retry(total=2, allowed_methods=None)
        self.session.mount("http://", requests.adapters.HTTPAdapter(max_retries=again))

    def log_in(self) -> None:
        sent = {"login": self.login, "password": PASSWORD}
        answer = self.session.post(f"{self.address}/login", data=sent, timeout=60, allow_redirects=False)
        if answer.status_code != 303:
            raise RuntimeError(f"{self.login}: {answer.status_code}")

    def work(self, end: float, pause: float, times: list[float]) -> None:
        while time.monotonic() < end:
            matter = self.chance.choice(self.matters)
            what = self.chance.random()
            if what < 0.2:
                self._write(matter, times)
            else:
                self._get("/" if what < 0.35 else "/matters" if what < 0.6 else f"/matters/{matter}", times)
            time.sleep(self.chance.random() * pause)

    def _write(self, matter: str, times: list[float]) -> None:
        """One entry; where somebody else was faster the form is read again, as a person would."""
        action, kind = ("progress", "unit") if self.unit else ("check", "office")
        path, key = f"/matters/{matter}/act/{action}", uuid.uuid4().hex
        note = "details.note" if self.unit else "details.problems"
        for _ in range(20):
            form = self._get(path, times)
            csrf, version = _CSRF.search(form), _VERSION.search(form)
            if csrf is None or version is None:
                return
            data = {"csrf": csrf[1], "version": version[1], "key": key, "on": datetime.now(LOCAL).date().isoformat(),
                    "actor.name": self.name, "actor.kind": kind, note: "按计划进行"}  # fmt: skip
            if self.unit:
                data["actor.unit"] = self.unit
            if self._posted(path, data, times) == 303:
                again = self.chance.random() < 0.2 and self._posted(path, data, times) == 303
                with self.lock:
                    self.found.done.add(key)
                    self.found.twice += again
                return
            with self.lock:
                self.found.stale += 1

    def _get(self, path: str, times: list[float]) -> str:
        return self._timed("GET", path, None, times).text

    def _posted(self, path: str, data: dict[str, str], times: list[float]) -> int:
        return self._timed("POST", path, data, times).status_code

    def _timed(self, method: str, path: str, data: dict[str, str] | None, times: list[float]) -> requests.Response:
        start = time.perf_counter()
        answer = self.session.request(
            method, self.address + path, data=data, timeout=120, allow_redirects=False, headers={"Accept": "text/html"}
        )
        took = time.perf_counter() - start
        expected = (200,) if method == "GET" else (303, 409)
        with self.lock:
            times.append(took)
            if answer.status_code not in expected:
                self.found.faults.append(f"{method} {re.sub('[0-9a-f-]{36}', '…', path)}: {answer.status_code}")
        return answer


def _count(database_url: str, found: Found) -> None:
    """Hold what was said to be done against what is there."""
    engine = connect(database_url)
    with reading(engine) as session:
        wanted = select(RecordRow.request_key).where(RecordRow.action.in_(("progress", "check")))
        there = Counter(key for key in session.scalars(wanted) if key is not None)
    engine.dispose()
    found.lost = len(found.done - set(there))
    found.doubled = sum(times - 1 for times in there.values()) + len(set(there) - found.done)
