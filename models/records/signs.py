"""What the signs of a text show: a text that shows nothing says nothing."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U00016fe4\U0001d159")
"""Letters, marks and symbols that show nothing."""
_SELECTORS = (range(0xFE00, 0xFE10), range(0x180B, 0x1810), range(0xE0100, 0xE01F0))


def unseen(sign: str) -> bool:
    """Whether a character shows nothing: a blank, a control or format character, a filler, a selector of variants."""
    return unicodedata.category(sign)[0] in "ZC" or sign in _UNSEEN or any(ord(sign) in found for found in _SELECTORS)


def says(text: object) -> bool:
    """Whether something is said: a letter, an ideograph or a digit that shows; a reason of blanks or points is none."""
    return isinstance(text, str) and any(unicodedata.category(sign)[0] in "LN" and not unseen(sign) for sign in text)
