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

    Raises OSError.
    """
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as made:
        try:
            yield made
            made.flush()
            os.fsync(made.fileno())
            os.replace(made.name, place)
        except BaseException:
            os.unlink(made.name)
            raise
