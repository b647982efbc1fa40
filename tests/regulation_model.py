"""The regulation's eighth article as a small program of its own: nothing of the rulebook and nothing of the reasoning is used.

Written from the text and the decision model; statuses are the words of a case file. Results are triples (kind, measures, effects).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations, product

Result = tuple[str, frozenset[str], frozenset[str]]
LADDER = ("notice_of_criticism", "admonition", "organisational_measure")
TABLE = {  # the draft policy: harm → (principal, other member), as rungs
    "adverse": ((0, 0), (0, 0)),
    "grave": ((0, 1), (0, 0)),
    "considerable": ((1, 1), (0, 1)),
    "serious": ((1, 1), (1, 1)),
}


def both(statuses: Iterable[str]) -> str:
    """All have to hold; one that fails decides, one that is open leaves it open."""
    found = list(statuses)
    return "refuted" if "refuted" in found else "open" if "open" in found else "established"


def everything() -> set[Result]:
    held = [
        ("held", frozenset(measures), frozenset(effect for effect in effects if effect))
        for number in (1, 2, 3)
        for measures in combinations(LADDER, number)
        for effects in product(("", "heavier_within", "above_range"), ("", "lighter_within", "below_range"))
    ]
    return {(kind, frozenset(), frozenset()) for kind in ("no_situation", "not_held", "exempted")} | set(held)


def admissible(facts: Mapping[str, str | None], *, floor: str = "adverse") -> tuple[set[Result], set[Result]]:
    """What may be done, and what cannot be told yet.

    facts: situation, exemption, mitigation, aggravation, unfit (statuses), role, harm (None where not found).
    floor: the least harm that the situation is consistent with. The gates hold but for a role that was not found.
    """
    nothing: set[Result] = set()
    if facts["role"] == "undetermined":
        return nothing, everything()
    if facts["situation"] == "established":
        order = ["none", "adverse", "grave", "considerable", "serious"]
        if facts["harm"] is not None and order.index(facts["harm"]) < order.index(floor):
            return nothing, nothing
        return _accountable(facts)
    if facts["situation"] == "open":
        # harm of nothing, and a situation that is not there, do not contradict each other
        return nothing, everything()
    return {("no_situation", frozenset(), frozenset())}, nothing


def _accountable(facts: Mapping[str, str | None]) -> tuple[set[Result], set[Result]]:
    spared: set[Result] = {(kind, frozenset(), frozenset()) for kind in ("not_held", "exempted")}
    sure = spared if facts["exemption"] == "established" else set()
    unsure = spared if facts["exemption"] == "open" else set()
    held = {result for result in everything() if result[0] == "held"}
    harm = facts["harm"]
    if harm is None:
        return sure, unsure | held
    return sure | {result for result in held if _open(result, facts, harm)}, unsure


def _open(result: Result, facts: Mapping[str, str | None], harm: str) -> bool:
    """Whether 8.2 and 8.3 let these measures be taken with these effects."""
    rungs = sorted(LADDER.index(measure) for measure in result[1])
    lightest, gravest = rungs[0], rungs[-1]
    ordered = harm in ("considerable", "serious") and facts["unfit"] == "established"
    lo, hi = (2, 2) if ordered else TABLE[harm][0 if facts["role"] == "principal" else 1]
    worse, better = facts["aggravation"] == "established", facts["mitigation"] == "established"
    heavier = result[2] & {"heavier_within", "above_range"}
    lighter = result[2] & {"lighter_within", "below_range"}
    if bool(heavier) != worse or (lighter and not better):  # 应当 is done, 可以 needs its ground
        return False
    top = max(hi, 1) if worse else hi  # heavier by a rung, but never into what 8.2.3 reserves
    if gravest > top:
        return False
    mandatory, lightened = (hi, lo) if worse else (lo, max(0, lo - 1))
    if lightest < (lightened if lighter else mandatory):
        return False
    if worse and ("above_range" in heavier) != (gravest > hi):
        return False
    return not lighter or ("below_range" in lighter) == (gravest < lo)
