"""Which parts of a proof package the person's own copy goes without: others' names, interviews, evidence about others. Source: art-2.d."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

_OF_PERSON = re.compile(r"(?:facts/persons|answer|latitude)/(\d{3})(?:/|\Z)")
_NAMED = re.compile(r"facts/persons/\d{3}/(named|grounds/\d{4})\Z")
_ALWAYS = frozenset({"answer/raw", "facts/narrative", "decision/meeting"})
_WORDS = re.compile(r"(facts/(title|matter\.words|persons/\d{3}/grounds/\d{4})|decision/.+)\Z")
"""Parts with the words of people, which the outcome does not follow from."""
_INTERVIEW = re.compile("谈话|笔录|证言|询问|访谈|约谈|面谈|陈述|反映")
_PLAIN = re.compile(r".?\Z|[\d:.-]+\Z|[a-z_]+\Z")
"""No secret: a single character, a day or number, a field's name."""


def others_of(parts: Mapping[str, Any], number: int) -> frozenset[str]:
    """The parts that are about another person than this one, and the answer as a whole, where there is another."""
    own = f"{number:03}"
    found = {path for path in parts if (of := _OF_PERSON.match(path)) and of[1] != own}
    return frozenset(found | {"answer/raw", "facts/narrative", "facts/title"} if found else found)


def private(parts: Mapping[str, Any], number: int, names: Collection[str] = ()) -> frozenset[str]:
    """What is removed, and every other part with the words of people in which something of that occurs, or one of ``names``."""
    own = f"facts/persons/{number:03}/"
    gone = others_of(parts, number) | (_ALWAYS & set(parts))
    gone |= {path for path in parts if path.startswith(f"{own}grounds/") and _confidential(parts[path])}
    rules = (words for path, words in parts.items() if path.startswith("rulebook/"))
    public = "\n".join([*rules, *texts(parts[f"{own}named"])])
    while True:
        secrets = {text for path in gone for text in _secrets(path, parts[path])}
        secrets = {text for text in secrets if not _PLAIN.match(text) and text not in public} | {*names}
        more = {path for path in parts if path not in gone and _WORDS.match(path) and _holds(parts[path], secrets)}
        if not more:
            return gone
        gone |= more


def _confidential(ground: Mapping[str, Any]) -> bool:
    """Who found it, and what somebody said when asked."""
    if "evidence" not in ground:
        return True
    piece = ground["evidence"]
    return (isinstance(piece, Mapping) and "hearing" in piece) or any(_INTERVIEW.search(text) for text in texts(piece))


def _secrets(path: str, value: Any) -> Iterator[str]:
    """The words that are not to be found in the copy."""
    if _NAMED.match(path):
        yield from (text for key, found in value.items() if key not in ("about", "on") for text in texts(found))
    elif path == "decision/meeting":
        yield from (*value["attendance"], *value["recused"])
    elif path in _ALWAYS and path != "answer/raw":
        yield from texts(value)


def _holds(value: Any, secrets: set[str]) -> bool:
    return any(secret in text for text in texts(value) for secret in secrets)


def texts(value: Any) -> Iterator[str]:
    """Every text in plain data, and the keys beside them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from (key, *texts(part))
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from texts(part)
