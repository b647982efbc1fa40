"""What may be done to one person, as the rulebook lists it: kinds, effects, why one is excluded, what an open fact needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permit:
    """Something that a provision lets people do. slot: the question of discretion whose reason it needs."""

    id: str
    provision: str
    slot: str | None = None
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending(Permit):
    """One way in which a case can end for a person. use: unheld, spared (by an exemption) or held."""

    use: str = ""


@dataclass(frozen=True, slots=True)
class RangeEffect(Permit):
    """How a measure stands to the base range: within it, or one rung beyond it on its side (mitigate, aggravate)."""

    label: str = ""
    side: str = ""
    within: bool = True


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a result is excluded or cannot be told. basis: law, reading or policy."""

    basis: str
    provision: str
    text: str
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Latitude:
    """states: outcome → ranged, ended, waiting, blocked or people. work: the kinds of work, the easiest first (not law).

    needs: fact → kind of work. matter, values: the Chinese names of the matter's fields and of values without a list.
    """

    kinds: tuple[Ending, ...]
    combined: Permit
    effects: tuple[RangeEffect, ...]
    states: Mapping[str, str]
    state_labels: Mapping[str, str]
    grounds: Mapping[str, Ground]
    work: Mapping[str, str]
    needs: Mapping[str, str]
    matter: Mapping[str, str]
    values: Mapping[str, str]

    def effect(self, side: str, *, within: bool) -> RangeEffect:
        """The one effect of a side within the range, or beyond it."""
        return next(effect for effect in self.effects if effect.side == side and effect.within is within)
