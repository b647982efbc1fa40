"""Conditions as written in the rulebook → condition trees, each name checked against the vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

from rules.book import logic
from rules.book.book_file import BookFile, Place
from rules.book.logic import All, AnyOf, AtLeast, Condition, Element, OneOf, Value
from rules.book.rulebook import Reading, Vocabulary

ALWAYS: Condition = All(())
_MOST_LEAVES = 12


def finding_condition(file: BookFile, place: Place, tree: Any, vocabulary: Vocabulary) -> Condition:
    """A condition over findings: element | {all: …} | {any: …} | {not: …} | {count, at_least}. Raises RulebookError."""

    def read(place: Place, tree: Any) -> Condition:
        if isinstance(tree, str):
            if not vocabulary.has(tree):
                raise file.error(place, f"词汇表中没有要素“{tree}”")
            return Element(tree)
        if isinstance(tree, dict) and set(tree) == {"count", "at_least"}:
            file.known(place, tree["count"], {count.field for count in vocabulary.counts.values()}, "计数")
            if type(tree["at_least"]) is not int:
                raise file.error(place, "at_least 应为整数")
            return AtLeast(tree["count"], tree["at_least"])
        return _group(file, place, tree, read)

    condition = read(place, tree)
    _refuse_constant(file, place, condition)
    return condition


def finding_cases(
    file: BookFile, place: Place, when: Any, vocabulary: Vocabulary, readings: Mapping[str, Reading]
) -> tuple[str | None, dict[str, Condition]]:
    """The reading that a rule depends on, with one condition for each of its values; (None, {"": …}) without one."""
    if not (isinstance(when, dict) and "reading" in when):
        return None, {"": finding_condition(file, place, when, vocabulary)}
    if set(when) != {"reading", "cases"} or not isinstance(when["cases"], dict):
        raise file.error(place, "依解释而定的条件应写作 reading 和 cases")
    reading = readings.get(when["reading"])
    if reading is None or not reading.evaluated:
        raise file.error(place, f"解释 {when['reading']} 未登记为可推算")
    if set(when["cases"]) != set(reading.alternatives):
        raise file.error(place, f"cases 应当恰为 {reading.id} 的解释取值：{'、'.join(reading.alternatives)}")
    return reading.id, {
        value: finding_condition(file, (*place, "cases", value), tree, vocabulary)
        for value, tree in when["cases"].items()
    }


def derived_condition(file: BookFile, place: Place, tree: Any, fields: Mapping[str, set[str]]) -> Condition:
    """A condition over the derived record: {field: value or values} | {all: …} | {any: …}. Raises RulebookError."""

    def read(place: Place, tree: Any) -> Condition:
        if isinstance(tree, dict) and len(tree) == 1 and not set(tree) & {"all", "any", "not"}:
            ((name, value),) = tree.items()
            file.known(place, name, fields, "字段")
            values = tuple(value) if isinstance(value, list) else (value,)
            for item in values:
                file.known(place, item, fields[name], f"{name} 的取值")
            return OneOf(name, values)
        return _group(file, place, tree, read)

    return read(place, tree)


def _group(file: BookFile, place: Place, tree: Any, read: Callable[[Place, Any], Condition]) -> Condition:
    if not (isinstance(tree, dict) and len(tree) == 1 and set(tree) <= {"all", "any", "not"}):
        raise file.error(place, "条件应为要素，或者 all、any、not 之一")
    ((operator, content),) = tree.items()
    if operator == "not":
        return logic.negate(read((*place, "not"), content))
    if not isinstance(content, list):
        raise file.error(place, f"{operator} 之下应为列表")
    parts = tuple(read((*place, operator, number), part) for number, part in enumerate(content))
    return All(parts) if operator == "all" else AnyOf(parts)


def _refuse_constant(file: BookFile, place: Place, condition: Condition) -> None:
    """A rule that can never hold, or always holds, contradicts itself or says nothing."""
    names = logic.fields([condition])
    if len(names) > _MOST_LEAVES:
        return
    numbers = {leaf.name: leaf.number for leaf in logic.leaves(condition) if isinstance(leaf, AtLeast)}
    choices: list[tuple[Value, ...]] = [
        (0, numbers[name]) if name in numbers else ("established", "refuted") for name in names
    ]
    values = {logic.kleene(condition, dict(zip(names, found, strict=True))) for found in product(*choices)}
    if len(values) == 1:
        raise file.error(place, "条件自相矛盾，永远不能成立" if "refuted" in values else "条件恒成立，没有意义")
