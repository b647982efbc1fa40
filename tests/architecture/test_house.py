"""Habits of the house that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULES = sorted(path for room in ("rules", "models", "service") for path in (ROOT / room).rglob("*.py"))
_PROVISION = re.compile(r"\b(art|annex|doc)[-.][0-9a-z]+[.-]|第[一二三四五六七八九十]+条")


def spoken(path: Path) -> Iterator[str]:
    """The texts of a module that are not docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_rulebook_knows_a_provisions_number(path: Path) -> None:
    assert not [text for text in spoken(path) if _PROVISION.search(text)]


@pytest.mark.parametrize("path", [path for path in MODULES if "rules" in path.parts], ids=lambda path: path.name)
def test_the_rules_never_read_the_clock(path: Path) -> None:
    assert not re.search(r"\b(today|now|utcnow)\(\)", path.read_text(encoding="utf-8"))


def test_one_place_knows_where_the_files_of_the_program_lie() -> None:
    """So that what is shipped and what is read is one list, in a source tree as where a wheel was installed."""
    asking = [path for path in MODULES if re.search(r"(?<!\.)\b__file__\b", path.read_text(encoding="utf-8"))]
    assert asking == [ROOT / "rules" / "packaged.py"]
