"""The real server bounds what it reads before anything is parsed, and no slow client holds it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

CANARY = "canary-7391"
_SHORT = """
import sys
from service.cli import main, server
server._HEAD_SECONDS, server._WHOLE_SECONDS = 1.0, 2.0
main(["serve", "--port", sys.argv[1], "--workers", "1"])
"""
"""The service as it is, but for how long it waits."""
THREADS = 4


@dataclass
class Running:
    """A server with one worker, and what it has said so far."""

    port: int
    said: Path

    def line(self, first: bytes = b"") -> socket.socket:
        """A connection that has sent ``first``."""
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        opened.sendall(first)
        return opened

    def answer(self, raw: bytes) -> bytes:
        """All that comes back until the server closes."""
        with self.line(raw) as opened:
            return rest_of(opened)


def rest_of(opened: socket.socket) -> bytes:
    found = b""
    try:
        while part := opened.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("served")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {
        name: value for name, value in os.environ.items() if name != "DATABASE_URL" and not name.startswith("WENZE_")
    }
    said = folder / "said.txt"
    with (
        said.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-c", _SHORT, str(port)],
            env=kept | {"WENZE_DATA_DIR": str(folder / "var")},
            stdout=out,
            stderr=out,
        ) as process,
    ):
        running = Running(port, said)
        for _ in range(600):
            try:
                running.line().close()
                break
            except ConnectionRefusedError:
                assert process.poll() is None, said.read_text(encoding="utf-8")
                time.sleep(0.05)
        yield running
        process.terminate()


def healthy(server: Running) -> float:
    """Seconds until the health check is answered."""
    start = time.monotonic()
    assert server.answer(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 200")
    return time.monotonic() - start


def head(*fields: str, line: str = "GET /healthz HTTP/1.1") -> bytes:
    return "\r\n".join([line, "Host: a", "Connection: close", *fields, "", ""]).encode()


TOO_MUCH = {
    "a long address": head(line=f"GET /{CANARY}{'x' * 5000} HTTP/1.1"),
    "a long query": head(line=f"GET /healthz?{CANARY}={'x' * 5000} HTTP/1.1"),
    "many fields": head(*[f"X-{number}: {CANARY}" for number in range(80)]),
    "a long field": head(f"X-Long: {CANARY}{'x' * 9000}"),
    "two lengths": head(f"X: {CANARY}", "Content-Length: 5", "Content-Length: 6"),
    "a length and pieces": head(f"X: {CANARY}", "Content-Length: 5", "Transfer-Encoding: chunked"),
}


@pytest.mark.parametrize("raw", TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_head_beyond_bounds_is_refused_and_not_repeated(server: Running, raw: bytes) -> None:
    answer = server.answer(raw)
    assert answer.startswith(b"HTTP/1.1 4")
    assert CANARY.encode() not in answer
    assert CANARY not in server.said.read_text(encoding="utf-8")


def test_a_head_within_bounds_is_answered(server: Running) -> None:
    fields = [f"X-{number}: x" for number in range(50)]
    assert server.answer(head(*fields, "X-Long: " + "x" * 8000)).startswith(b"HTTP/1.1 200")
    assert server.answer(head(line=f"GET /healthz?{'x' * 4000} HTTP/1.1")).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("declared", ["Content-Length: 1048577", "Content-Length: 99999999999999999999"])
def test_a_long_body_is_refused_before_it_is_sent(server: Running, declared: str) -> None:
    raw = head("Content-Type: application/x-www-form-urlencoded", declared, line="POST /login HTTP/1.1")
    assert server.answer(raw).split()[1] in (b"400", b"403", b"413")
    healthy(server)


SLOW = {
    "nothing": b"",
    "half a line": b"GET /heal",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Canary: " + CANARY.encode(),
    "half a body": head("Content-Type: application/x-www-form-urlencoded", "Content-Length: 900", line="POST /login HTTP/1.1")
    + f"token={CANARY}".encode(),
}  # fmt: skip


@pytest.mark.parametrize("first", SLOW.values(), ids=SLOW)
def test_slow_clients_do_not_hold_the_server(server: Running, first: bytes) -> None:
    lines = [server.line(first) for _ in range(2 * THREADS)]
    try:
        time.sleep(0.3)
        assert healthy(server) < 12
    finally:
        for line in lines:
            line.close()
    assert CANARY not in server.said.read_text(encoding="utf-8")


def seconds_until_cut_off(line: socket.socket) -> float:
    """How long the server takes a byte every tenth of a second."""
    start = time.monotonic()
    with contextlib.suppress(OSError):
        while time.monotonic() - start < 15:
            line.sendall(b"X")
            time.sleep(0.1)
    return time.monotonic() - start


def test_a_client_that_sends_a_byte_at_a_time_is_cut_off(server: Running) -> None:
    with server.line(b"GET /healthz HTTP/1.1\r\n") as line:
        assert seconds_until_cut_off(line) < 8
    healthy(server)
