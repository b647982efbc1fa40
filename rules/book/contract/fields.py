"""What is filled in when something is done: the kinds of fields that a rulebook may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Plain(Enum):
    """Kinds that need no more words. NOTE: a text of several lines; PERSON: one of the registry; EVIDENCE: pieces of it, each a text or
    the name of something that the system knows; ANSWER: to a question of discretion, with its reason."""

    NOTE = "note"
    PERSON = "person"
    DAY = "day"
    FLAG = "flag"
    EVIDENCE = "evidence"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class OneLine:
    """A text of one line, of at most so many characters."""

    longest: int


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from 0 on."""

    up_to: int


@dataclass(frozen=True, slots=True)
class Word:
    """One of the words of a list of the book, each with its Chinese; empty where the word says it itself."""

    list: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """Several fields that belong together."""

    fields: tuple[Field, ...]


Kind = Plain | OneLine | Whole | Word | Part


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an action. most: how many values it may have, None for a single one; each: what one of several is called;
    filled_by: who alone fills it, empty where everybody who acts does; chosen_by: word → who alone chooses it;
    own: whether it names persons whose own act it is too; only_kept: nothing is made of it, it is kept and shown; remarked: annex 1, which has no field for it, prints it under its remarks."""

    id: str
    label: str
    kind: Kind
    optional: bool = False
    most: int | None = None
    least: int = 0
    each: str = ""
    filled_by: tuple[str, ...] = ()
    chosen_by: Mapping[str, tuple[str, ...]] | None = None
    own: bool = False
    only_kept: bool = False
    remarked: bool = False
