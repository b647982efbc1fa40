"""Which parts of the rulebook each scenario reads: a change of another part cannot touch it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import _lru_cache_wrapper
from typing import Any

from rules.analysis.mutation.deciding import RULES
from rules.analysis.mutation.mutants import Mutant
from rules.book.rulebook import Rulebook
from rules.reasoning.evaluation import Evaluator
from service.books import books

_RULES = {"reasoning", "rules"}
_READ_BY: Mapping[str, set[str]] = {
    **{name: {*_RULES, "leads", "vocabulary", "provisions"} for name in RULES},
    "outcomes": {"reasoning", "outcomes"},
    "measures": {"reasoning", "ladder", "tracks", "flags", "law_ranges", "aggravation", "mitigation", "latitude"},
    "policy/default": {"reasoning", "policy"},
    "duties": {"reasoning", "duties", "procedure", "discretion", "tracked"},
    "inspections": {"inspections"}, "forms": {"forms"}, "guards": {"guards"},
    "latitude": {"reasoning", "latitude"}, "readings": {"reasoning", "readings"}, "vocabulary": {"reasoning", "vocabulary"},
}  # fmt: skip
_RECORDED = ("ledger", "proceedings")


def touched_by(mutant: Mutant) -> set[str]:
    """The parts that a mutant changes; of the procedures, the one action if it is only that."""
    if mutant.file not in _RECORDED:
        return _READ_BY[mutant.file]
    action = mutant.place.partition(".")[0]
    if action in getattr(books().usual, mutant.file).actions:
        return {f"{mutant.file}:{action}", f"{mutant.file}:*"}
    return {mutant.file}


def forget() -> None:
    """Everything remembered of the rulebook by our functions, but the rulebook itself."""
    for name, value in _caches("rules.", "models.", "service."):
        if name not in ("rules.book.loading", "rules.book.book_file"):
            value.cache_clear()


class Touches:
    """The parts read, by scenario."""

    def __init__(self, found: dict[str, set[str]] | None = None) -> None:
        self._found: dict[str, set[str]] = found or {}

    def may_touch(self, scenario: str, parts: set[str]) -> bool:
        return scenario not in self._found or not self._found[scenario].isdisjoint(parts)

    def listed(self) -> dict[str, list[str]]:
        return {name: sorted(parts) for name, parts in self._found.items()}

    def start(self) -> None:
        """Note from now on, in this process, what is read."""
        book, current = books().usual, _CURRENT
        for name in _RECORDED:
            part = getattr(book, name)
            object.__setattr__(part, "actions", _Noting(part.actions, name, current))
        object.__setattr__(book, "__class__", _Recording)
        conclude = Evaluator.conclude

        def noted(self: Evaluator, *arguments: Any, **named: Any) -> Any:
            current.add("reasoning")
            return conclude(self, *arguments, **named)

        Evaluator.conclude = noted  # type: ignore[method-assign]

    @contextmanager
    def noting(self, scenario: str) -> Iterator[None]:
        _forget_small()
        _CURRENT.clear()
        yield
        self._found[scenario] = set(_CURRENT)


_CURRENT: set[str] = set()


class _Recording(Rulebook):
    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        _CURRENT.add(name)
        return object.__getattribute__(self, name)


def _noted(name: str, *, whole: bool = False) -> Any:
    """A method of a mapping that notes what it reads: one of its keys, or all of it."""
    method = getattr(dict, name)

    def noted(self: _Noting, *given: Any) -> Any:
        self.current.add(f"{self.name}:{'*' if whole else given[0]}")
        return method(self, *given)

    return noted


class _Noting(dict[str, Any]):
    def __init__(self, had: Mapping[str, Any], name: str, current: set[str]) -> None:
        super().__init__(had)
        self.name, self.current = name, current

    __getitem__, get, __contains__ = (_noted(name) for name in ("__getitem__", "get", "__contains__"))
    __iter__, items, values = (_noted(name, whole=True) for name in ("__iter__", "items", "values"))


def _caches(*rooms: str) -> Iterator[tuple[str, Any]]:
    """What the functions of these modules remember, with the module of each."""
    for name, module in list(sys.modules.items()):
        if name.startswith(rooms):
            yield from ((name, value) for value in list(vars(module).values()) if isinstance(value, _lru_cache_wrapper))


def _forget_small() -> None:
    """What is remembered between scenarios, so that each is seen to read it; the reasoning is noted by itself."""
    kept = sys.modules.get("service.usecases.recommending.recommend")
    remembered = {id(value) for value in vars(kept).values()} if kept else set()
    for _, value in _caches(
        "service.usecases.matters.act_on",
        "service.usecases.cases.act_on",
        "service.usecases.exchange.import",
        "rules.reasoning.duties",
    ):
        if id(value) not in remembered:
            value.cache_clear()
