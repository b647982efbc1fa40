"""Habits of the house that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from mypy import api as mypy

from rules.book.contract import case_effects, matter_effects
from rules.book.contract.effect import Effect, effects_of
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


THE_BOOK = frozenset({"load_rulebook", "load_kept", "books", "Books"})


def at_import(tree: ast.AST) -> Iterator[str]:
    """What is called when a module is imported: everything but the bodies of functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = [*node.decorator_list, node.args]
            yield from at_import(ast.Module(first, []))  # type: ignore[arg-type]
            continue
        if isinstance(node, ast.Call):
            yield node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        yield from at_import(node)


def test_no_module_reads_the_book_when_it_is_imported() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in MODULES
        if THE_BOOK & {*at_import(ast.parse(path.read_text(encoding="utf-8")))}
    }
    assert found == set()


@pytest.mark.parametrize("said", [
    "A = load_rulebook().ledger", "class A:\n    b = [books()]", "@at(load_rulebook())\ndef a(): pass",
    "def a(b=Books()): pass", "for a in loading.load_rulebook().rules: pass",
])  # fmt: skip
def test_reading_the_book_at_import_is_seen(said: str) -> None:
    assert THE_BOOK & {*at_import(ast.parse(said))}


def test_the_book_is_chosen_in_one_place_and_handed_on() -> None:
    """Only the edges ask for it; what is below takes it as a value."""
    found: dict[str, set[str]] = {"load_rulebook": set(), "books": set(), "Books": set()}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in found:
                found[node.func.id].add(str(path.relative_to(ROOT)))
    assert found["Books"] == {"service/books.py"}
    assert {path for path in found["load_rulebook"] if not path.startswith("rules/")} == set()
    assert {path for path in found["books"] if not path.startswith("service/cli/")} == {"service/app.py"}


STILL_BY_KEY = frozenset({"service/usecases/exchange/known_rows.py"})
"""The module that still reads a record's content by string key; none is added."""
ASKED = frozenset({
    "models/schemas/entries.py", "service/auth.py", "service/usecases/cases/act_on_case.py",
    "service/usecases/matters/act_on_matter.py", "service/usecases/cases/evidence.py", "service/web/deciding.py",
})  # fmt: skip
"""What is asked for, before it is a record, or how it stands in JSON."""


def by_key(tree: ast.AST) -> Iterator[ast.AST]:
    """Where the content of a record is read by a key: ``details[…]``, ``details.get``, ``… in details``, ``getattr(effect, …)``."""

    def content(node: ast.AST) -> bool:
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        return name in ("details", "effect")

    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=read) | ast.Attribute(value=read, attr="get" | "pop") if content(read):
                yield node
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[read]) if content(read):
                yield node
            case ast.Call(func=ast.Name(id="getattr"), args=[read, *_]) if content(read):
                yield node


def test_nothing_reads_the_content_of_a_record_by_a_key_but_the_module_that_makes_effects() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in MODULES
        if any(True for _ in by_key(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found - ASKED - {"models/records/reading.py", "models/records/fold.py"} <= STILL_BY_KEY


@pytest.mark.parametrize("said", [
    "record.details['title']", "record.details.get('title')", "'title' in details", "getattr(record.effect, 'title')",
])  # fmt: skip
def test_reading_by_a_key_is_seen(said: str) -> None:
    assert list(by_key(ast.parse(said)))


def test_a_misspelt_field_of_any_effect_passes_no_check(tmp_path: Path) -> None:
    lines = [
        f"{kind.__module__}.{kind.__name__}.{one.name}x"
        for kind in {*effects_of(matter_effects).values(), *effects_of(case_effects).values()} - {Effect}
        for one in fields(kind)
    ]
    module = tmp_path / "misspelt.py"
    module.write_text(
        "\n".join(["import rules.book.contract.case_effects, rules.book.contract.matter_effects", *lines])
    )
    told, failed, _ = mypy.run(["--strict", "--follow-imports=silent", str(module)])
    wrong = {int(at) for at in re.findall(r"misspelt\.py:(\d+): error: .*\[attr-defined\]", told)}
    assert wrong == set(range(2, len(lines) + 2)), told or failed


def test_what_records_are_made_of_is_typed() -> None:
    """No loose object where a matter or a case is made."""
    rooms = [ROOT / "models" / room for room in ("records", "matter", "case")]
    loose = [path for path in MODULES if path.parent in rooms and "dict[str, Any]" in path.read_text(encoding="utf-8")]
    assert len([path for path in MODULES if path.parent in rooms]) > 30
    assert loose == []
