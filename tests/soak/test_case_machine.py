"""The whole procedure at random, at length: sequences of everything that anybody might try."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.case_machine import COUNTS, CaseMachine

SEQUENCES, STEPS = 2_000, 50
LONG = settings(max_examples=SEQUENCES, stateful_step_count=STEPS, deadline=None, database=None,
                suppress_health_check=list(HealthCheck))  # fmt: skip


@pytest.mark.soak
def test_two_thousand_sequences_break_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    COUNTS.clear()
    started = time.perf_counter()
    run_state_machine_as_test(CaseMachine, settings=LONG)  # type: ignore[no-untyped-call]
    took = time.perf_counter() - started
    tried, taken = sum(COUNTS.values()), sum(number for (_, ok), number in COUNTS.items() if ok)
    with capsys.disabled():
        print(
            f"\n{SEQUENCES} sequences of up to {STEPS} steps in {took:.0f} s: {tried} attempts, {taken / tried:.0%} accepted"
        )
        print("、".join(f"{name} {COUNTS[name, True]}/{COUNTS[name, True] + COUNTS[name, False]}"
                       for name in sorted({action for action, _ in COUNTS})))  # fmt: skip
    assert {name for name, ok in COUNTS if not ok} >= {"suspend_execution", "decide", "report", "review_appeal"}
    never = {name for name, _ in COUNTS if not COUNTS[name, True]}
    assert never == {"suspend_execution"}
