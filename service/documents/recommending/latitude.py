"""The latitude of a case on paper: what may be done, what excludes the rest, what would alter it, what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rules.latitude.answer import Admissible, AlteringChanges, FactChanged, PossibleResult
from service.documents.writing.recommendation import BASES

_MOST = 8
"""Sets of findings that a report lists; all of them stand in the JSON."""


def render(told: Admissible, names: Mapping[str, str | None]) -> str:
    """names: person id → name as in the case file."""
    from service.documents.writing.laid_out import text  # here, since a recommendation is reported without it

    words = {"gathered": _gathered, "ways": _ways, "effects": _effects, "bases": BASES}
    return text("latitude", told=told, names=names, most=_MOST, **words)


def _gathered(results: Iterable[PossibleResult]) -> list[str]:
    """The labels; more than a few are told by their number."""
    labels = [result.label for result in results]
    return labels if len(labels) <= _MOST else [*labels[:2], f"等共 {len(labels)} 种"]


def _effects(row: AlteringChanges) -> list[str]:
    """What a change adds and takes away."""
    parts = [("增加", row.admits), ("减少", row.withdraws)]
    told = [f"{word} {'、'.join(_gathered(results))}" for word, results in parts if results]
    return [*told, *(["另有处理尚不能确定"] if row.undetermined else [])]


def _ways(parts: Iterable[Iterable[Iterable[FactChanged]]]) -> str:
    """Every part is needed; of the ways of a part, any one."""
    told = []
    for ways in parts:
        each = [" 并且 ".join(f"“{change.label}”变为“{change.to_label}”" for change in way) for way in ways]
        told.append(" 或者 ".join(each))
    return "；并且 ".join(told)
