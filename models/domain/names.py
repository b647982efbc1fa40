"""Names of people: how they are compared where that can only restrict, and how a new one may be written.

A name proves nobody's identity, so what grants something compares exactly, and never by ``bare``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from models.domain.signs import unseen

_JOINS = frozenset("·•‧・⋅∙.,'’-–()（）[]{}<>〔〕【】《》〈〉「」『』〖〗〘〙〚〛")
"""The signs beside letters and digits that a new name may have: between its parts, or around what tells namesakes apart."""
_POINTS = frozenset("·•‧・⋅∙")
_OPEN, _CLOSE = ("Ps", "Pi"), ("Pe", "Pf")


def bare(name: str) -> str:
    """The name as it is compared to restrict: compatible forms made one; no bracketed part, nor anything from another sign on.

    Neither marks, case, points between the parts of a name nor anything unseen count. What nothing would be left of stays.
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", name) if not unseen(sign)).casefold()
    kept, depth = "", 0
    for sign in plain:
        kind = "Ps" if sign == "<" else "Pe" if sign == ">" else unicodedata.category(sign)
        if kind in _OPEN:
            depth += 1
        elif kind in _CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0 and kind[0] in "LN":
            kept += sign
        elif depth == 0 and kind[0] in "PS" and sign not in _POINTS and kept and not kept[-1].isascii():
            break
    return kept or plain


def bares(names: Iterable[str]) -> frozenset[str]:
    """Each of the names as it is compared to restrict."""
    return frozenset(map(bare, names))


def name_fault(name: str) -> str | None:
    """Why a new name cannot be written so, in Chinese; None where it can. One blank may part two words of Latin letters."""
    for at, sign in enumerate(name):
        if unseen(sign) and not _parts_words(name, at):
            what = "空格" if unicodedata.category(sign) == "Zs" else "不可见字符"
            return f"姓名第{at + 1}个字符是{what} U+{ord(sign):04X}，请删去；{_NAMESAKE}"
    composed = unicodedata.normalize("NFC", name)
    right = "".join(unicodedata.normalize("NFKC", sign) if sign.isalnum() else sign for sign in composed)
    if right != name:
        return f"姓名含有全角、分解或者兼容写法的字，应写作“{right}”"
    odd = next((sign for at, sign in enumerate(name) if not _writes(name, at)), None)
    return odd and f"姓名中的“{odd}”（U+{ord(odd):04X}）不是姓名用的字（部首、符号不是字），请改写；{_NAMESAKE}"


_NAMESAKE = "如系同名的另一人，请在姓名后用括号注明单位"


def _writes(name: str, at: int) -> bool:
    """Whether a name is written with this sign: letters, digits, what joins them, and marks of scripts that have such."""
    kind = unicodedata.category(name[at])[0]
    marked = kind == "M" and at > 0 and not unicodedata.name(name[at - 1], "").startswith("CJK")
    return kind in "LN" or name[at] in _JOINS or marked or _parts_words(name, at)


def _parts_words(name: str, at: int) -> bool:
    around = name[at - 1 : at] + name[at + 1 : at + 2]
    return name[at] == " " and len(around) == 2 and all(
        sign in ".,'-" or "LATIN" in unicodedata.name(sign, "") for sign in around
    )  # fmt: skip
