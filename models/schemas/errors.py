"""What is wrong with an input: every fault at once, each at its place, in words for the person who wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError
from marshmallow.fields import Field

_SHOWN = 60
"""Characters of a wrong value that a message repeats."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault. path: ``persons[0].findings.art-8.1.1.task_in_plan``, empty for the whole file.

    provision: the id of the provision that forbids it, where one does.
    """

    path: str
    message: str
    provision: str | None = None

    def __str__(self) -> str:
        return f"{self.path}：{self.message}" if self.path else self.message


class CaseFileError(ValueError):
    """The case file cannot be evaluated; ``errors`` lists every fault, in the order of the file's fields."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("；".join(str(error) for error in errors))
        self.errors = errors

    def by_path(self) -> dict[str, list[str]]:
        """The messages by field path, as an API answers them; a fault of the whole file is under ``$``."""
        grouped: dict[str, list[str]] = {}
        for error in self.errors:
            grouped.setdefault(error.path or "$", []).append(error.message)
        return grouped


def load(shape: Field[Any], data: Any) -> Any:
    """What an input means. Raises CaseFileError with every fault at once."""
    try:
        return shape.deserialize(data)
    except ValidationError as error:
        raise CaseFileError(list(flatten(error.messages))) from None


def shown(value: object) -> str:
    """A wrong value as a message repeats it: short, one line, and safe to encode."""
    text = str(value)
    if len(text) > _SHOWN:
        text = text[:_SHOWN] + "…"
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def join_path(parts: tuple[str | int, ...]) -> str:
    """``("persons", 0, "findings", "art-8.1.1")`` → ``persons[0].findings.art-8.1.1``."""
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{shown(part)}" if path else shown(part)
    return path


def flatten(messages: Any, parts: tuple[str | int, ...] = ()) -> Iterator[FieldError]:
    """Marshmallow's nested messages as field errors."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from flatten(inner, parts if key == "_schema" else (*parts, key))
    elif isinstance(messages, list):
        for inner in messages:
            yield from flatten(inner, parts)
    else:
        yield FieldError(join_path(parts), str(messages))
