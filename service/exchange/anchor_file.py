"""Anchors: the head of the audit trail at a moment, one a line, in a file that lies outside of this system.

A line: moment, number of the last event, algorithm, hash, separated by spaces.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r"(\S{10,40}) ([0-9]{1,15}) (sha256|sm3) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Anchor:
    """at: ISO 8601 in UTC; number: of the last event; line: which one of the file, 0 before it is there."""

    at: str
    number: int
    algorithm: str
    hash: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.at} {self.number} {self.algorithm} {self.hash}"


@dataclass(frozen=True, slots=True)
class NoAnchor:
    """A line that is none; line 0: the file that ought to hold anchors is not there, or holds none."""

    line: int


def kept_anchors(path: Path) -> list[Anchor | NoAnchor]:
    """The anchors of the file that the settings name: that it is gone or empty is no reason to do without. Raises OSError."""
    return (list(anchors_in(path)) if path.exists() else []) or [NoAnchor(0)]


def anchors_in(path: Path) -> Iterator[Anchor | NoAnchor]:
    """Every line of a file. Raises OSError."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for at, text in enumerate(lines, 1):
            found = _LINE.fullmatch(text.strip())
            if found is not None:
                yield Anchor(found[1], int(found[2]), found[3], found[4], at)
            elif text.strip():
                yield NoAnchor(at)


def last_anchor(path: Path) -> Anchor | None:
    """The last anchor of a file; None where there is no file, or none in it. Raises OSError."""
    if not path.exists():
        return None
    found = [anchor for anchor in anchors_in(path) if isinstance(anchor, Anchor)]
    return found[-1] if found else None


def append_anchor(path: Path, anchor: Anchor) -> None:
    """Put an anchor behind the others, and on the disk. Raises OSError."""
    with path.open("a", encoding="utf-8") as out:
        out.write(f"{anchor}\n")
        out.flush()
        os.fsync(out.fileno())
