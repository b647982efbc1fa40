"""Something to be written into the ledger or into a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.records.record import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done, on which day, by whom, and who wrote it down.

    enterer: who wrote it down, in the registry of persons, None where it was no person. Before ``with_persons`` each person in the
    details is named by an id or a number of the registry. papers: attachments that show that whoever did it did; late_reason: why
    it was not written down when it was done; confirmed: the record by which everybody was asked who has confirmed it since,
    asked_on: the local day of that; brought_in: whether a table or a message of OA says so, and no person.
    """

    action: str
    details: Mapping[str, Any]
    actor: Actor
    on: date
    entered_by: str
    request_key: str | None = None
    enterer: str | None = None
    papers: tuple[str, ...] = ()
    late_reason: str | None = None
    confirmed: int | None = None
    asked_on: date | None = None
    brought_in: bool = False
