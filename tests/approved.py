"""The acts of leaders, and of the Office's director, that an act of the Office rests on: entered before it by what walks a matter on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.records.record import Actor

DIRECTOR, LEADER = Actor("主任", "director"), Actor("校领导", "leader")
AGREED: Mapping[str, Any] = {"agrees": True}


def rests_on(action: str, details: Mapping[str, Any]) -> tuple[str, Actor] | None:
    """What somebody has to say first, and who; None where the act rests on nobody else's."""
    if action == "register":
        direct = details.get("route") == "direct"
        return ("endorse_registration", DIRECTOR) if direct else ("approve_registration", LEADER)
    return ("sign_closing", LEADER) if action == "close" and "office_agrees" in details else None


def as_json(actor: Actor) -> dict[str, str]:
    return {"name": actor.name, "kind": actor.kind}
