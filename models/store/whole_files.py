"""Files that are there whole, or as they were before."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(place: Path) -> Iterator[IO[bytes]]:
    """A file to write into, in a folder that is there: it is on the disk when the block ends well, and else nothing of it is left.

    A terminal, a pipe or a device is written into as it is, never replaced by a file. Raises OSError.
    """
    place = place.resolve()
    if place.exists() and not place.is_file():
        with place.open("wb") as open_already:
            yield open_already
        return
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as made:
        try:
            yield made
            made.flush()
            os.fsync(made.fileno())
            os.replace(made.name, place)
        except BaseException:
            os.unlink(made.name)
            raise
