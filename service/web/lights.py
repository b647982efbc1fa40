"""The light of a matter: how near its due date is, in a colour and in words, since colour alone tells nothing to some."""

from __future__ import annotations

from datetime import date

from models.matter.waiting import IN_HAND
from rules.book.rulebook import Rulebook
from service import config
from service.usecases.exchange.patrol import ToLookAt


def light(state: str, due_on: date | None, today: date) -> tuple[str, str]:
    """Colour and words. A matter that is in nobody's hand has no light."""
    if state not in IN_HAND or due_on is None:
        return "grey", "—"
    left, limits = (due_on - today).days, config.thresholds()
    if left < 0:
        return "red", f"已逾期{-left}天"
    if left <= limits.red:
        return "red", f"还有{left}天"
    return ("yellow" if left <= limits.yellow else "green"), f"还有{left}天"


def to_do_light(found: ToLookAt, book: Rulebook) -> tuple[str, str]:
    """Colour and words of a to-do: red once its day is past, else as near as its reminder says."""
    label = found.label(book)
    if found.days is not None and found.days < 0:
        return "red", f"{label}，已超{-found.days}天"
    colour = found.kind.rpartition("_")[2]
    return (colour if colour in ("red", "yellow") else "grey"), label
