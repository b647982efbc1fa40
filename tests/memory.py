"""Where the tests keep their files: in memory, where the system has room there."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ENOUGH = 4 << 30


@cache
def memory() -> str | None:
    """A folder in memory, as every Linux has it; nothing where there is none, or little room, or where no program may be
    started or loaded from it, as in a container.

    A test commits some dozen times, and on a disk each of them waits until it is written."""
    if not os.access(_MEMORY, os.W_OK | os.X_OK) or os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC:
        return None
    return str(_MEMORY) if shutil.disk_usage(_MEMORY).free > _ENOUGH else None
