"""Text that goes into a cell of somebody's spreadsheet, and must stay text there."""

from __future__ import annotations

_LEADING = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """The text, marked as one where a spreadsheet could take it for a formula."""
    return f"'{text}" if text.startswith(_LEADING) else text
