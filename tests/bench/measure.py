"""Two things run in turn, several times; the ratio of each round, its median and its spread."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Work = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the results. ratios: one a round; target: None where it is only told."""

    id: str
    what: str
    ratios: Sequence[float]
    target: float | None
    direction: Literal["at_least", "at_most"]

    def row(self) -> dict[str, Any]:
        """As other programs read it."""
        return {
            "id": self.id,
            "what": self.what,
            "ratio": round(statistics.median(self.ratios), 4),
            "target": self.target,
            "direction": self.direction,
            "runs": len(self.ratios),
            "spread": [round(min(self.ratios), 4), round(max(self.ratios), 4)],
        }

    def met(self) -> bool | None:
        """Whether the median keeps the target; None without one."""
        if self.target is None:
            return None
        found = statistics.median(self.ratios)
        return found >= self.target if self.direction == "at_least" else found <= self.target


def seconds(work: Work) -> float:
    """How long ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(first: Work, second: Work, rounds: int) -> list[float]:
    """Time of ``second`` over time of ``first``, a round at a time, the two taking turns in going first."""
    ratios = []
    for number in range(rounds):
        if number % 2:
            later, sooner = seconds(second), seconds(first)
        else:
            sooner, later = seconds(first), seconds(second)
        ratios.append(later / sooner)
    return ratios
