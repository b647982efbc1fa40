"""The result of each scenario, gathered for the compliance report; the same with and without parallel workers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

_KEY = "scenario"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--scenario-results", type=Path, default=None, help="write the scenarios' results to this file")


class Gathering:
    """Notes each scenario in the worker that runs it, and writes all of them, in order, where the run is controlled."""

    def __init__(self, config: pytest.Config) -> None:
        self.target: Path | None = config.getoption("--scenario-results", None)
        self.worker = hasattr(config, "workerinput")
        self.rows: dict[tuple[Any, ...], dict[str, Any]] = {}

    def pytest_bdd_before_scenario(self, request: pytest.FixtureRequest, feature: Any, scenario: Any) -> None:
        values = request.getfixturevalue("_pytest_bdd_example")
        shown = "，".join(f"{name}：{value}" for name, value in values.items())
        row = {
            "feature": Path(feature.rel_filename).as_posix(),
            "line": scenario.line_number,
            "title": feature.name,
            "scenario": f"{scenario.name}（{shown}）" if shown else scenario.name,
            "tags": sorted(scenario.tags),
        }
        request.node.user_properties.append((_KEY, row))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, row in report.user_properties:
            if name == _KEY and (report.when == "call" or report.failed):
                assert isinstance(row, dict)
                self.rows[row["feature"], row["line"], report.nodeid] = row | {"result": report.outcome}

    def pytest_sessionfinish(self) -> None:
        if self.target is None or self.worker:
            return
        rows = [self.rows[key] for key in sorted(self.rows)]
        self.target.parent.mkdir(parents=True, exist_ok=True)
        self.target.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"\n{len(rows)} scenarios", file=sys.stderr)
