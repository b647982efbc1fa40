"""Answers for tests: as they are served, or with a few values in them."""

from __future__ import annotations

from typing import Any

import orjson

from rules.answering import Slot, written
from rules.reasoning.answer import AnsweredPerson, Exemption, SupervisionCount


def answered(answer: Any) -> Any:
    """An answer as it is served: its JSON, read."""
    return orjson.loads(written(answer))


def recommended(**values: Any) -> AnsweredPerson:
    """What is recommended about a person, with these values; the rest of it says nothing."""
    none: dict[str, Any] = dict.fromkeys(AnsweredPerson.__struct_fields__, ())
    none |= dict.fromkeys(("base", "range_mandatory", "range_if_discretion", "conditional"))
    none |= {"outcome": "no_situation", "gates": {}, "situations": {}, "discipline_track": "not_triggered"}
    none |= {"exemption": Exemption("none", ()), "supervision_count": SupervisionCount(0, 0, ())}
    return AnsweredPerson(**(none | values))


def asked(*slots: str) -> tuple[Slot, ...]:
    """Questions of discretion by their names."""
    return tuple(Slot(name, "", "", "", "", (), True) for name in slots)
