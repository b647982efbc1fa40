"""Features run on the real rulebook and engine. Steps are in ``given_steps``, ``then_steps`` and ``ledger_steps``; the results of the
scenarios are gathered by ``results``, the same with and without parallel workers."""

from __future__ import annotations

import pytest

from tests.bdd import (
    bulletin_steps,
    case_steps,
    document_steps,
    form_steps,
    given_steps,
    inspection_steps,
    ledger_steps,
    period_steps,
    rating_steps,
    results,
    secrecy_steps,
    table_steps,
    then_steps,
)

pytest_addoption = results.pytest_addoption


def pytest_configure(config: pytest.Config) -> None:
    for plugin in (
        given_steps,
        then_steps,
        ledger_steps,
        inspection_steps,
        form_steps,
        bulletin_steps,
        document_steps,
        rating_steps,
        case_steps,
        period_steps,
        secrecy_steps,
        table_steps,
        results.Gathering(config),
    ):
        config.pluginmanager.register(plugin)
