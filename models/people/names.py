"""Names of people: how they are compared where that can only restrict, and how a new one may be written.

A name proves nobody's identity, so what grants something compares exactly, and never by ``bare``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from models.records.signs import unseen

_POINTS = frozenset("·•‧・⋅∙")
"""The signs between the parts of a name in any script."""
_HYPHENS = frozenset(".,'’-–")
"""The same between letters; between ideographs they part nothing."""
_PAIRS = dict(zip("(（[{<〔【《〈「『〖〘〚", ")）]}>〕】》〉」』〗〙〛", strict=True))
"""What tells namesakes apart stands within these, behind the name."""
_OPEN, _CLOSE = ("Ps", "Pi"), ("Pe", "Pf")
_SHORTEST = 2
"""How many signs a name has at least before anything in brackets."""
_REPEATS = frozenset("々〻")
"""What of the letters that modify others stands for an ideograph."""


def bare(name: str) -> str:
    """The name as it is compared to restrict: compatible forms made one; no bracketed part, nor anything from another sign on.

    Neither marks, case, points between the parts of a name nor anything unseen count. Of a name that is all in brackets the first
    of them count; what nothing would be left of stays.
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", name) if not unseen(sign)).casefold()
    kept, held, depth = "", [""], 0
    for sign in plain:
        kind = "Ps" if sign == "<" else "Pe" if sign == ">" else unicodedata.category(sign)
        if kind in _OPEN:
            depth += 1
        elif kind in _CLOSE:
            depth = max(0, depth - 1)
            held.append("")
        elif kind[0] in "LN" and (kind != "Lm" or sign in _REPEATS):
            kept, held[-1] = (kept, held[-1] + sign) if depth else (kept + sign, held[-1])
        elif depth == 0 and kind[0] in "PS" and sign not in _POINTS and kept and not kept[-1].isascii():
            break
    return kept or next(filter(None, held), plain)


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
    if odd is not None:
        return f"姓名中的“{odd}”（U+{ord(odd):04X}）不是姓名用的字（部首、符号不是字），请改写；{_NAMESAKE}"
    return (
        None if _well_placed(name) else f"姓名应以字开头，连接号只写在外文字母之间，括号成对写在姓名之后；{_NAMESAKE}"
    )


_NAMESAKE = "如系同名的另一人，请在姓名后用括号注明单位"


def _writes(name: str, at: int) -> bool:
    """Whether a name is written with this sign: letters, digits, what joins them, and marks of scripts that have such."""
    sign, kind = name[at], unicodedata.category(name[at])
    if kind[0] == "M" or (kind == "Lm" and sign not in _REPEATS):
        return at > 0 and not unicodedata.name(name[at - 1], "").startswith("CJK")
    brackets = sign in _PAIRS or sign in _PAIRS.values()
    return kind[0] in "LN" or sign in _POINTS or sign in _HYPHENS or brackets or _parts_words(name, at)


def _well_placed(name: str) -> bool:
    """Whether signs stand only between letters, and brackets in pairs around something, behind what can be a name."""
    ends: list[str] = []
    for at, sign in enumerate(name):
        before, after = name[at - 1 : at], name[at + 1 : at + 2]
        if sign in _PAIRS:
            if at < _SHORTEST:
                return False
            ends.append(_PAIRS[sign])
        elif ends and sign == ends[-1]:
            ends.pop()
        elif not ends and not _joins(sign, before, after):
            return False
    return not ends and not any(f"{opened}{closed}" in name for opened, closed in _PAIRS.items())


def _joins(sign: str, before: str, after: str) -> bool:
    """Whether a sign outside brackets is a letter, or stands where one that joins letters may."""
    if sign in _POINTS:
        return before.isalnum() and after.isalnum()
    if sign in _HYPHENS:
        return bool(before) and not any(unicodedata.east_asian_width(one) == "W" for one in before + after)
    return sign not in _PAIRS.values()


def _parts_words(name: str, at: int) -> bool:
    around = name[at - 1 : at] + name[at + 1 : at + 2]
    return (
        name[at] == " "
        and len(around) == 2
        and all(sign in ".,'-" or "LATIN" in unicodedata.name(sign, "") for sign in around)
    )
