"""What can be changed in one value of the rulebook's data, at the level of law: thresholds, conditions, measures, actors …"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Change = tuple[str, Any]
"""An operator of ``LABELS`` and the new value."""

LABELS = {
    "number": "数字加减一",
    "modality": "可以与应当互换",
    "drop_condition": "删去一个条件",
    "connective": "并且与或者互换",
    "negation": "删去否定",
    "value": "改变条件的取值",
    "drop_rule": "删去一条",
    "effect": "改变效果（轻重互换）",
    "citation": "换成相邻条款",
    "drop_citation": "删去所引条款",
    "measure": "改变区间的方式",
    "actor": "改变办理人",
    "drop_guard": "删去一项限制",
    "drop_state": "删去可以办理的状态",
    "target": "改变办理后的状态",
    "order": "调换次序",
    "source": "法定与非法定互换",
    "start": "改变期限的起点",
    "counted": "改变计次的种类",
    "flag": "是与否互换",
    "reading": "换用另一种解释",
    "form": "改变所发的附件",
    "option": "删去一个选项",
}


def condition_changes(tree: Any, domains: dict[str, list[str]]) -> Iterator[Change]:
    """Every single change of a condition: a part dropped, 并且 and 或者 swapped, a negation dropped, a value changed."""
    if not isinstance(tree, dict):
        return
    if "reading" in tree:
        for value, case in tree["cases"].items():
            for operator, made in condition_changes(case, domains):
                yield operator, {**tree, "cases": {**tree["cases"], value: made}}
        return
    if "not" in tree:
        yield "negation", tree["not"]
        return
    for connective, opposite in (("all", "any"), ("any", "all")):
        if connective in tree:
            yield from _group_changes(tree[connective], connective, opposite, domains)
            return
    if len(tree) == 1:
        ((name, values),) = tree.items()
        for made in value_changes(values, domains.get(name, [])):
            yield "value", {name: made}


def _group_changes(parts: list[Any], connective: str, opposite: str, domains: dict[str, list[str]]) -> Iterator[Change]:
    if len(parts) > 1:
        yield "connective", {opposite: parts}
        for place in range(len(parts)):
            yield "drop_condition", {connective: [*parts[:place], *parts[place + 1 :]]}
    for place, part in enumerate(parts):
        for operator, made in condition_changes(part, domains):
            yield operator, {connective: [*parts[:place], made, *parts[place + 1 :]]}


def value_changes(values: Any, domain: Sequence[str]) -> Iterator[Any]:
    """One value taken away or added next to those there; a single value exchanged for each neighbour."""
    had = [values] if not isinstance(values, list) else values
    if len(had) > 1:
        for value in had:
            yield [other for other in had if other != value]
    for value in had:
        for other in neighbours(value, domain):
            if other not in had:
                yield [other if each == value else each for each in had]
                if len(had) > 1:
                    yield [*had, other]


def neighbours(value: Any, domain: Sequence[str]) -> list[str]:
    """The values before and after in the order of the vocabulary."""
    if value not in domain:
        return []
    place = list(domain).index(value)
    return [domain[other] for other in (place - 1, place + 1) if 0 <= other < len(domain)]
