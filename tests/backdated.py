"""What tests enter acts of a past day with: an act that counts needs a reason where it is entered late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.matter.late_entries import REASON, counted_actions
from rules.book.loading import load_rulebook

COUNTED = counted_actions(load_rulebook())


def reasoned(action: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """The details of an action, with a reason where it may need one and none is given."""
    late = {REASON: "测试补录"} if action in COUNTED else {}
    granted = {"reason": "测试补录"} if action == "decide_extension" and details.get("new_due_on") else {}
    return late | granted | dict(details)
