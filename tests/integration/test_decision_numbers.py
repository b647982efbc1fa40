"""The number of a 《问责决定书》: a prefix that the school sets, counted without gaps per prefix and year; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.case.cases import number_decision
from models.store.database import writing
from service import config
from tests.integration.case_office import proposed, take, taken
from tests.integration.test_cases_api import STEPS
from tests.lawful_case import first, until


def numbered(app: Flask, case: str, record: int, prefix: str = "问责决定", year: int = 2026) -> str:
    with writing(app.extensions["database"]) as session:
        return number_decision(session, prefix, year, case, "P1", record)


def test_each_prefix_and_year_is_counted_by_itself(app: Flask, office: FlaskClient) -> None:
    case = proposed(office).json["id"]
    asked = [("问责决定", 2026), ("科大党问责", 2026), ("问责决定", 2026), ("问责决定", 2027), ("科大党问责", 2026)]
    numbers = [numbered(app, case, at, prefix, year) for at, (prefix, year) in enumerate(asked, 50)]
    assert numbers == [
        "问责决定〔2026〕1号", "科大党问责〔2026〕1号", "问责决定〔2026〕2号", "问责决定〔2027〕1号", "科大党问责〔2026〕2号",
    ]  # fmt: skip


def test_numbers_asked_for_at_once_have_no_gap_and_a_failure_uses_none(app: Flask, office: FlaskClient) -> None:
    case = proposed(office).json["id"]

    def one(at: int) -> str | None:
        try:
            with writing(app.extensions["database"]) as session:
                number = number_decision(session, "科大党问责", 2026, case, "P1", 100 + at)
                if at % 3 == 0:
                    raise InterruptedError
        except InterruptedError:
            return None
        return number

    with ThreadPoolExecutor(6) as pool:
        found = [number for number in pool.map(one, range(18)) if number]
    assert sorted(found) == sorted(f"科大党问责〔2026〕{at}号" for at in range(1, 13))


def test_a_decision_bears_the_prefix_that_is_set(office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_DECISION_PREFIX", "科大党问责")
    decided: Any = taken(office, proposed(office).json, *until("issue_decision", STEPS)[1:])
    issued = take(office, decided, first("issue_decision")).json
    assert issued["persons"][0]["decision_number"] == "科大党问责〔2026〕1号"


@pytest.mark.parametrize("given", ["", "科大〔党〕", "字" * 21, "科大 党", "第1", "问责\n"])
def test_a_prefix_that_cannot_stand_is_told_at_the_start(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZE_DECISION_PREFIX", given)
    with pytest.raises(config.ConfigError, match="WENZE_DECISION_PREFIX"):
        config.check()
