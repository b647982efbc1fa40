"""What is handed to OA, whichever way it goes there, and how an adapter says that it did not arrive."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """A form of a matter for OA. docx: the form itself.

    key: the same for every try of one parcel, in letters, digits and ``-``. Delivery is at least once: whoever receives a
    key for the second time has the message already, with the same content, and drops it.
    """

    key: str
    matter_id: str
    number: str | None
    title: str
    units: tuple[str, ...]
    form: str
    form_name: str
    record_number: int
    docx: bytes

    def about(self) -> dict[str, Any]:
        """Everything but the form, with its hash."""
        return {"key": self.key, "matter": self.matter_id, "number": self.number, "title": self.title,
                "units": list(self.units), "form": self.form, "form_name": self.form_name,
                "record": self.record_number, "docx_sha256": hashlib.sha256(self.docx).hexdigest()}  # fmt: skip


class Undelivered(Exception):
    """A message did not arrive. reason: in Chinese, for the Office; final: OA will never take it, so nobody tries again."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.final = reason, final


class OfficeAutomation(Protocol):
    """The way to OA."""

    def deliver(self, message: Message, *, now: datetime) -> str | None:
        """OA's own id of the message, or None where it gives none. Raises Undelivered."""
