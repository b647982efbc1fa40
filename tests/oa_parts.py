"""What the tests of OA share."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from models.store.database import reading
from service.books import books
from service.config import WebhookSettings
from service.exchange.oa import Message
from service.exchange.webhook import Webhook
from service.usecases.exchange.deliveries import deliveries_of
from tests.issued import NOW
from tests.oa_server import SECRET, OfficeAutomationServer


def webhook(server: OfficeAutomationServer, seconds: float = 5.0) -> Webhook:
    return Webhook(WebhookSettings(server.url, SECRET), answer_seconds=seconds)


def at(moment: datetime = NOW) -> Callable[[], datetime]:
    return lambda: moment


def states(engine: Engine, matter_id: str) -> list[tuple[str, int, str | None]]:
    with reading(engine) as session:
        return [(found.state, found.tries, found.error) for found in deliveries_of(session, books(), matter_id)]


def message(**change: Any) -> Message:
    usual: dict[str, Any] = {
        "key": "k-3", "matter_id": "k", "number": None, "title": "题", "units": ("甲处",), "form": "registration_form",
        "form_name": "登记表", "record_number": 3, "docx": b"docx",
    }  # fmt: skip
    return Message(**(usual | change))


def receive(base: Path, name: str = "r.json", **change: Any) -> Path:
    path = base / "in" / name
    said = {"unit": "甲处", "signed_by": "王五", "on": "2026-01-08", "kind": "acknowledge"} | change
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return path
