"""A fault of ours in a fold is never taken for damaged data: nothing that catches such faults encloses a fold or a load."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from service.app import create_app
from tests.architecture.test_house import MODULES
from tests.conftest import ROOT

FOLDS = frozenset({
    "models.matter.matter.matter_fold", "models.case.case.case_fold", "models.matter.matters._MATTERS", "models.case.cases._CASES",
})  # fmt: skip
"""What makes a matter or a case of its records."""
OURS = (KeyError, IndexError, TypeError, AttributeError, ValueError, StopIteration, AssertionError, ZeroDivisionError)
"""What a mistake in a fold may raise."""
SUPPRESS = "contextlib.suppress"


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def known_in(module: str, tree: ast.Module) -> Mapping[str, str]:
    """Name in a module → what it is called everywhere: what it defines, and what it imports anywhere."""
    found = {}
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                found[name] = f"{module}.{name}"
            case ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = f"{module}.{name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        if isinstance(node, ast.Import):
            found |= {one.asname or one.name: one.name for one in node.names}
    return found


def named_in(nodes: Iterable[ast.AST], known: Mapping[str, str]) -> Iterator[str]:
    """What is named in some code: functions, and what is taken of a module."""
    for node in (inner for outer in nodes for inner in ast.walk(outer)):
        match node:
            case ast.Name(id=name) if name in known:
                yield known[name]
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in known:
                yield f"{known[name]}.{attr}"


@cache
def folding() -> frozenset[str]:
    """The functions that fold, or call one that does, as far as names tell."""
    named = {}
    for path in MODULES:
        tree, module = tree_of(path), module_of(path)
        known = known_in(module, tree)
        for one in tree.body:
            if isinstance(one, ast.FunctionDef | ast.ClassDef):
                named[f"{module}.{one.name}"] = frozenset(named_in([one], known))
    found, more = set(FOLDS), True
    while more:
        reached = {name for name, told in named.items() if name not in found and told & found}
        found |= reached
        more = bool(reached)
    return frozenset(found)


def caught(module: str, kind: ast.expr | None) -> bool:
    """Whether a handler catches a fault of ours."""
    if kind is None:
        return True
    space = vars(importlib.import_module(module)) if module else {}
    try:
        found = eval(compile(ast.Expression(kind), module, "eval"), dict(space))
    except NameError:  # imported where it is used: a class of a library
        return False
    classes = found if isinstance(found, tuple) else (found,)
    return any(issubclass(fault, one) for fault in OURS for one in classes)


def told_on(handler: ast.ExceptHandler) -> bool:
    """Whether what is caught goes on, or is written into the log as a fault."""
    return any(
        (isinstance(node, ast.Raise) and node.exc is None)
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "logs.fault")
        for node in ast.walk(handler)
    )


def hidden(module: str, tree: ast.Module) -> Iterator[int]:
    """The lines where a fault in a fold is caught, and neither goes on nor is told."""
    known = known_in(module, tree)
    for node in ast.walk(tree):
        match node:
            case ast.Try(body=body, handlers=handlers) if folding() & set(named_in(body, known)):
                yield from (one.lineno for one in handlers if caught(module, one.type) and not told_on(one))
            case ast.With(items=items, body=body) if folding() & set(named_in(body, known)):
                for call in (one.context_expr for one in items):
                    if isinstance(call, ast.Call) and SUPPRESS in set(named_in([call.func], known)):
                        yield from (call.lineno for kind in call.args if caught(module, kind))


def test_no_fault_of_ours_in_a_fold_is_caught() -> None:
    assert [f"{path}:{line}" for path in MODULES for line in hidden(module_of(path), tree_of(path))] == []


def test_every_way_to_a_fold_is_known() -> None:
    known = {
        "models.case.cases.load", "models.matter.matters.load_many", "service.usecases.cases.act_on_case.act_on_case",
        "service.usecases.exchange.patrol.patrol", "service.usecases.recommending.evaluate_matter.evaluate_matter", "service.web.cases.one",
        "service.api.ledger.read_one", "service.cli.case.show", "service.usecases.matters.bulletin.bulletin",
    }  # fmt: skip
    assert known <= folding()
    assert "rules.reasoning.recommendation.recommend" not in folding()


@pytest.mark.parametrize(
    ("line", "seen"),
    [("except KeyError:\n    pass", True), ("except (OSError, LookupError):\n    raise RuntimeError from None", True),
     ("except Exception:\n    pass", True), ("except:\n    pass", True), ("except MatterUnknown:\n    pass", False),
     ("except Exception:\n    raise", False), ("except OSError:\n    pass", False)],
)  # fmt: skip
def test_what_hides_a_fault_is_seen(line: str, seen: bool) -> None:
    told = f"from service.usecases.matters.act_on_matter import MatterUnknown, read_matter\ntry:\n    read_matter(1, 2)\n{line}"
    assert bool(list(hidden("service.usecases.people.principals", ast.parse(told)))) is seen


def test_what_is_suppressed_is_seen() -> None:
    told = "import contextlib\nfrom service.usecases.cases.act_on_case import stored_case\nwith contextlib.suppress(LookupError):\n    stored_case(1, 2)"
    assert list(hidden("service.usecases.people.principals", ast.parse(told))) == [3]


def test_the_application_answers_a_fault_of_ours_in_one_way() -> None:
    """No other handler takes one for something that it expects."""
    app = create_app("sqlite://")
    handlers = app.error_handler_spec[None][None]
    assert [kind for kind in handlers if any(issubclass(fault, kind) for fault in OURS)] == [Exception]
