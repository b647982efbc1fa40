"""What a record says, of which Python makes something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar, dataclass_transform


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Effect:
    """What a record says, of which Python makes something: one frozen dataclass for each kind of thing.

    closed: the fields whose words are those of the book, or the record is torn; opens: whether its record is the first one, and no
    other is.
    """

    closed: ClassVar[frozenset[str]] = frozenset()
    opens: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)


class Reasoned(Effect):
    """Something for which a reason may be given."""

    reason: str | None = None


class Supplied:
    """Annotates what the system adds to what was filled in."""


class OwnHand:
    """Annotates whom a field names whose own act it is too: what somebody else says of them shows nothing."""


def effects_of(module: ModuleType) -> Mapping[str, type[Effect]]:
    """The effects that a module offers, by the name that a book gives them: ``ExtensionAsked`` is extension_asked."""
    return {
        _named(name): kind for name, kind in vars(module).items() if isinstance(kind, type) and issubclass(kind, Effect)
    }


def _named(name: str) -> str:
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name).lstrip("_")
