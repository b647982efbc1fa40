"""Every module stands in a room, every class has a name of its own, and what follows from records asks no database."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

TREES = {
    path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8"))
    for room in ("rules", "models", "service")
    for path in sorted((ROOT / room).rglob("*.py"))
}
FLAT = {
    "rules": {"answering", "packaged", "strict_yaml"},
    "models": set[str](),
    "service": {
        "access",
        "answering",
        "app",
        "audit",
        "auth",
        "books",
        "logs",
        "proof_check",
        "request_context",
        "routes",
    },
    "service/usecases": {"chosen", "confirming", "entry", "hands", "refusals", "send_once"},
    "service/documents": {"exports"},
}
"""What stands beside the rooms of a package, and in none of them."""
OPEN_DATABASE = {
    "models/case": {"cases", "involvements", "running", "sight"},
    "models/matter": {"matters"},
    "models/office": {"inspections", "mail", "outbox", "periods", "rating_bars"},
    "models/people": {"accounts", "asked", "log_ins", "merges", "persons", "posts", "tokens", "units"},
    "models/records": {"stored"},
}
"""The rooms that hold values and their rows: the modules of the rows."""
RE_DECIDING = ("rules/analysis", "service/usecases/analysis", "service/documents/analysis", "service/cli/replay.py")


@cache
def imported(path: Path) -> frozenset[str]:
    """The modules of the product that a module imports, here or where it is called; not what only the types need."""

    def look(node: ast.AST) -> Iterator[str]:
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                return
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)
            case _:
                for child in ast.iter_child_nodes(node):
                    yield from look(child)

    return frozenset(look(TREES[path]))


def classes(node: ast.AST) -> Iterator[str]:
    """The public classes of a module; one within a class is its owner's."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            if not child.name.startswith("_"):
                yield child.name
        else:
            yield from classes(child)


def test_no_public_class_bears_the_name_of_another() -> None:
    found = defaultdict[str, list[str]](list)
    for path, tree in TREES.items():
        for name in classes(tree):
            found[name].append(str(path))
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


@pytest.mark.parametrize("package", FLAT)
def test_every_module_stands_in_a_room(package: str) -> None:
    here = {path.stem for path in TREES if str(path.parent) == package}
    assert here - {"__init__"} == FLAT[package]


def test_every_room_says_what_it_is_for() -> None:
    rooms = {path.parent for path in TREES if "migrations" not in path.parts}
    assert [str(room) for room in rooms if ast.get_docstring(TREES[room / "__init__.py"]) is None] == []


@pytest.mark.parametrize("room", OPEN_DATABASE)
def test_what_follows_from_records_asks_no_database(room: str) -> None:
    asking = {f"{name}/{one}".replace("/", ".") for name, rows in OPEN_DATABASE.items() for one in rows}
    asking |= {"models.store.database", "models.receipts", "sqlalchemy"}
    found = {
        str(path)
        for path in TREES
        if str(path.parent) == room
        and path.stem not in OPEN_DATABASE[room]
        and any(name == one or name.startswith(f"{one}.") for name in imported(path) for one in asking)
    }
    assert found == set()


def test_replay_means_asking_the_rules_again() -> None:
    """What makes a state of records is a fold."""

    def names(tree: ast.AST) -> Iterator[str]:
        for node in ast.walk(tree):
            match node:
                case (
                    ast.Name(id=name) | ast.Attribute(attr=name) | ast.ClassDef(name=name) | ast.FunctionDef(name=name)
                ):
                    yield name
                case ast.alias(name=name, asname=other):
                    yield from (name.rpartition(".")[2], other or "")

    said = {str(path) for path, tree in TREES.items() if any(name.lower() == "replay" for name in names(tree))}
    assert {path for path in said if not path.startswith(RE_DECIDING)} <= {"rules/reasoning/recommendation.py"}
