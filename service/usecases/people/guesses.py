"""How many guesses a password withstands, of somebody who knows how passwords are made in China.

zxcvbn knows English words, dates and the keyboard. Here are added Chinese words in characters, pinyin and initials, numbers that say
something, names and other words in pinyin by their syllables, telephone and identity numbers; and a password is also read without
its separators, with the shift key let go, and with its day in figures. The least of all readings counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rules.packaged import packaged
from rules.strict_yaml import parse

_WORDS = packaged("service/usecases/people/chinese_words.yaml")
_ESTIMATED = 72
"""How many signs are estimated at most: the longer, the slower."""
_WHY: Mapping[str, str] = {
    "dictionary": "常见的密码或者词",
    "spatial": "键盘上相邻的键",
    "repeat": "重复的字符",
    "sequence": "连续的字母或者数字",
    "regex": "年份",
    "date": "日期",
    "pinyin": "拼音的姓名或者词",
    "number": "手机号码或者身份证号码",
    "keys": "键盘上相邻的键",
    "year": "年份",
}
_APART = re.compile(r"[\W_]")
_TONE = re.compile(r"[\u0300-\u036f]")
_SHIFTED = str.maketrans('~!@#$%^&*()_+{}|:"<>?', "`1234567890-=[]\\;',./")
_FIGURES = str.maketrans("〇零一二三四五六七八九", "00123456789")
_CALENDAR = re.compile(r"[\d十]{1,4}[年月日号]")
_NUMBERS = re.compile(r"1[3-9]\d{9}|\d{6}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dxX]")
_KNOWN = 10_000
"""Of how many telephone or identity numbers that somebody around knows one is."""
_LONGEST_SYLLABLE = 6
_WORD, _NAME, _SYLLABLE = 50_000, 200_000, 400
"""How many words of two syllables, full names, syllables there are."""
_SHIFT, _SEPARATOR = 10, 10
_MANY = 3
"""So many separators stand between the parts of what somebody thought of; more of them came by chance."""
_INITIALS = 5
"""How many signs a sentence has whose initials are a password."""
_YEARS = 150
_FIRST_OF_TWO = "ouyang"


@dataclass(frozen=True, slots=True)
class Estimate:
    """why: what of the password is easy to guess, in Chinese."""

    guesses: float
    why: tuple[str, ...]


def estimate(password: str, own: Iterable[str]) -> Estimate:
    """The least of what the readings of a password withstand. own: words that whoever guesses tries first."""
    from zxcvbn.matching import RANKED_DICTIONARIES, build_ranked_dict

    known: dict[str, dict[str, int]] = {
        **RANKED_DICTIONARIES,
        **_dictionaries(),
        "own": build_ranked_dict([word.lower() for word in own]),
    }
    read = ((text, factor) for text, factor in _readings(password) if text)
    return min((_of(text, factor, known) for text, factor in read), key=lambda found: found.guesses)


def _of(text: str, factor: int, known: dict[str, dict[str, int]]) -> Estimate:
    from zxcvbn.matching import omnimatch  # its lists of words take a moment, and only a new password needs them
    from zxcvbn.scoring import most_guessable_match_sequence

    matches = sorted([*omnimatch(text, known), *_ours(text)], key=lambda one: (one["i"], one["j"]))
    found = most_guessable_match_sequence(text, matches, True)  # without what it adds for a sequence of several parts
    kinds = (part.get("dictionary_name", part["pattern"]) for part in found["sequence"])
    parts = zip(kinds, found["sequence"], strict=True)
    why = dict.fromkeys(_WHY.get(kind) or _WHY.get(part["pattern"]) for kind, part in parts)
    return Estimate(float(found["guesses"]) * factor, tuple(one for one in why if one))


def _readings(password: str) -> Iterator[tuple[str, int]]:
    """What a password may be meant as, and how often as many guesses that takes."""
    wide = unicodedata.normalize("NFKC", password[:_ESTIMATED])[:_ESTIMATED]
    yield wide, 1
    yield wide.lower().translate(_SHIFTED), _SHIFT
    apart = len(_APART.findall(wide))
    if apart:
        yield _APART.sub("", wide), _SEPARATOR ** (apart if apart > _MANY else min(apart, 2))
    if _CALENDAR.search(wide.translate(_FIGURES)):
        yield _in_figures(wide.translate(_FIGURES)), 1


def _in_figures(text: str) -> str:
    """二〇二〇年六月二十八日 as 20200628, every number of two figures at least."""
    text = re.sub(r"(?<!\d)十", "1十", text)
    text = re.sub(r"十(?=\d)", "", text).replace("十", "0")
    return re.sub(r"(\d{1,4})[年月日号]", lambda found: found[1].zfill(2), text)


def _ours(text: str) -> Iterator[Any]:
    """The parts that zxcvbn does not see: runs of pinyin, numbers that belong to somebody."""
    for found in _NUMBERS.finditer(text):
        yield _part("number", found.start(), found.end(), text, _KNOWN)
    small = "".join(sign.lower() if sign.isascii() else sign for sign in text)
    for start in range(len(small)):
        for end, rank in _in_pinyin(small, start):
            yield _part("pinyin", start, end, text, rank)


def _part(pattern: str, start: int, end: int, text: str, guesses: int) -> Any:
    return {"pattern": pattern, "i": start, "j": end - 1, "token": text[start:end], "guesses": guesses}


def _in_pinyin(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Where words and names that begin here end, and how many there are of their kind."""
    named = text.startswith(_surnames(), start), text.startswith(_surnames(of_two=True), start)
    ends = {start}
    for count, guesses in enumerate((_SYLLABLE, _WORD, _NAME if named[0] else 0, _NAME if named[1] else 0), 1):
        ends = {
            at + length
            for at in ends
            for length in range(2 if count == 1 else 1, _LONGEST_SYLLABLE + 1)
            if at + length <= len(text) and text[at : at + length] in _syllables()
        }
        if guesses:
            yield from ((end, guesses) for end in ends)


