"""Which passwords will do: long enough, not one that many people have, and without a word that belongs to its owner.

Source: NIST SP 800-63B, 3.1.1.2 (what is common or follows from the context is refused; no rules of composition).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from secrets import token_urlsafe

from rules.reasoning.editions import Books
from service.usecases.people.guesses import estimate

LEAST, MOST = 10, 200
_FEWEST_GUESSES = 10**9
"""Ten signs of which no part is a word or a pattern are ten times as many."""
_LEAST_LETTERS = 4
"""Shorter words of Latin letters stand in a good password by chance; they only count as easy to guess."""
_APART = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_PAIR = re.compile(r"[\u3400-\u9fff]{2}")
"""A word within a longer name."""
_OURS = ("问责", "wenze")
"""What this system is called."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose password it is. units: for which roles are held."""

    login: str
    name: str
    units: tuple[str, ...] = ()


def password_faults(password: str, owner: Owner, books: Books) -> Iterator[str]:
    """Why this cannot be the owner's password, in Chinese; nothing where it can."""
    if not LEAST <= len(password) <= MOST:
        yield f"应为{LEAST}至{MOST}个字符，现为{len(password)}个"
    words = _words(owner, books)
    held = _held(password, words, _plain(owner.login))
    if held is not None:
        yield f"不得含有“{held}”（单位、登录名、姓名的字和拼音都不得使用）"
    elif len(password) >= LEAST:
        yield from _guessed(password, words)


def first_password(owner: Owner, books: Books) -> str:
    """A random password that will do."""
    while True:
        made = token_urlsafe(12)
        if not any(password_faults(made, owner, books)):
            return made


def _guessed(password: str, words: Iterable[str]) -> Iterator[str]:
    found = estimate(password, words)
    if found.guesses < _FEWEST_GUESSES:
        yield f"容易猜到（其中有{'、'.join(found.why) or '可以逐个试出的字符'}），请用几个互不相干的词，或者随机的字符"


def _held(password: str, words: Iterable[str], login: str) -> str | None:
    """The first word that the password holds, whatever its case and width and whatever stands between its signs."""
    plain = _plain(password)
    return next((word for word in words if (word == login or _counts(word)) and word in plain), None)


def _counts(word: str) -> bool:
    return len(word) >= (2 if _HAN.search(word) else _LEAST_LETTERS)


def _words(owner: Owner, books: Books) -> tuple[str, ...]:
    """The words of the institution and in its names, of the units, of the log-in name and of the person, each with pinyin and initials."""
    book = books.usual
    given = [
        *book.institution,
        *sorted(book.office_names),
        *owner.units,
        owner.login,
        *re.split(r"[（()）]", owner.name),
    ]
    parts = (part for one in (*book.institution, *sorted(book.office_names)) for part in _PAIR.findall(one))
    return tuple(dict.fromkeys(word for one in (*given, *parts, *_OURS) for word in _spelt(one) if word))


def _spelt(word: str) -> Iterator[str]:
    from pypinyin import Style, lazy_pinyin  # a dictionary of a megabyte

    yield _plain(word)
    if _HAN.search(word):
        syllables = [_plain(one) for one in lazy_pinyin(word)]
        yield "".join(syllables)
        yield "".join(_plain(one) for one in lazy_pinyin(word, style=Style.FIRST_LETTER))
        yield "".join(syllables[1:])  # a person's given name


def _plain(text: str) -> str:
    return _APART.sub("", unicodedata.normalize("NFKC", text).casefold())
