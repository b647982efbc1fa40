"""The exact set of what may be done to one person, and for everything else what excludes it. Source: art-8.2, art-8.3.

A result is a kind (no accountability, spared, held), a set of measures and the effects used. 应当 removes results, 可以 only
adds them. Every set of measures within a range may be combined; the gravest measure tells the effect (reading A-30).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rules.book.latitude import Ending, RangeEffect
from rules.book.rulebook import Rulebook
from rules.reasoning.evaluation import Conclusion, Evaluator, Range


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that may be done. measures and effects are ids in the order of the book; empty unless held."""

    kind: str
    measures: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """All that the set of results depends on: the part of a conclusion that bears on what may be done.

    exemption: none, pending or available. by_law: whether a rule of law, not the policy table, fixes the base.
    """

    outcome: str
    exemption: str = "none"
    base: Range | None = None
    by_law: bool = False
    mitigated: bool = False
    aggravated: bool = False


def standing(conclusion: Conclusion) -> Position:
    """What of a conclusion bears on the results."""
    mitigated, aggravated = bool(conclusion.mitigation), bool(conclusion.aggravation)
    by_law = conclusion.law is not None
    return Position(conclusion.outcome, conclusion.exemption, conclusion.base, by_law, mitigated, aggravated)


@dataclass(frozen=True, eq=False, slots=True)
class Space:
    """Which results are admitted and which cannot be told yet; all others are excluded. state: of the latitude's states.

    Equal ones of one judge are the same object.
    """

    state: str
    admitted: frozenset[Result]
    undetermined: frozenset[Result]


class Judge:
    """Judges every result there is against a standing. Each standing is judged once."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.book: Rulebook = evaluator.book
        self.evaluator = evaluator
        self.universe = tuple(_universe(self.book))
        self._rank = self.book.rank
        self._kinds = {kind.id: kind for kind in self.book.latitude.kinds}
        self._reserved = {measure for _, lo, hi in self.book.law_ranges for measure in (lo, hi)}
        self._spaces: dict[tuple[str, frozenset[Result], frozenset[Result]], Space] = {}
        self.space = lru_cache(maxsize=1024)(self._space)
        self.verdicts = lru_cache(maxsize=1024)(self._verdicts)

    def _verdicts(self, found: Position) -> Mapping[Result, tuple[str, tuple[str, ...]]]:
        return {result: self.verdict(found, result) for result in self.universe}

    def _space(self, found: Position) -> Space:
        verdicts = self.verdicts(found)
        admitted = frozenset(result for result, (status, _) in verdicts.items() if status == "admitted")
        waiting = frozenset(result for result, (status, _) in verdicts.items() if status == "undetermined")
        made = Space(self.book.latitude.states[found.outcome], admitted, waiting)
        return self._spaces.setdefault((made.state, admitted, waiting), made)

    def verdict(self, found: Position, result: Result) -> tuple[str, tuple[str, ...]]:
        """admitted, undetermined or excluded, with the ids of the grounds; no ground is the outcome's own provision."""
        state = self.book.latitude.states[found.outcome]
        kind = self._kinds[result.kind]
        if state == "ended":
            return ("admitted" if kind.use == "unheld" else "excluded"), ()
        if state != "ranged":
            return ("excluded" if state == "blocked" else "undetermined"), ()
        if kind.use != "held":
            return self._not_held(found, kind)
        if found.base is None:
            return "undetermined", ("harm_not_found",)
        grounds = tuple(dict.fromkeys(self._against(found, found.base, result)))
        return ("excluded" if grounds else "admitted"), grounds

    def _not_held(self, found: Position, kind: Ending) -> tuple[str, tuple[str, ...]]:
        if kind.use == "unheld":
            return "excluded", ("should_be_held",)
        return {
            "none": ("excluded", ("no_exemption",)),
            "pending": ("undetermined", ("exemption_pending",)),
        }.get(found.exemption, ("admitted", ()))

    def _against(self, found: Position, base: Range, result: Result) -> Iterator[str]:
        """Every ground that excludes a set of measures with its effects; none where it is admitted."""
        effects = {effect.side: effect for effect in self.book.latitude.effects if effect.id in result.effects}
        heavier, lighter = effects.get("aggravate"), effects.get("mitigate")
        if found.aggravated and heavier is None:
            yield "must_be_heavier"
        if heavier is not None and not found.aggravated:
            yield "no_aggravation"
        if lighter is not None and not found.mitigated:
            yield "no_mitigation"
        yield from self._degree(base, result, heavier, lighter)
        yield from self._too_high(found, base, result, heavier)
        yield from self._too_low(found, base, result, lighter)

    def _degree(
        self, base: Range, result: Result, heavier: RangeEffect | None, lighter: RangeEffect | None
    ) -> Iterator[str]:
        """The gravest measure has to be where the effects say: within the base, or beyond it on their side."""
        gravest = self._rank[result.measures[-1]]
        below, above = gravest < self._rank[base[0]], gravest > self._rank[base[1]]
        if heavier is not None and not heavier.within and self._raised(base) == base[1]:
            yield "capped"
        elif (heavier is not None and heavier.within == above) or (lighter is not None and lighter.within == below):
            yield "other_degree"

    def _too_high(self, found: Position, base: Range, result: Result, heavier: RangeEffect | None) -> Iterator[str]:
        """Measures above what is open: one that the law reserves, or one outside the range."""
        limit = self._rank[self._raised(base) if found.aggravated else base[1]]
        if any(self._rank[measure] > limit and measure in self._reserved for measure in result.measures):
            yield "reserved"
        if any(self._rank[measure] > limit and measure not in self._reserved for measure in result.measures):
            yield "outside_table"

    def _too_low(self, found: Position, base: Range, result: Result, lighter: RangeEffect | None) -> Iterator[str]:
        """Measures below what is open: below the law's, the table's, the aggravated or the mitigated range."""
        mandatory, discretionary, _ = self.evaluator.adjust(base, found.mitigated, found.aggravated)
        used = discretionary if lighter is not None else mandatory
        lowest = self._rank[result.measures[0]]
        if used is None or lowest >= self._rank[used[0]]:
            return
        if found.aggravated and lowest >= self._rank[base[0]]:
            yield "below_heaviest"
        elif found.aggravated and lighter is not None and found.mitigated:
            yield "no_netting"
        elif lighter is not None and found.mitigated:
            yield "more_than_a_rung"
        else:
            yield "ordered" if found.by_law else "outside_table"

    def _raised(self, base: Range) -> str:
        return self.book.aggravation.raises.get(base[1], base[1])


def _universe(book: Rulebook) -> Iterator[Result]:
    """Every result that can be put into words, admitted or not: finitely many."""
    ladder, words = list(book.ladder), book.latitude
    sides = {side: [None, *(e.id for e in words.effects if e.side == side)] for side in ("mitigate", "aggravate")}
    for kind in words.kinds:
        if kind.use != "held":
            yield Result(kind.id)
            continue
        for number in range(1, len(ladder) + 1):
            for measures in combinations(ladder, number):
                for heavier in sides["aggravate"]:
                    for lighter in sides["mitigate"]:
                        yield Result(kind.id, measures, tuple(e for e in (heavier, lighter) if e is not None))
