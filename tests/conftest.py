"""Shared by all tests: the rulebook made ready, and the worked cases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.schemas.reading import read_yaml
from service.usecases.recommend import recommend

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))


def example(name: str) -> dict[str, Any]:
    """A worked case as fresh data, to be changed by a test."""
    data: dict[str, Any] = read_yaml((ROOT / "examples" / f"{name}.yaml").read_bytes())
    return data


@pytest.fixture
def evaluate() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Case data with one person → that person's part of the recommendation."""
    return lambda data: recommend(data, "测试")["persons"]["P1"]
