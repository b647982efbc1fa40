"""The production server: gunicorn, bounded before a request is read."""

from __future__ import annotations

import contextlib
import logging
import socket
import time
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import TConn, ThreadWorker

from service.app import create_app

_LONGEST_LINE, _MOST_FIELDS, _LONGEST_FIELD = 4094, 64, 8190
"""Bytes of the request line, fields of the head, bytes of one field."""
_HEAD_SECONDS, _WHOLE_SECONDS = 15.0, 300.0
"""How long a client may take over the head of a request, and over all of it with its answer."""


def serve(url: str, *, bind: str, workers: int, demonstration: bool = False) -> None:
    """Serve until told to end. bind: host and port; demonstration: whether every page says that its data are invented."""
    logging.getLogger("gunicorn.error").addFilter(_without_addresses)
    options = {
        "bind": bind,
        "workers": workers,
        "worker_class": PatientWorker,
        "threads": 4,
        "preload_app": True,
        "loglevel": "warning",
        "forwarded_allow_ips": "",  # what a proxy says is read in one place, service/app.py
        "limit_request_line": _LONGEST_LINE,
        "limit_request_fields": _MOST_FIELDS,
        "limit_request_field_size": _LONGEST_FIELD,
    }
    _Server(url, options, demonstration).run()


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """A worker whose threads no client can hold by sending or reading slowly: gunicorn waits without end once it has begun."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.ends: dict[TConn, float] = {}

    def handle(self, conn: TConn) -> Any:
        """Read and answer one request, in a thread."""
        self.ends[conn] = time.monotonic() + _HEAD_SECONDS
        try:
            return super().handle(conn)
        finally:
            del self.ends[conn]

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """The head is read; the rest has its own time."""
        self.ends[conn] = time.monotonic() + _WHOLE_SECONDS
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Called every second; a connection that is shut down wakes the thread that waits on it."""
        super().murder_pending()
        now = time.monotonic()
        for conn, end in list(self.ends.items()):
            if end < now:
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, url: str, options: dict[str, Any], demonstration: bool) -> None:
        self.url, self.options, self.demonstration = url, options, demonstration
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Once, before the workers are forked; each of them opens connections of its own."""
        return create_app(self.url, demonstration=self.demonstration)


def _without_addresses(record: logging.LogRecord) -> bool:
    """The server's own lines quote what was asked for, where it could not be read: an address may hold a name or a secret."""
    said = record.getMessage()
    for beginning in ("Invalid request", "Error handling request"):
        if said.startswith(beginning):
            record.msg, record.args = beginning, ()
    return True
