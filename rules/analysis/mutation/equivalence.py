"""Whether a mutant is proved to be the same law: the datum has no effect, or no case tells the two apart."""

from __future__ import annotations

from dataclasses import fields

from rules.analysis.verification.comparison import difference
from rules.book.rulebook import Rulebook

_BYTES = {"sha256", "sources"}
"""The files as they were read: they differ in every mutant and decide nothing."""
_REASONING = {
    "rules",
    "outcomes",
    "tracks",
    "flags",
    "law_ranges",
    "aggravation",
    "mitigation",
    "policy",
    "discretion",
}
"""The parts whose whole effect is what a recommendation answers: the solver can decide on them."""


def proof(book: Rulebook, changed: Rulebook) -> str | None:
    """Why the two are equivalent, in Chinese; None if that is not proved."""
    differing = {each.name for each in fields(book) if getattr(book, each.name) != getattr(changed, each.name)} - _BYTES
    if not differing:
        return "加载得到的规则库完全相同：这一数据没有作用"
    if differing <= _REASONING and difference(book, changed) is None:
        return "求解器证明：没有任何认定能使结论、区间、提示、依据不同"
    return None
