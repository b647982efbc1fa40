"""Names of people: how they are compared where that can only restrict, and how a new one may be written.

A name proves nobody's identity, so what grants something compares exactly, and never by ``bare``.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from models.records.signs import unseen

_POINTS = frozenset("·•‧・⋅∙")
"""The signs between the parts of a name in any script."""
_HYPHENS = frozenset(".,'’-–")
"""The same between letters; between ideographs they part nothing."""
_PAIRS = dict(zip("(（[{<〔【《〈「『〖〘〚", ")）]}>〕】》〉」』〗〙〛", strict=True))
"""What tells namesakes apart stands within these, behind the name."""
_OPEN, _CLOSE = ("Ps", "Pi"), ("Pe", "Pf")


def _pairs(pairs: str) -> dict[int, str]:
    """Each sign and what it is compared as."""
    return {ord(pair[0]): pair[1] for pair in pairs.split()}


_OLD = _pairs(
    "﨑崎 淸清 靑青 郞郎 眞真 髙高 戸户 呉吴 敎教 卽即 旣既 愼慎 尙尚 曁暨 査查 硏研 毎每 晩晚 歩步 黒黑 徳德 囯国 囘回 鄕乡 賔宾 緖绪 緑绿 飮饮 冨富 亖四 玊玉 圡土"
)
"""Forms of an ideograph that look like the usual one and are none: of old types, of other countries. No Unicode form makes them one."""
_OTHER = _pairs(
    "內内 吳吴 呂吕 黃黄 溫温 彥彦 戶户 強强 產产 說说 說说 靜静 淨净 爲为 為为 衞卫 衛卫 峯峰 顏颜 顔颜 瀋沈 羅罗 陳陈 張张 劉刘 趙赵 鄭郑 馬马 葉叶 許许 "
    "蕭萧 韓韩 馮冯 鄧邓 謝谢 盧卢 蔣蒋 賈贾 譚谭 陸陆 範范 錢钱 湯汤 龔龚 嚴严 萬万 顧顾 龍龙 賴赖 齊齐 雲云 偉伟 麗丽 國国 華华 軍军 濤涛 東东 興兴 傑杰 "
    "鵬鹏 輝辉 紅红 蘭兰 鳳凤 寶宝 慶庆 義义 學学 書书 誠诚 進进 蓮莲 貴贵 辺边 沢泽 浜滨 栄荣 恵惠"
)
"""Other forms, with which people are rightly called, traditional ones the most: compared as the simplified ones."""
_LETTERS = str.maketrans("авекмнорстухіјѕԁԛԝαβεζηικμνοτυχγ", "abekmhopctyxijsdqwabezhikmnotyxy")
"""Letters of other scripts, in lower case, that look like Latin ones, capital or small."""
_SIGNS = str.maketrans("ニハロカエタト", "二八口力工夕卜")
"""Signs of syllables that look like ideographs."""
_TITLES = (
    "老师",
    "同志",
    "先生",
    "女士",
    "同学",
    "博士",
    "副教授",
    "教授",
    "副主任",
    "主任",
    "副处长",
    "处长",
    "副院长",
    "院长",
    "书记",
    "校长",
    "科长",
    "部长",
)
"""What somebody is called behind the name, the longer ones first."""
_SHORTEST = 2
"""How many signs a name has at least before anything in brackets."""
_REPEATS = frozenset("々〻")
"""What of the letters that modify others stands for an ideograph."""


def bare(name: str) -> str:
    """The name as it is compared to restrict: compatible forms made one; no bracketed part, nor anything from another sign on.

    Neither marks, case, points between the parts of a name, a number or title behind it, nor anything unseen count; forms that look
    like another are that one. Of a name that is all in brackets the first
    of them count; what nothing would be left of stays.
    """
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", name) if not unseen(sign)).casefold()
    plain = seen.translate(_OLD).translate(_OTHER).translate(_SIGNS)
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
    return _called(kept or next(filter(None, held), plain)).translate(_LETTERS)


def _called(name: str) -> str:
    """The name without a number or title behind it, where a name of ideographs is left."""
    without = name.rstrip("0123456789")
    without = next((without.removesuffix(title) for title in _TITLES if without.endswith(title)), without)
    return without if len(without) >= _SHORTEST and _script(without[-1]) == "CJK" else name


def _script(letter: str) -> str:
    """The script of a letter, by what Unicode calls it; syllables stand beside ideographs, where they do not look like one."""
    found = unicodedata.name(letter, "").partition(" ")[0]
    with_ideographs = found in ("IDEOGRAPHIC", "HIRAGANA", "KATAKANA") and ord(letter) not in _SIGNS
    return "CJK" if with_ideographs else found


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
    old = next((sign for sign in name if ord(sign) in _OLD), None)
    if old is not None:
        return f"姓名中的“{old}”（U+{ord(old):04X}）与“{old.translate(_OLD)}”形近，请写作“{name.translate(_OLD)}”"
    odd = _of_another_script(name) or next((sign for at, sign in enumerate(name) if not _writes(name, at)), None)
    if odd is not None:
        return f"姓名中的“{odd}”（U+{ord(odd):04X}）不是这一姓名用的字（部首、符号不是字，一个姓名只用一种文字），请改写；{_NAMESAKE}"
    return (
        None if _well_placed(name) else f"姓名应以字开头，连接号只写在外文字母之间，括号成对写在姓名之后；{_NAMESAKE}"
    )


def _of_another_script(name: str) -> str | None:
    """Of a name in several scripts a letter of the rarest one, before anything in brackets: it may be there to look like another."""
    before = "".join(sign if sign not in _PAIRS else "\n" for sign in name).partition("\n")[0]
    letters = [sign for sign in before if unicodedata.category(sign) in ("Lu", "Ll", "Lt", "Lo", "Nl")]
    times = Counter(map(_script, letters))
    return min(letters, key=lambda sign: times[_script(sign)]) if len(times) > 1 else None


_NAMESAKE = "如系同名的另一人，姓名照写，以其工号另行登记"


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
