"""The whole procedure at random, a short run of it; the long one is in tests/soak."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.case_machine import CaseMachine

SHORT = settings(max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))


def test_nothing_that_anybody_tries_breaks_the_procedure() -> None:
    run_state_machine_as_test(CaseMachine, settings=SHORT)  # type: ignore[no-untyped-call]
