"""What is wrong with the file of a population: each fault with its row and its column, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 50
"""Faults told in full; the rest is counted."""


@dataclass(frozen=True, order=True, slots=True)
class RowFault:
    """row: the line of a CSV or JSON-lines file, or the row of a Parquet file, from 1; 0 for the file. column: "" for the row."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = (f"第{self.row}行" if self.row else "") + (f" {self.column}" if self.column else "")
        return f"{place.strip()}：{self.message}" if place else self.message


class PopulationError(ValueError):
    """The file of a population cannot be used. faults: the first ones; total: how many there are."""

    def __init__(self, name: str, faults: Iterable[RowFault], total: int | None = None) -> None:
        self.faults = tuple(faults)[:SHOWN]
        self.total = len(self.faults) if total is None else total
        more = [f"……另有 {self.total - len(self.faults)} 处"] if self.total > len(self.faults) else []
        super().__init__("\n".join([f"{name} 有 {self.total} 处错误：", *map(str, self.faults), *more]))


class Faults:
    """Faults as they are met, of which only the first ones are kept."""

    def __init__(self, name: str) -> None:
        self.name, self.total, self._first = name, 0, list[RowFault]()

    def __bool__(self) -> bool:
        return self.total > 0

    def add(self, found: Iterable[RowFault], more: int = 0) -> None:
        """more: how many others there are that are not even told apart."""
        for fault in found:
            self.total += 1
            if len(self._first) < SHOWN:
                self._first.append(fault)
        self.total += more

    def stop(self) -> None:
        """Raises PopulationError where there are any."""
        if self:
            raise PopulationError(self.name, sorted(self._first), self.total)
