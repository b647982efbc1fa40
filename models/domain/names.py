"""Names of people: how they are compared where that can only restrict, and how a new one may be written.

A name proves nobody's identity, so what grants something compares exactly, and never by ``bare``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters, marks and symbols that show nothing."""
_SELECTORS = (range(0xFE00, 0xFE10), range(0x180B, 0x1810), range(0xE0100, 0xE01F0))
_BRACKETED = re.compile(r"[(\[{<〔【〈《「『〖〘〚].*\Z", re.DOTALL)


def _unseen(sign: str) -> bool:
    """Whether a character shows nothing: a blank, a control or format character, a filler, a selector of variants."""
    return unicodedata.category(sign)[0] in "ZC" or sign in _UNSEEN or any(ord(sign) in found for found in _SELECTORS)


def bare(name: str) -> str:
    """The name as it is compared to restrict: compatible forms made one, nothing unseen, no bracketed suffix, no case."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", name) if not _unseen(sign)).casefold()
    return _BRACKETED.sub("", plain) or plain


def bares(names: Iterable[str]) -> frozenset[str]:
    """Each of the names as it is compared to restrict."""
    return frozenset(map(bare, names))


def name_fault(name: str) -> str | None:
    """Why a new name cannot be written so, in Chinese; None where it can. One blank may part two words of Latin letters."""
    for at, sign in enumerate(name):
        if _unseen(sign) and not _parts_words(name, at):
            what = "空格" if unicodedata.category(sign) == "Zs" else "不可见字符"
            return f"姓名第{at + 1}个字符是{what} U+{ord(sign):04X}，请删去；如系同名的另一人，请在姓名后用括号注明单位"
    composed = unicodedata.normalize("NFC", name)
    right = "".join(unicodedata.normalize("NFKC", sign) if sign.isalnum() else sign for sign in composed)
    return None if right == name else f"姓名含有全角、分解或者兼容写法的字，应写作“{right}”"


def _parts_words(name: str, at: int) -> bool:
    around = name[at - 1 : at] + name[at + 1 : at + 2]
    return name[at] == " " and len(around) == 2 and all(
        sign in ".,'-" or "LATIN" in unicodedata.name(sign, "") for sign in around
    )  # fmt: skip
