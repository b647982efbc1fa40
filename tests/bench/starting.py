"""What a start costs: processor time over that of a bare Python in the same environment, bytecode written, in turn."""

from __future__ import annotations

import contextlib
import http.client
import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.measure import Measure
from tests.bench.serving import free_port
from tests.conftest import ROOT

_BIN = ROOT / ".venv/bin"
_CASE = ROOT / "examples/plan-task-missed.yaml"


def measures(rounds: int) -> Iterator[Measure]:
    """rounds: how often each is started, after once that writes the bytecode."""
    for name, what, target, spent in (
        ("start_help_over_bare", "wenze --help", 10, _run("wenze", "--help")),
        ("start_recommend_over_bare", "wenze recommend 一案", 18, _run("wenze", "recommend", str(_CASE))),
    ):
        yield Measure(name, f"{what}：处理器时间与空的 Python 之比", _over_bare(spent, rounds), target, "at_most")
    with tempfile.TemporaryDirectory() as folder:
        what = "服务由启动到第一次答复：处理器时间与空的 Python 之比"
        yield Measure("start_service_over_bare", what, _over_bare(_served(Path(folder)), rounds), None, "at_most")


def _over_bare(spent: Callable[[], float], rounds: int) -> list[float]:
    bare = _run("python", "-c", "pass")
    spent()
    return [spent() / bare() for _ in range(rounds)]


def _run(program: str, *words: str) -> Callable[[], float]:
    """Seconds of the processor, user and system."""

    def spent() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([_BIN / program, *words], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return spent


def _served(folder: Path) -> Callable[[], float]:
    """Until the first answer, of the server with its workers; its end does not count. The database is made by the first."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}

    def spent() -> float:
        port = free_port()
        server = subprocess.Popen(
            [_BIN / "wenze", "serve", "--port", str(port)],
            env=environment | {"WENZE_DATA_DIR": str(folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            _first_answer(port)
            return _of_group(server.pid)
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()

    return spent


def _of_group(leader: int) -> float:
    """Seconds that the living processes of a group have taken."""
    ticks = 0
    for found in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = found.read_text().rpartition(")")[2].split()
            ticks += (int(fields[11]) + int(fields[12])) * (int(fields[2]) == leader)
    return ticks / os.sysconf("SC_CLK_TCK")


def _first_answer(port: int) -> None:
    """Raises RuntimeError after five minutes without one."""
    until = time.monotonic() + 300
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        with contextlib.suppress(OSError):
            connection.request("GET", "/healthz")
            connection.getresponse()
            return
        time.sleep(0.02)
    raise RuntimeError("the server did not start")
