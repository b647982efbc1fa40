"""In which direction the results may move when findings move: stated as data beside the rules, with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.book_file import BookFile


@dataclass(frozen=True, slots=True)
class Monotony:
    """turned: a kind of rule, or a judgement, whose findings are turned up. The range then never gets ``never``."""

    id: str
    turned: str
    range: str
    never: str
    provision: str
    label: str
    reason: str


def monotonies_of(file: BookFile, provisions: Mapping[str, Any]) -> tuple[Monotony, ...]:
    """The file's statements, every provision in them known. Raises RulebookError."""
    rows = file.data["monotonies"]
    for position, row in enumerate(rows):
        file.known(("monotonies", position), row["provision"], provisions, "条款")
    return tuple(Monotony(**row) for row in rows)
