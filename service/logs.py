"""Structured logs: one JSON object a line on standard error, and never a name, a text, a path with an id, or a secret."""

from __future__ import annotations

import sys
from typing import Any

import structlog


def configure() -> None:
    """Set the form of every line; call it once in each process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def event(name: str, **values: Any) -> None:
    """One line. values: numbers, enumerated words, identifiers of ours; nothing that a person wrote."""
    structlog.get_logger().info(name, **values)


def fault(name: str, error: BaseException, **values: Any) -> None:
    """An unexpected error: its class and where it arose, not its message, which may quote the input."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else None
    structlog.get_logger().error(name, error=type(error).__name__, where=where, **values)
