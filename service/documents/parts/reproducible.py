"""Office files whose bytes depend on nothing but their content, so that a second sending has the hash of the first."""

from __future__ import annotations

import io
import zipfile

_ALWAYS = (1980, 1, 1, 0, 0, 0)


def reproducible(packed: bytes) -> bytes:
    """The same file with the times of writing taken out of its container."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in given.infolist():
            made.writestr(zipfile.ZipInfo(entry.filename, _ALWAYS), given.read(entry), zipfile.ZIP_DEFLATED)
    return out.getvalue()
