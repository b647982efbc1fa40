"""The mutation audit: what the features notice, what they do not, and what is proved to be the same law."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from rules.analysis.mutation.equivalence import proof
from rules.analysis.mutation.mutants import mutants
from rules.analysis.mutation.sites import LABELS, condition_changes
from rules.book.book_file import RulebookError
from rules.book.loading import BOOK as FOLDER
from rules.book.loading import load_rulebook
from rules.book.overlay import load_changed
from tests.conftest import OWN_SESSION, ROOT

BOOK = load_rulebook()
ALL = mutants(BOOK)


def test_every_operator_finds_places_and_every_mutant_differs_from_the_rulebook() -> None:
    assert {mutant.operator for mutant in ALL} == set(LABELS)
    assert len(ALL) > 1_000
    assert all(mutant.files for mutant in ALL)
    assert [mutant.name for mutant in ALL if mutant.provision not in BOOK.provisions] == []


def test_a_condition_is_changed_in_one_place_at_a_time() -> None:
    tree = {"all": [{"any": ["a", "b"]}, {"not": "c"}]}
    found = list(condition_changes(tree, {}))
    assert Counter(operator for operator, _ in found) == {"connective": 2, "drop_condition": 4, "negation": 1}
    assert ("connective", {"all": [{"all": ["a", "b"]}, {"not": "c"}]}) in found
    assert ("negation", {"all": [{"any": ["a", "b"]}, "c"]}) in found


def test_the_order_of_two_outcomes_that_exclude_each_other_is_proved_to_have_no_effect() -> None:
    states = {}
    for mutant in (each for each in ALL if each.operator == "order" and each.file == "outcomes"):
        states[mutant.was] = proof(BOOK, load_changed(FOLDER, mutant.files)) is not None
    assert states["insufficient_facts，no_situation"]
    assert not states["out_of_scope，gate_failed"]


def test_a_rule_with_another_modality_than_its_provision_is_refused() -> None:
    mutant = next(each for each in ALL if each.operator == "modality")
    files = {name: data for name, data in mutant.files.items() if name != "provisions"}
    with pytest.raises(RulebookError, match="应当、可以"):
        load_changed(FOLDER, files)


def audited(out: Path, *options: str) -> tuple[int, list[dict[str, Any]]]:
    command = [
        sys.executable,
        "-c",
        "from service.cli import main; main()",
        "rules",
        "mutate",
        "--out",
        str(out),
        *options,
    ]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ | OWN_SESSION)
    assert told.returncode in (0, 1), told.stderr
    return told.returncode, json.loads((out / "report.json").read_text(encoding="utf-8"))["mutants"]


def only(folder: Path, *names: str) -> str:
    """A folder with these features of article 8 alone: every scenario of the others is run too, and watched, else."""
    folder.mkdir()
    for name in names:
        shutil.copy(ROOT / "features" / "article-8" / f"{name}.feature", folder)
    return str(folder)


def test_the_features_notice_every_change_of_the_third_supervision(tmp_path: Path) -> None:
    """Those that are about it; ``make mutate`` runs all."""
    features = only(tmp_path / "features", "aggravation", "grounds")
    code, rows = audited(tmp_path / "out", "--features", features, "--only", "art-8.3.3.1.b")
    assert [row for row in rows if row["state"] in ("survived", "failed")] == []
    assert (code, len(rows) >= 10) == (0, True)
    assert "第八条第（三）款第三组第1项后半" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")


def test_a_change_survives_where_its_scenarios_were_taken_away(tmp_path: Path) -> None:
    features = only(tmp_path / "features", "aggravation", "mitigation")
    chosen = ("--only", "art-8.3.1.3", "--operator", "connective")
    code, rows = audited(tmp_path / "out", "--features", features, *chosen)
    assert (code, [row["state"] for row in rows]) == (1, ["survived"])
    assert "没有被发现：并且与或者互换" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")


def test_an_option_taken_away_is_not_the_same_law() -> None:
    options = [mutant for mutant in ALL if mutant.operator == "option"]
    assert options
    assert [mutant.name for mutant in options if proof(BOOK, load_changed(FOLDER, mutant.files))] == []
