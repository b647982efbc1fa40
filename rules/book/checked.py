"""A rulebook is checked once: that its files were found in order is remembered, never what they say.

The key is the hash of the files and of the code that checked them, so that a file changed by one character is checked
again. Where nothing can be remembered, everything is checked each time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from rules.packaged import packaged


def files_of(folder: Path) -> dict[Path, bytes]:
    """The files of a rulebook, all its editions."""
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.suffix in (".yaml", ".md")}


class CheckedBook:
    """Whether an edition with these files has been found in order by this program, for this user of the system."""

    def __init__(self, files: Mapping[Path, bytes], edition: str) -> None:
        code = [*sorted(packaged("rules").rglob("*.py")), packaged("rules/book/book.schema.json")]
        digest = hashlib.sha256(edition.encode())
        for path, raw in [*((path, path.read_bytes()) for path in code), *files.items()]:
            digest.update(f"\0{path}\0{len(raw)}\0".encode() + raw)
        self._key = digest.hexdigest()
        of = hashlib.sha256(f"{packaged('rules')}\0{edition}".encode()).hexdigest()[:16]
        self._place = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "wenze" / of

    def is_remembered(self) -> bool:
        """What another user of the system wrote does not count."""
        try:
            with self._place.open() as file:
                return os.fstat(file.fileno()).st_uid == os.geteuid() and file.read() == self._key
        except (OSError, UnicodeDecodeError):
            return False

    def remember(self) -> None:
        """One line for each place where the program is installed, and edition; the last one stays."""
        if self._place.is_absolute():
            with contextlib.suppress(OSError):
                self._place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._place.write_text(self._key)
