"""In which direction the results may move when findings move: stated as data beside the rules, with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rules.book_file import RulebookError
from rules.loading import BOOK
from rules.rulebook import RULE_KINDS, Rulebook
from rules.strict_yaml import parse_document

MONOTONIES = "monotonies.yaml"
_ALLOWED = {
    "turned": (*RULE_KINDS[1:], "harm", "unfit_for_post"),
    "range": ("base", "mandatory", "discretionary"),
    "never": ("lighter", "heavier"),
}


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


def monotonies_of(book: Rulebook, name: str = MONOTONIES, folder: Path = BOOK) -> tuple[Monotony, ...]:
    """What the folder's edition states. Raises RulebookError, with file and line."""
    path = folder / book.in_force_from.isoformat() / name
    document = parse_document(path.read_text(encoding="utf-8"), path.name)
    rows: list[dict[str, Any]] = document.data["monotonies"]
    for position, row in enumerate(rows):
        line = document.line(("monotonies", position))
        if set(row) != set(Monotony.__slots__):
            raise RulebookError(path, line, f"字段应当恰为：{'、'.join(Monotony.__slots__)}")
        for key, allowed in _ALLOWED.items():
            if row[key] not in allowed:
                raise RulebookError(path, line, f"“{key}”的取值“{row[key]}”不存在，可用：{'、'.join(allowed)}")
        if row["provision"] not in book.provisions:
            raise RulebookError(path, line, f"条款“{row['provision']}”不存在")
    return tuple(Monotony(**row) for row in rows)
