"""The provisions of article 8 (two conditions each, over the same flat record) in our adapter and in other engines.

Every engine is asked for the same records and must name the same rules before anything is measured.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from rules.book.loading import load_rulebook
from rules.book.logic import All, AnyOf, AtLeast, Condition, Element, Leaf, OneOf
from rules.reasoning.evaluation import Evaluator
from tests.bench.measure import Measure, in_turn

Rules = list[tuple[str, Condition, bool]]
Record = dict[str, Any]
Engine = Callable[[Record], list[str]]
_STATUSES = ("established", "open", "refuted")


class Subject:
    """The rules with short field names, and records of them."""

    def __init__(self, number: int) -> None:
        self.evaluator = Evaluator(load_rulebook())
        self.rules: Rules = list(self.evaluator._stage_one_rules())
        domain = self.evaluator._stage_one_domain()
        self.short = {name: f"f{position}" for position, name in enumerate(domain)}
        chance = random.Random(2021)
        self.records = [self._case(domain, chance) for _ in range(number)]
        self.shortened = [{self.short[name]: value for name, value in record.items()} for record in self.records]

    def _case(self, domain: dict[str, Any], chance: random.Random) -> Record:
        """A record as a case file gives it: one to six groups alleged, most of their elements found, the rest refuted."""
        words = self.evaluator.book.vocabulary
        record: Record = {name: chance.randint(0, 5) if kind is int else "refuted" for name, kind in domain.items()}
        record |= {name: chance.choices(_STATUSES, (8, 1, 1))[0] for name in words.derived}
        for group in chance.sample(list(words.groups), chance.randint(1, 6)):
            elements = words.groups[group].elements
            record |= {f"{group}.{element}": chance.choices(_STATUSES, (6, 2, 1))[0] for element in elements}
        return record

    def ours(self, record: Record) -> list[str]:
        return self.evaluator._stage_one.evaluate(record)


def expression(condition: Condition, may: bool, short: dict[str, str], words: tuple[str, str], prefix: str = "") -> str:
    """The condition in a language of ``==``, ``!=``, ``>=``; words: its "and" and "or"."""
    match condition:
        case All(parts):
            return "(" + f" {words[0]} ".join(expression(part, may, short, words, prefix) for part in parts) + ")"
        case AnyOf(parts):
            return "(" + f" {words[1]} ".join(expression(part, may, short, words, prefix) for part in parts) + ")"
        case AtLeast(name, number, negated):
            return f"{prefix}{short[name]} {'<' if negated else '>='} {number}"
        case Element(name, negated):
            sought, excluded = ("refuted", "established") if negated else ("established", "refuted")
            return f'{prefix}{short[name]} {"!=" if may else "=="} "{excluded if may else sought}"'
        case OneOf():
            raise NotImplementedError(condition)


def branches(condition: Condition) -> Iterator[list[Leaf]]:
    """The condition as alternatives of leaves that all hold: a table has one row for each."""
    match condition:
        case AnyOf(parts):
            for part in parts:
                yield from branches(part)
        case All(parts):
            found: list[list[Leaf]] = [[]]
            for part in parts:
                found = [[*before, *branch] for before in found for branch in branches(part)]
            yield from found
        case leaf:
            yield [leaf]


def compare(subject: Subject, engines: dict[str, tuple[Engine, bool]]) -> None:
    """Refuse to measure engines that do not agree."""
    for record, shortened in zip(subject.records, subject.shortened, strict=True):
        expected = set(subject.ours(record))
        for name, (engine, with_short) in engines.items():
            found = set(engine(shortened if with_short else record))
            if found != expected:
                raise AssertionError(f"{name} gives another answer: {sorted(found ^ expected)}")


def measures(number: int, rounds: int) -> Iterator[Measure]:
    """How many times as fast as each other engine our adapter is, with all its checks on."""
    from tests.bench import peers

    subject = Subject(number)
    engines: dict[str, tuple[Engine, bool]] = {
        "host": (peers.host(subject), True),
        "zen_table": (peers.zen_table(subject), True),
        "zen_expressions": (peers.zen_expressions(subject), True),
        "rule_engine": (peers.rule_engine(subject), True),
        "cedarpy": (peers.cedar(subject), True),
    }
    compare(subject, engines)
    targets = {"host": 5.0, "zen_table": 1.2, "zen_expressions": None, "rule_engine": 7.0, "cedarpy": 7.0}
    words = {
        "host": "durable_rules 的 Host 接口",
        "zen_table": "zen-engine 决策表",
        "zen_expressions": "zen-engine 表达式",
        "rule_engine": "rule-engine",
        "cedarpy": "cedarpy",
    }
    for name, (engine, with_short) in engines.items():
        asked = subject.shortened if with_short else subject.records

        def ours() -> None:
            for record in subject.records:
                subject.ours(record)

        def theirs(engine: Engine = engine, asked: list[Record] = asked) -> None:
            for record in asked:
                engine(record)

        what = f"同一组规则、同样的案卷和答案，本系统（全部校验）的速度是 {words[name]} 的几倍"
        yield Measure(f"engine_vs_{name}", what, in_turn(ours, theirs, rounds), targets[name], "at_least")
