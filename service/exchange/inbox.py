"""The receipts that OA writes into the watched folder: which files there are, and where they go afterwards."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.exchange.folder import opened, place

MOST_BYTES = 1 << 20
_NAME = re.compile(r"[^./\\:\x00-\x1f\x7f\ud800-\udfff][^/\\:\x00-\x1f\x7f\ud800-\udfff]{0,95}\.json")
_SETTLED_SECONDS = 60
_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file as it was read. settled: nobody has written to it for a minute, so what is missing will not come."""

    name: str
    raw: bytes
    settled: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


def arrived(base: Path, *, now: datetime) -> Iterator[Arrived]:
    """The receipts in ``in``, by name. Links, folders, large files and names that are no plain ``….json`` are left alone.

    Raises OSError where the folder cannot be read.
    """
    with opened(base, "in") as folder:
        for name in sorted(os.listdir(folder)):
            if _NAME.fullmatch(name) is not None:
                found = _read(folder, name, now)
                if found is not None:
                    yield found


def _read(folder: int, name: str, now: datetime) -> Arrived | None:
    """The file, or None where it is not for us, not there any more, or being written."""
    with contextlib.suppress(OSError):
        with open(os.open(name, _READ_FLAGS, dir_fd=folder), "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode) or before.st_size > MOST_BYTES:
                return None
            raw = file.read(MOST_BYTES + 1)
            after = os.fstat(file.fileno())
        if len(raw) == after.st_size == before.st_size and after.st_mtime_ns == before.st_mtime_ns:
            return Arrived(name, raw, now.timestamp() - after.st_mtime >= _SETTLED_SECONDS)
    return None


def put_away(base: Path, found: Arrived, *, refused: str | None = None) -> None:
    """Move a file to ``in/done``, or to ``in/refused`` with its reason beside it; another worker may have been faster.

    Raises OSError where the folder cannot be written to.
    """
    with opened(base, "in") as source, opened(base, "in", "done" if refused is None else "refused") as target:
        name = _free(target, found)
        if refused is not None:
            place(target, f"{name.removesuffix('.json')}.txt", f"{refused}\n".encode())
        with contextlib.suppress(FileNotFoundError):
            os.rename(found.name, name, src_dir_fd=source, dst_dir_fd=target)
        os.fsync(target)
        os.fsync(source)


def _free(folder: int, found: Arrived) -> str:
    """The file's name, or one that tells it from an earlier file of that name."""
    try:
        os.stat(found.name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return found.name
    return f"{found.name.removesuffix('.json')}.{found.sha256[:16]}.json"
