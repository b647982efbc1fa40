"""Days of the ledger as iCalendar (RFC 5545), for calendar programs that subscribe to an address.

All-day events, not to-dos: calendar programs leave to-dos out of subscriptions. The same entries make the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event

_REFRESH = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class DayEntry:
    """Something that a day is for. uid: the same as long as it is the same thing, also on another day.

    changed_at: when what it says was last changed.
    """

    uid: str
    day: date
    summary: str
    description: str
    changed_at: datetime


def as_calendar(entries: Iterable[DayEntry], name: str) -> bytes:
    """The feed. name: what the calendar program calls it."""
    from icalendar import Calendar, vText  # here, since the library is wanted by feeds alone

    made = Calendar()
    made.add("PRODID", "-//Wenze//Ledger//ZH")
    made.add("VERSION", "2.0")
    made.add("METHOD", "PUBLISH")
    made.add("NAME", name)
    made.add("X-WR-CALNAME", vText(name))
    made.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    made.add("X-PUBLISHED-TTL", vText("PT6H"))
    for entry in entries:
        made.add_component(_event(entry))
    return bytes(made.to_ical())


def _event(entry: DayEntry) -> Event:
    from icalendar import Event

    made = Event()
    made.add("UID", entry.uid)
    made.add("DTSTAMP", entry.changed_at)
    made.add("DTSTART", entry.day)
    made.add("DTEND", entry.day + timedelta(days=1))
    made.add("SUMMARY", entry.summary)
    made.add("DESCRIPTION", entry.description)
    made.add("TRANSP", "TRANSPARENT")
    return made
