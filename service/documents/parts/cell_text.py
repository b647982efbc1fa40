"""Text that goes into a cell of somebody's spreadsheet, and must stay text there."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile(r"\A[\s\u200b-\u200f\u2060\ufeff]*")
"""What a spreadsheet may drop before it looks at a cell."""
_LEADING = ("=", "+", "-", "@")
_BLANKS = ("\t", "\r", "\n")


def harmless(text: str) -> str:
    """The text, marked as one where a spreadsheet could take it for a formula, in whichever width it is written."""
    begins = unicodedata.normalize("NFKC", _UNSEEN.sub("", text, count=1)[:1])
    return f"'{text}" if text.startswith(_BLANKS) or begins.startswith(_LEADING) else text
