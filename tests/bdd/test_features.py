"""The regulation as executable specification, and what must hold of the feature files themselves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gherkin.parser import Parser
from pytest_bdd import scenarios
from pytest_bdd.scenario import scenario_wrapper_template_registry as registry

from rules.book.loading import load_rulebook
from tests.conftest import OWN_SESSION, ROOT

BOOK = load_rulebook()
FEATURES = sorted((ROOT / "features").rglob("*.feature"))

scenarios(str(ROOT / "features"))


def parsed(path: Path) -> dict[str, Any]:
    return Parser().parse(path.read_text(encoding="utf-8"))["feature"]  # type: ignore[no-any-return]


def listed(path: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """Each scenario of a file, and how many it amounts to with its examples."""
    for child in parsed(path)["children"]:
        if "scenario" in child:
            found = child["scenario"]
            yield found, sum(len(table["tableBody"]) for table in found["examples"]) or 1


def test_no_scenario_is_dropped() -> None:
    written = [(path.stem, row["name"]) for path in FEATURES for row, _ in listed(path)]
    made = [registry[value] for value in globals().values() if callable(value) and value in registry]
    assert sorted((Path(row.feature.filename).stem, row.name) for row in made) == sorted(written)
    assert sum(number for path in FEATURES for _, number in listed(path)) > 200


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_a_scenario_has_a_name_of_its_own_a_tag_and_at_most_five_steps(path: Path) -> None:
    rows = [scenario for scenario, _ in listed(path)]
    assert [name for name, times in Counter(row["name"] for row in rows).items() if times > 1] == []
    assert all(row["tags"] for row in rows)
    assert [row["name"] for row in rows if len(row["steps"]) > 5] == []


def tags() -> set[str]:
    return {tag["name"].removeprefix("@") for path in FEATURES for row, _ in listed(path) for tag in row["tags"]}


def test_every_tag_is_a_provision() -> None:
    assert tags() <= set(BOOK.provisions)


def test_every_provision_of_articles_8_and_10_has_a_scenario_unless_it_only_declares() -> None:
    bound = {
        provision.id
        for provision in BOOK.provisions.values()
        if provision.id.startswith(("art-8.", "art-10.")) and provision.treatment != "information"
    }
    assert bound - tags() == set()


def test_the_results_are_the_same_with_and_without_workers(tmp_path: Path) -> None:
    """Over one feature: what is gathered does not depend on how many there are, and collecting all takes long."""
    folder, found = tmp_path / "features", []
    folder.mkdir()
    shutil.copy(ROOT / "features" / "article-8" / "aggravation.feature", folder)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/bdd/run_features.py",
        "-k",
        "督办满三次",
    ]
    for name, workers in (("one", "0"), ("two", "2")):
        target = tmp_path / f"{name}.json"
        run = subprocess.run(
            [*command, "-n", workers, "--scenario-results", target], cwd=ROOT, capture_output=True,
            env={**os.environ, **OWN_SESSION, "PYTEST_PLUGINS": "pytest_bdd.plugin,xdist.plugin", "FEATURES_FOLDER": str(folder)},
        )  # fmt: skip
        assert run.returncode == 0, run.stdout.decode()
        found.append(target.read_bytes())
    assert found[0] == found[1]
    assert len(json.loads(found[0])) == 3
