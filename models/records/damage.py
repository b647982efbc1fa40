"""Stored records that make no whole: never believed, never guessed at, always named by the number of the record."""

from __future__ import annotations

ROW = 0
"""In the place of a record's number: what cannot be read is the row that lists are searched by."""


class Damaged(Exception):
    """number: of the first record that cannot be read, or is not where it should be."""

    def __init__(self, number: int) -> None:
        super().__init__(f"record {number}")
        self.number = number


class CaseDamaged(Damaged):
    """A case's records do not make a case."""


class MatterDamaged(Damaged):
    """A matter's records do not make a matter."""
