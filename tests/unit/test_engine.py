"""The adapter over durable_rules: exact, checked on every evaluation, safe under threads and forks."""

from __future__ import annotations

import json
import os
import random
import threading
from typing import Any

import durable_rules_engine
import pytest

from rules.book.loading import load_rulebook
from rules.book.logic import All, AnyOf, AtLeast, Condition, Element, kleene, negate, three_valued
from rules.reasoning.engine import EngineFault, Ruleset
from rules.reasoning.evaluation import Evaluator

STATUSES = ("established", "open", "refuted")
DOMAIN: dict[str, Any] = {"a": frozenset(STATUSES), "b": frozenset(STATUSES), "n": int}


@pytest.fixture(scope="module")
def evaluator() -> Evaluator:
    return Evaluator(load_rulebook())


def random_record(evaluator: Evaluator, chance: random.Random) -> dict[str, Any]:
    domain = evaluator._stage_one_domain()
    return {
        name: chance.choice((0, 1, 2, 3, 4, 2**40)) if allowed is int else chance.choice(STATUSES)
        for name, allowed in domain.items()
    }


def test_engine_and_definition_agree_on_twenty_thousand_random_cases(evaluator: Evaluator) -> None:
    chance = random.Random(59)
    for _ in range(20_000):
        record = random_record(evaluator, chance)
        statuses = evaluator.statuses(record)  # raises where engine and generated reference disagree
    for rule, value, condition in evaluator._cases:
        assert statuses[rule.id, value] == kleene(condition, record)


@pytest.mark.parametrize("a", STATUSES)
@pytest.mark.parametrize("b", STATUSES)
@pytest.mark.parametrize("number", [2, 3, 4])
def test_two_conditions_are_kleenes_logic(a: str, b: str, number: int) -> None:
    record = {"a": a, "b": b, "n": number}
    parts: tuple[Condition, ...] = (Element("a"), negate(Element("b")), AtLeast("n", 3))
    trees: list[Condition] = [All(parts), AnyOf(parts), negate(All(parts)), All((AnyOf(parts), Element("b")))]
    for tree in trees:
        ruleset = Ruleset([("holds", tree, False), ("may", tree, True)], DOMAIN)
        fired = ruleset.evaluate(record)
        status = "established" if "holds" in fired else "open" if "may" in fired else "refuted"
        assert status == kleene(tree, record) == three_valued(tree)(record)


@pytest.mark.parametrize("value", ["3", 3.0, True, None, -1, 2**53, "abc"], ids=repr)
def test_a_count_that_is_not_a_plain_integer_is_refused(value: object) -> None:
    ruleset = Ruleset([("many", AtLeast("n", 3), False)], DOMAIN)
    with pytest.raises(ValueError, match="整数"):
        ruleset.evaluate({"n": value})  # type: ignore[dict-item]


@pytest.mark.parametrize("value", ["", "maybe", None, 1], ids=repr)
def test_a_status_outside_the_enumeration_is_refused(value: object) -> None:
    ruleset = Ruleset([("found", Element("a"), False)], DOMAIN)
    with pytest.raises(ValueError, match="取值"):
        ruleset.evaluate({"a": value})  # type: ignore[dict-item]


def test_a_missing_field_is_refused_not_taken_as_false() -> None:
    with pytest.raises(KeyError):
        Ruleset([("found", Element("a"), False)], DOMAIN).evaluate({"b": "open"})


def test_a_field_outside_the_domain_and_too_many_rules_are_refused_when_built() -> None:
    with pytest.raises(KeyError):
        Ruleset([("typo", Element("aa"), False)], DOMAIN)
    with pytest.raises(ValueError, match="至多"):
        Ruleset([(f"r{number}", Element("a"), False) for number in range(64)], DOMAIN)
    with pytest.raises(ValueError, match="重复"):
        Ruleset([("same", Element("a"), False), ("same", Element("b"), False)], DOMAIN)
    with pytest.raises(ValueError, match="字母、数字"):
        Ruleset([("quoted", Element("a"), False)], {"a": frozenset({'established"', "open", "refuted"})})


def test_a_field_may_have_any_name_since_the_engine_never_sees_it() -> None:
    ruleset = Ruleset([("found", Element("sid"), False)], {"sid": frozenset(STATUSES)})
    assert ruleset.evaluate({"sid": "established"}) == ["found"]
    assert ruleset.evaluate({"sid": "open"}) == []


def test_a_disagreement_with_the_reference_blocks_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    ruleset = Ruleset([("found", Element("a"), False)], DOMAIN)
    monkeypatch.setattr(ruleset, "_reference", lambda record: [])
    with pytest.raises(EngineFault, match="不一致"):
        ruleset.evaluate({"a": "established"})


def test_an_evaluation_that_does_not_reach_its_end_is_void(monkeypatch: pytest.MonkeyPatch) -> None:
    ruleset = Ruleset([("found", Element("a"), False)], DOMAIN)
    monkeypatch.setattr(durable_rules_engine, "complete_and_start_action", lambda handle, offset: None)
    with pytest.raises(EngineFault, match="作废"):
        ruleset.evaluate({"a": "established"})


def soak(evaluator: Evaluator, threads: int, evaluations: int) -> tuple[int, int]:
    """Evaluate in threads, with forks in between; the number of wrong answers, and of children that failed."""
    wrong, failed = [0], [0]

    def work(seed: int) -> None:
        chance = random.Random(seed)
        records = [random_record(evaluator, chance) for _ in range(50)]
        expected = [
            {(rule.id, value): kleene(condition, record) for rule, value, condition in evaluator._cases}
            for record in records
        ]
        for turn in range(evaluations):
            which = turn % len(records)
            try:
                wrong[0] += evaluator.statuses(records[which]) != expected[which]
            except EngineFault:
                wrong[0] += 1

    workers = [threading.Thread(target=work, args=(seed,)) for seed in range(threads)]
    for worker in workers:
        worker.start()
    for _ in range(4):
        failed[0] += _child_fails(evaluator)
    for worker in workers:
        worker.join()
    return wrong[0], failed[0]


def _child_fails(evaluator: Evaluator) -> bool:
    pid = os.fork()
    if pid == 0:
        try:
            chance = random.Random(7)
            for _ in range(200):
                evaluator.statuses(random_record(evaluator, chance))
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitpid(pid, 0)[1] != 0


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_threads_and_forks_give_no_wrong_answer(evaluator: Evaluator) -> None:
    assert soak(evaluator, threads=8, evaluations=250) == (0, 0)


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_forty_thousand_evaluations_in_threads_with_flat_memory(evaluator: Evaluator) -> None:
    soak(evaluator, threads=8, evaluations=500)
    before = _resident_kib()
    assert soak(evaluator, threads=8, evaluations=5_000) == (0, 0)
    growth = _resident_kib() - before
    print(json.dumps({"evaluations": 40_000, "growth_kib": growth}))
    assert growth < 20_000


def _resident_kib() -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
