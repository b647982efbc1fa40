"""The production server under load beside a bare Flask endpoint under the same server, in turn."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

from models.schemas.reading import read_yaml
from tests.bench.measure import Measure
from tests.conftest import ROOT

_BIN = ROOT / ".venv/bin"
_WORKERS, _THREADS, _CLIENTS = 2, 4, 4
_PATH = "/api/v1/recommendations?store=false"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Target:
    """A server that is up, and the one request that is sent to it."""

    def __init__(self, port: int, path: str, body: bytes, headers: dict[str, str]) -> None:
        self.port, self.path, self.body = port, path, body
        self.headers = {"Content-Type": "application/json", **headers}

    def ask(self, connection: http.client.HTTPConnection) -> bytes:
        connection.request("POST", self.path, self.body, self.headers)
        answer = connection.getresponse()
        found = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {found[:200]!r}")
        return found

    def wait(self) -> float:
        """Seconds until the first answer."""
        start = time.perf_counter()
        while time.perf_counter() - start < 30:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            with contextlib.suppress(OSError):
                self.ask(connection)
                return time.perf_counter() - start
            time.sleep(0.01)
        raise RuntimeError("the server did not start")

    def load(self, seconds: float) -> float:
        """Requests a second, of several connections kept alive."""
        counts = [0] * _CLIENTS
        end = time.perf_counter() + seconds

        def client(number: int) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            while time.perf_counter() < end:
                self.ask(connection)
                counts[number] += 1

        threads = [threading.Thread(target=client, args=(number,)) for number in range(_CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(counts) / seconds


@contextlib.contextmanager
def server(command: list[str], folder: Path, **more: str) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **more}, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def measures(seconds: float, rounds: int) -> Iterator[Measure]:
    """Start-up, then throughput in turn."""
    body = orjson.dumps(read_yaml((ROOT / "examples/plan-task-missed.yaml").read_bytes()))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([_BIN / "wenze", "db", "upgrade", "--new"], cwd=folder, capture_output=True, check=True)
        token = subprocess.run([_BIN / "wenze", "token", "create"], cwd=folder, capture_output=True, check=True)
        bearer = {"Authorization": f"Bearer {token.stdout.decode().strip()}"}
        starts = []
        for _ in range(rounds):
            port = free_port()
            ours = Target(port, _PATH, body, bearer)
            with server([str(_BIN / "wenze"), "serve", "--port", str(port), "--workers", str(_WORKERS)], folder):
                starts.append(ours.wait())
        yield Measure("startup", "服务启动到第一次答复（秒）", starts, 2.0, "at_most")
        ours, theirs = (Target(free_port(), _PATH, body, bearer), Target(free_port(), "/", body, {}))
        command = [str(_BIN / "wenze"), "serve", "--port", str(ours.port), "--workers", str(_WORKERS)]
        with server(command, folder):
            ours.wait()
            (folder / "answer.json").write_bytes(ours.ask(http.client.HTTPConnection("127.0.0.1", ours.port)))
            bare = [str(_BIN / "gunicorn"), "-b", f"127.0.0.1:{theirs.port}", "-w", str(_WORKERS), "-k", "gthread"]
            bare += ["--threads", str(_THREADS), "--log-level", "warning", "tests.bench.bare:create()"]
            with server(bare, ROOT, WENZE_BARE_ANSWER=str(folder / "answer.json")):
                theirs.wait()
                yield _throughput(ours, theirs, seconds, rounds)


def _throughput(ours: Target, theirs: Target, seconds: float, rounds: int) -> Measure:
    ours.load(seconds / 2), theirs.load(seconds / 2)
    ratios = []
    for number in range(rounds):
        if number % 2:
            slower, faster = theirs.load(seconds), ours.load(seconds)
            ratios.append(faster / slower)
        else:
            ratios.append(ours.load(seconds) / theirs.load(seconds))
    what = "POST ?store=false 的吞吐量与同一服务器上只解析、返回同一 JSON 的 Flask 接口之比"
    return Measure("endpoint_vs_flask", what, ratios, 0.5, "at_least")
