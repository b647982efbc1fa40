"""The scenarios of the feature files, and what came of them when they were last run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from rules.packaged import ROOT, packaged

FEATURES = packaged("features")
RESULTS = ROOT / "build" / "compliance" / "results.json"
"""Where ``make compliance`` leaves the results."""
_SCENARIOS = ("场景大纲:", "场景:")


@dataclass(frozen=True, slots=True)
class Ran:
    """The results of a run: each scenario with feature, scenario, tags and result; at: when the run ended."""

    rows: tuple[dict[str, Any], ...]
    at: datetime


def last_run(path: Path = RESULTS) -> Ran | None:
    """The last run; None where there was none, or where its file is not whole."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return Ran(tuple({name: row[name] for name in ("feature", "scenario", "tags", "result")} for row in rows), at)
    except (OSError, ValueError, KeyError, TypeError):
        return None


@cache
def written_scenarios(folder: Path = FEATURES) -> tuple[dict[str, Any], ...]:
    """Every scenario of the feature files as it is written: feature, scenario, tags; result is None."""
    return tuple(row for path in sorted(folder.rglob("*.feature")) for row in _of_file(path, folder.parent))


def _of_file(path: Path, root: Path) -> Iterator[dict[str, Any]]:
    tags: list[str] = []
    for line in (found.strip() for found in path.read_text(encoding="utf-8").splitlines()):
        if line.startswith("@"):
            tags += [word.removeprefix("@") for word in line.split()]
            continue
        for keyword in _SCENARIOS:
            if line.startswith(keyword):
                name = line.removeprefix(keyword).strip()
                yield {"feature": path.relative_to(root).as_posix(), "scenario": name, "tags": tags, "result": None}
        if line:
            tags = []
