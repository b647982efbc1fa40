"""An OA for the tests: a real HTTP server on loopback that checks what OA has to check, and remembers what it got."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from service.exchange.signature import verify

SECRET = "0123456789abcdef-secret"
Answer = tuple[int, bytes]


@dataclass
class OfficeAutomationServer:
    """answer: which status and body a request gets, by its number; received: every request that was signed rightly;
    accepted: the keys of those that were answered with 2xx.

    now: the clock that the signature is checked with; None: the machine's.
    """

    answer: Callable[[int], Answer] = lambda _: (200, b"{}")
    now: datetime | None = None
    pause: Callable[[int], float] = lambda _: 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    received: list[tuple[str, dict[str, Any], bytes]] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    forged: int = 0
    paths: list[str] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keys_received(self) -> list[str]:
        with self.lock:
            return [key for key, _, _ in self.received]

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        size = int(handler.headers["Content-Length"])
        body = handler.rfile.read(size)
        if len(body) < size:
            raise ConnectionResetError  # the sender was killed while it spoke
        stamp, signature = handler.headers["X-Wenze-Timestamp"], handler.headers["X-Wenze-Signature"]
        with self.lock:
            number = len(self.received)
            self.paths.append(handler.path)
            self.authorizations.append(handler.headers["Authorization"])
            if verify(SECRET, stamp, signature, body, now=self.now or datetime.now(UTC)):
                self.received.append((handler.headers["Idempotency-Key"], json.loads(body), body))
            else:
                self.forged += 1
        time.sleep(self.pause(number))
        status, said = self.answer(number)
        if 200 <= status < 300:
            with self.lock:
                self.accepted.append(handler.headers["Idempotency-Key"])
        handler.send_response(status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(said)))
        handler.end_headers()
        handler.wfile.write(said)


@contextmanager
def serving(oa: OfficeAutomationServer, port: int = 0) -> Iterator[OfficeAutomationServer]:
    """The server on a port of its own for the length of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                oa.take(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *_: Any) -> None:
            """A client that was killed is what the tests are about."""

    server = Server(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    oa.url = f"http://127.0.0.1:{server.server_port}/oa"
    try:
        yield oa
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