@cache
def _dictionaries() -> dict[str, dict[str, int]]:
    """Words, numbers and runs of keys with their ranks, the words in characters, pinyin and initials; the years."""
    from pypinyin import Style, lazy_pinyin  # a dictionary of a megabyte

    data = _data()
    ranked: dict[str, int] = {}
    for rank, word in enumerate(data["words"], 1):
        initials = "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))
        for spelt in (word, "".join(lazy_pinyin(word)), initials if len(word) >= _INITIALS else word):
            ranked.setdefault(spelt, rank)
    numbers, keys = ({word: rank for rank, word in enumerate(data[name], 1)} for name in ("numbers", "keys"))
    years = {str(year): _YEARS for year in range(1900, 1900 + _YEARS)}
    return {"chinese": {**_idioms(), **ranked}, "number_talk": numbers, "keys": keys, "year": years}


def _idioms() -> Mapping[str, int]:
    """The words of three syllables and more that pypinyin knows, in pinyin."""
    from pypinyin.phrases_dict import phrases_dict

    known = ("".join(one[0] for one in spelt) for word, spelt in phrases_dict.items() if len(word) > 2)
    return {_TONE.sub("", unicodedata.normalize("NFD", word)): _WORD for word in known}


@cache
def _syllables() -> frozenset[str]:
    """The syllables of Chinese without their tones; ü is typed v, or u."""
    from pypinyin.pinyin_dict import pinyin_dict

    toned = {one for spelt in pinyin_dict.values() for one in spelt.split(",")}
    plain = {_TONE.sub("", unicodedata.normalize("NFD", one.replace("ü", "v"))) for one in toned}
    plain |= {one.replace("v", "u") for one in plain}
    return frozenset(one for one in plain if one.isascii() and set(one) & set("aeiouv"))


@cache
def _surnames(of_two: bool = False) -> tuple[str, ...]:
    """The surnames in pinyin; of_two: those of two syllables alone."""
    found: list[str] = _data()["surnames"]
    return tuple(found[found.index(_FIRST_OF_TWO) :] if of_two else found)


@cache
def _data() -> dict[str, list[str]]:
    found: dict[str, list[str]] = parse(_WORDS.read_text("utf-8"), _WORDS.name)
    return found
