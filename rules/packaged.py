"""Where the files lie that the program ships beside its code; nothing else looks for them by its own place."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
"""The folder of the rooms: a source tree, or where a wheel was installed."""


def packaged(path: str) -> Path:
    """A file or folder that the wheel holds, by its path from the root, such as ``service/access.yaml``."""
    return ROOT / path
